// An expression as a tree that can be edited: nodes with a number each, so that counts, focus and drags can hold on to
// them while the tree changes. Reading and writing undo each other; what the tree cannot draw stays as it is, as a card.

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

export const OPS = ['all', 'any', 'minus', 'xor'] as const
export type Op = (typeof OPS)[number]

export const WRAPS = ['not', 'at', 'sample', 'top'] as const
export type Wrap = (typeof WRAPS)[number]

export const LEAVES = ['did', 'tag', 'state', 'list', 'audience', 'snapshot', 'everyone'] as const
export type LeafKind = (typeof LEAVES)[number]

export interface Group {
  id: number
  kind: 'group'
  op: Op
  parts: Node[]
}

/** A node around another one. `rest` is what else it says: a date, a percentage, a measure. */
export interface Wrapped {
  id: number
  kind: 'wrap'
  wrap: Wrap
  rest: JsonObject
  of: Node
}

export interface Leaf {
  id: number
  kind: 'leaf'
  leaf: LeafKind
  /** What stands below its key, as it was written. */
  value: Json
}

/** Whatever else an expression may be: shown as JSON, moved and counted like any node. */
export interface Card {
  id: number
  kind: 'card'
  json: Json
}

export type Node = Group | Wrapped | Leaf | Card

let last = 0
const fresh = (): number => (last += 1)

export const group = (op: Op, parts: Node[]): Group => ({ id: fresh(), kind: 'group', op, parts })
export const leaf = (kind: LeafKind, value: Json): Leaf => ({ id: fresh(), kind: 'leaf', leaf: kind, value })
export const card = (json: Json): Card => ({ id: fresh(), kind: 'card', json })
export const wrap = (kind: Wrap, rest: JsonObject, of: Node): Wrapped => ({ id: fresh(), kind: 'wrap', wrap: kind, rest, of })

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

const isText = (json: Json | undefined): json is string => typeof json === 'string' && json !== ''
const isTexts = (json: Json): boolean => isText(json) || (Array.isArray(json) && json.length > 0 && json.every(isText))
const isOps = (json: Json): boolean => isObject(json) && Object.keys(json).length > 0
const hasOnly = (object: JsonObject, keys: readonly string[]) => Object.keys(object).every((key) => keys.includes(key))

// --- reading ---

export function read(json: Json): Node {
  return (isObject(json) && readObject(json)) || card(json)
}

function readObject(json: JsonObject): Node | undefined {
  if ('at' in json) return readAt(json)
  const [entry, ...others] = Object.entries(json)
  if (!entry || others.length > 0) return undefined
  const [key, inner] = entry
  const op = OPS.find((one) => one === key)
  if (op) return Array.isArray(inner) ? group(op, inner.map(read)) : undefined
  if (key === 'not') return wrap('not', {}, read(inner))
  if (key === 'sample' || key === 'top') return readAround(key, inner)
  const kind = LEAVES.find((one) => one === key)
  return kind && CAN_DRAW[kind](inner) ? leaf(kind, inner) : undefined
}

function readAt({ at, of, ...others }: JsonObject): Node | undefined {
  if (at === undefined || of === undefined || Object.keys(others).length > 0) return undefined
  const isKnown = isObject(at) && (isText(at.date) || typeof at.days_ago === 'number') && Object.keys(at).length === 1
  return isKnown ? wrap('at', { at }, read(of)) : undefined
}

const AROUND = { sample: ['percent', 'salt'], top: ['by', 'n'] }

function readAround(kind: 'sample' | 'top', inner: Json): Node | undefined {
  if (!isObject(inner) || inner.of === undefined) return undefined
  const { of, ...rest } = inner
  return hasOnly(rest, AROUND[kind]) ? wrap(kind, rest, read(of)) : undefined
}

/** Whether a leaf has the shape that its fields can show. */
const CAN_DRAW: Record<LeafKind, (value: Json) => boolean> = {
  did: (value) => isObject(value) && Object.entries(value).every(([key, inner]) => canDrawField(key, inner)),
  tag: (value) => isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isOps),
  state: (value) => isObject(value) && isText(value.model) && isTexts(value.in ?? null) && hasOnly(value, ['model', 'scope', 'in']),
  list: isText,
  audience: isText,
  snapshot: isText,
  everyone: (value) => value === true,
}

export const FILTERS = ['channel', 'shop', 'brand', 'category', 'campaign', 'item'] as const
export type Filter = (typeof FILTERS)[number]

