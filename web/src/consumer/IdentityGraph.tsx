// The picture of identifiers and links. It is for the eyes: the table below it says the same and has the buttons.

import { Handle, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo } from 'react'
import { useSpeech } from '../i18n'
import type { Text } from '../i18n/text'
import { NODE, type Graph, type GraphNode } from './graph'
import { kindName } from './kind'

type IdentifierNode = Node<{ node: GraphNode; kind: string }, 'identifier'>

const NODE_TYPES = { identifier: Identifier }
const LEAST_HEIGHT = 150
const ROOM = 40
/** Links that join nobody are broken lines. */
const DASHES = { active: undefined, two_known_people: '6 4', over_cap: '6 4', unlinked: '2 4' } as const

export function IdentityGraph({ graph }: { graph: Graph }) {
  const { t } = useSpeech()
  const nodes = useMemo(() => graph.nodes.map((node) => drawn(node, t)), [graph, t])
  const edges = useMemo(() => edgesOf(graph), [graph])
  const lowest = Math.max(0, ...graph.nodes.map(({ y }) => y))
  return (
    <div className="identity-graph" style={{ height: Math.max(LEAST_HEIGHT, lowest + NODE.height + ROOM) }} aria-hidden data-testid="identity-graph">
      <ReactFlow
        key={graph.nodes.map(({ key }) => key).join(' ')}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.05 }}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        disableKeyboardA11y
        proOptions={{ hideAttribution: true }}
      />
    </div>
  )
}

function drawn(node: GraphNode, t: Text): IdentifierNode {
  return {
    id: node.key,
    type: 'identifier',
    position: { x: node.x, y: node.y },
    width: NODE.width,
    height: NODE.height,
    data: { node, kind: kindName(node.kind, t) },
  }
}

function edgesOf({ edges, nodes }: Graph): Edge[] {
  const x = (key: string) => nodes.find((node) => node.key === key)?.x
  return edges.map(({ id, from, to, state, links }) => ({
    id,
    source: from,
    target: to,
    // Between two in one column a line from side to side would run through both.
    sourceHandle: 'out',
    targetHandle: x(from) === x(to) ? 'back' : 'in',
    type: 'default',
    className: `link-${state}`,
    style: { strokeDasharray: DASHES[state], strokeWidth: Math.min(3, 1 + links / 3) },
  }))
}

function Identifier({ data: { node, kind } }: NodeProps<IdentifierNode>) {
  return (
    <div className={`identifier ${node.role}`}>
      <Handle type="target" id="in" position={Position.Left} isConnectable={false} />
      <span className="quiet">{kind}</span>
      <span className="identifier-value">{node.value}</span>
      <Handle type="source" id="out" position={Position.Right} isConnectable={false} />
      <Handle type="target" id="back" position={Position.Right} isConnectable={false} />
    </div>
  )
}
