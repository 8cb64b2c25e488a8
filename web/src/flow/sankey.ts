// From a flow matrix to what a Sankey diagram draws. Pure: positions are computed here, because the chart's own layout
// would reorder the states (apache/echarts#20079).
//
// A node's id is `date|state`, so a state at two dates is two nodes and no cycle can arise (apache/echarts#19387).
// Nothing is cut silently: a link too thin to be seen, or beyond what a reader can follow, goes to `small`.

import type { Cell } from '../view/selection'
import { allCells, columnCells, columnStates, countAt, isMove, moved, rowCells, rowStates, sum, type Flow } from './matrix'

export const NODE_GAP = 20
export const ROW_HEIGHT = 44
export const LEAST_HEIGHT = 360
const MOST_NODES = 12
export const MOST_LINKS = 60
/** Pixels below which a link cannot be told from a line. */
export const THINNEST = 2
/** Above this share of stayers, movers alone are the better picture. */
export const MOSTLY_STAY = 0.8

export interface Node {
  id: string
  state: string
  /** 0 = at the first date, 1 = at the second. */
  depth: 0 | 1
  count: number
  cells: Cell[]
  /** Top, as a part of the height. */
  localY: number
}

export interface Link {
  source: string
  target: string
  cell: Cell
  count: number
  isStay: boolean
}

export interface Sankey {
  nodes: Node[]
  links: Link[]
  small: { cell: Cell; count: number }[]
  height: number
}

export const nodeId = (date: string, state: string): string => `${date}|${state}`

export function prefersMovers(flow: Flow): boolean {
  const everyone = sum(flow.matrix.map(sum))
  return everyone > 0 && moved(flow) > 0 && 1 - moved(flow) / everyone > MOSTLY_STAY
}

export function sankey(flow: Flow, moversOnly: boolean): Sankey {
  const isShown = (cell: Cell) => countAt(flow, cell) > 0 && (!moversOnly || isMove(cell))
  const node = (depth: 0 | 1) => (state: string): Omit<Node, 'localY'> => {
    const cells = (depth === 0 ? rowCells(flow, state) : columnCells(flow, state)).filter(isShown)
    const count = sum(cells.map((cell) => countAt(flow, cell)))
    return { id: nodeId(depth === 0 ? flow.from : flow.to, state), state, depth, count, cells }
  }
  const left = largest(rowStates(flow).map(node(0)))
  const right = largest(columnStates(flow).map(node(1)))
  const height = Math.max(LEAST_HEIGHT, ROW_HEIGHT * Math.max(left.length, right.length))
  const scale = pixelsPerPerson([left, right], height)
  const nodes = [...placed(left, scale, height), ...placed(right, scale, height)]
  return { nodes, height, ...links(flow, nodes, allCells(flow).filter(isShown), scale) }
}

/** Those that hold anybody; of too many the largest, in the order they came. */
export function largest<T extends { count: number }>(nodes: T[]): T[] {
  const held = nodes.filter(({ count }) => count > 0)
  const kept = new Set([...held].sort((a, b) => b.count - a.count).slice(0, MOST_NODES))
  return held.filter((node) => kept.has(node))
}

export function pixelsPerPerson(columns: { count: number }[][], height: number): number {
  const fits = columns
    .filter((nodes) => nodes.length > 0)
    .map((nodes) => (height - (nodes.length - 1) * NODE_GAP) / sum(nodes.map(({ count }) => count)))
  return Math.min(...fits)
}

/** One under the other in the order of the model, the column as a whole in the middle. */
export function placed<T extends { count: number }>(nodes: T[], scale: number, height: number): (T & { localY: number })[] {
  const used = sum(nodes.map(({ count }) => count * scale)) + (nodes.length - 1) * NODE_GAP
  let top = (height - used) / 2
  return nodes.map((node) => {
    const at = { ...node, localY: top / height }
    top += node.count * scale + NODE_GAP
    return at
  })
}

function links(flow: Flow, nodes: Node[], cells: Cell[], scale: number): Pick<Sankey, 'links' | 'small'> {
  const ids = new Set(nodes.map(({ id }) => id))
  const counted = cells.map((cell) => ({ cell, count: countAt(flow, cell) }))
  counted.sort((a, b) => b.count - a.count)
  const drawn: Link[] = []
  const small: Sankey['small'] = []
  for (const { cell, count } of counted) {
    const [source, target] = [nodeId(flow.from, cell.from), nodeId(flow.to, cell.to)]
    const isDrawn = ids.has(source) && ids.has(target) && count * scale >= THINNEST && drawn.length < MOST_LINKS
    if (isDrawn) drawn.push({ source, target, cell, count, isStay: !isMove(cell) })
    else small.push({ cell, count })
  }
  return { links: drawn, small }
}