export const MEASURES = ['count', 'active_days', 'orders', 'amount', 'quantity', 'aov', 'first', 'last'] as const
export type Measure = (typeof MEASURES)[number]

/** Parts of a `did` that are shown and kept, but have no field of their own. */
export const KEPT = ['property', 'each', 'unscoped'] as const

function canDrawField(key: string, inner: Json): boolean {
  if (key === 'behavior' || key === 'not_behavior' || FILTERS.some((one) => one === key)) return isTexts(inner)
  if (MEASURES.some((one) => one === key)) return isOps(inner)
  if (key === 'within') return windowOf(inner) !== undefined
  return KEPT.some((one) => one === key)
}

export type Window =
  | { kind: 'ever' }
  | { kind: 'days'; days: number }
  | { kind: 'skip'; days: number; skip: number }
  | { kind: 'until'; days: number }
  | { kind: 'between'; from: string; to: string }

/** Nothing where the window has no shape we know. */
export function windowOf(json: Json | undefined): Window | undefined {
  if (json === undefined) return { kind: 'ever' }
  if (!isObject(json)) return undefined
  const { days, skip, until_days_ago: until, from, to } = json
  if (typeof days === 'number' && typeof skip === 'number' && hasOnly(json, ['days', 'skip'])) return { kind: 'skip', days, skip }
  if (typeof days === 'number' && hasOnly(json, ['days'])) return { kind: 'days', days }
  if (typeof until === 'number' && hasOnly(json, ['until_days_ago'])) return { kind: 'until', days: until }
  if (isText(from) && isText(to) && hasOnly(json, ['from', 'to'])) return { kind: 'between', from, to }
  return undefined
}

export function windowJson(window: Window): JsonObject | undefined {
  switch (window.kind) {
    case 'ever':
      return undefined
    case 'days':
      return { days: window.days }
    case 'skip':
      return { days: window.days, skip: window.skip }
    case 'until':
      return { until_days_ago: window.days }
    case 'between':
      return { from: window.from, to: window.to }
  }
}

/** A list of texts, however it was written. */
export function texts(json: Json | undefined): string[] {
  if (typeof json === 'string') return [json]
  return Array.isArray(json) ? json.filter((one) => typeof one === 'string') : []
}

// --- writing ---

/**
 * What the tree means in the language of the server, which wants two parts of `minus` and exactly two of `xor`. While
 * somebody is still putting a group together it may have fewer, or more: more than two of `xor` nest.
 */
function spelled(node: Node): Node {
  if (node.kind === 'wrap') return { ...node, of: spelled(node.of) }
  if (node.kind !== 'group') return node
  const parts = node.parts.map(spelled)
  if (node.op === 'minus' && parts.length < 2) return { ...node, op: 'all', parts }
  if (node.op === 'xor' && parts.length < 2) return { ...node, op: 'any', parts }
  if (node.op === 'xor') return nested({ ...node, parts })
  return { ...node, parts }
}

function nested(node: Group): Group {
  if (node.parts.length <= 2) return node
  const inner = nested({ id: 0, kind: 'group', op: 'xor', parts: node.parts.slice(0, -1) })
  return { ...node, parts: [inner, ...node.parts.slice(-1)] }
}

export function write(node: Node): Json {
  return plain(spelled(node))
}

function plain(node: Node): Json {
  switch (node.kind) {
    case 'group':
      return { [node.op]: node.parts.map(plain) }
    case 'leaf':
      return { [node.leaf]: node.value }
    case 'card':
      return node.json
    case 'wrap':
      return plainWrap(node)
  }
}

function plainWrap({ wrap, rest, of }: Wrapped): Json {
  const inner = plain(of)
  if (wrap === 'not') return { not: inner }
  return wrap === 'at' ? { ...rest, of: inner } : { [wrap]: { of: inner, ...rest } }
}

/** Where each node stands in what `write` writes, as a JSON pointer. */
export function pointers(root: Node): Map<number, string> {
  const found = new Map<number, string>()
  const walk = (node: Node, at: string) => {
    if (node.id > 0) found.set(node.id, at)
    if (node.kind === 'group') node.parts.forEach((part, i) => walk(part, `${at}/${node.op}/${i}`))
    if (node.kind === 'wrap') walk(node.of, at + BELOW[node.wrap])
  }
  walk(spelled(root), '')
  return found
}

const BELOW: Record<Wrap, string> = { not: '/not', at: '/of', sample: '/sample/of', top: '/top/of' }
