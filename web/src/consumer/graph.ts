// Identifiers and links as a graph: who is drawn, where, and which links join them. Pure.
//
// The canonical identifier stands to the left, the person's others beside it, and to the right identifiers of other people
// that some link leads to without joining them.

import type { Consumer, ConsumerLink } from '../api/types'

export interface GraphNode {
  key: string
  kind: string
  value: string
  role: 'canonical' | 'own' | 'other'
  x: number
  y: number
}

export interface GraphEdge {
  id: string
  from: string
  to: string
  state: ConsumerLink['state']
  /** How many recorded links are between the two. */
  links: number
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
  /** Identifiers that are not drawn, because there are too many. */
  left: number
}

export const NODE = { width: 176, height: 46 }
const COLUMN = 232
const ROW = 60
/** More are listed and not drawn: a picture of hundreds tells nothing. */
export const MOST_DRAWN = 24

/** Every pair once: joined if any of its links joins it. */
export function pairs(links: readonly ConsumerLink[]): (GraphEdge & { link: ConsumerLink })[] {
  const found = new Map<string, GraphEdge & { link: ConsumerLink }>()
  for (const link of links) {
    const id = [link.a_key, link.b_key].sort().join(' ')
    const before = found.get(id)
    if (!before) found.set(id, { id, from: link.a_key, to: link.b_key, state: link.state, links: 1, link })
    // They come in order of time, so the first that joins is the one that did.
    else found.set(id, { ...before, links: before.links + 1, ...(before.state !== 'active' && link.state === 'active' && { state: 'active', link }) })
  }
  return [...found.values()]
}

export function graphOf({ key, identifiers, links }: Pick<Consumer, 'key' | 'identifiers' | 'links'>): Graph {
  const own = identifiers.filter((one) => one.key !== key)
  const drawn = own.slice(0, MOST_DRAWN)
  const mine = new Set(identifiers.map((one) => one.key))
  const others = new Map<string, { kind: string; value: string }>()
  for (const { a_key, a, b_key, b } of links) {
    if (!mine.has(a_key)) others.set(a_key, a)
    if (!mine.has(b_key)) others.set(b_key, b)
  }
  const height = Math.max(drawn.length, others.size, 1)
  const at = (column: number, count: number, i: number) => ({ x: column * COLUMN, y: (i + (height - count) / 2) * ROW })
  const canonical = identifiers.find((one) => one.key === key)
  const nodes: GraphNode[] = [
    ...(canonical ? [{ ...named(canonical), key, role: 'canonical' as const, ...at(0, 1, 0) }] : []),
    ...drawn.map((one, i) => ({ ...named(one), key: one.key, role: 'own' as const, ...at(1, drawn.length, i) })),
    ...[...others].slice(0, MOST_DRAWN).map(([other, one], i, all) => ({ ...named(one), key: other, role: 'other' as const, ...at(2, all.length, i) })),
  ]
  const there = new Set(nodes.map((node) => node.key))
  const edges = pairs(links).filter(({ from, to }) => there.has(from) && there.has(to))
  const left = own.length - drawn.length + Math.max(0, others.size - MOST_DRAWN)
  return { nodes, edges: edges.map((edge) => directed(edge, nodes)), left }
}

const named = ({ kind, value }: { kind: string; value: string }) => ({ kind, value })

/** Drawn from left to right. */
function directed({ id, from, to, state, links }: GraphEdge, nodes: readonly GraphNode[]): GraphEdge {
  const x = (key: string) => nodes.find((node) => node.key === key)?.x ?? 0
  return x(from) <= x(to) ? { id, from, to, state, links } : { id, from: to, to: from, state, links }
}
