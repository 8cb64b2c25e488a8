// What the page shows, as its address says it. Everything that a reload or a shared link must bring back is here.
//
// `as_of`, `from`, `to`, `span`  local dates, days    `model`  a state model
// `scope`  workspace, shop:ID, brand:ID, category:ID  `who`    everyone, audience:NAME, snapshot:ID
// `unit`   people, share     `cell`  count, row, column     `moves`  all, movers     `sel`  see selection.ts

import { addDays, earlier, isDay, type Day } from '../format/day'

export const SCOPE_KINDS = ['shop', 'brand', 'category'] as const
export type ScopeKind = (typeof SCOPE_KINDS)[number]
export type Scope = { kind: 'workspace' } | { kind: ScopeKind; id: string }
export type Who =
  | { kind: 'everyone' }
  | { kind: 'audience'; name: string }
  | { kind: 'snapshot'; id: string }
  /** Whoever an expression holds: of a track that says so, or handed over by a door. */
  | { kind: 'expression'; expression: unknown }

export const UNITS = ['people', 'share'] as const
export const CELLS = ['count', 'row', 'column'] as const
export const MOVES = ['auto', 'all', 'movers'] as const
export const SPANS = [30, 60, 120, 180, 365] as const

export interface View {
  model: string
  /** Rules that have no name, in place of `model`. */
  rules?: unknown
  scope: Scope
  who: Who
  asOf: Day
  from: Day
  to: Day
  /** Days that the area chart looks back from as-of. */
  span: number
  unit: (typeof UNITS)[number]
  cell: (typeof CELLS)[number]
  moves: (typeof MOVES)[number]
}

export const DEFAULT_MODEL = 'pno'
const DEFAULT_DAYS = 30
const DEFAULT_SPAN = 60

/** Reads an address. What is missing or makes no sense gets its default, so that any link opens. */
export function readView(query: URLSearchParams, lastDay: Day): View {
  const day = (name: string) => {
    const text = query.get(name)
    return isDay(text) ? text : undefined
  }
  const asOf = day('as_of') ?? lastDay
  const to = day('to') ?? asOf
  const from = earlier(day('from') ?? addDays(to, -DEFAULT_DAYS), to)
  return {
    model: query.get('model') || DEFAULT_MODEL,
    scope: readScope(query.get('scope')),
    who: readWho(query.get('who')),
    asOf,
    from,
    to,
    span: oneOf(SPANS, Number(query.get('span'))) ?? DEFAULT_SPAN,
    unit: oneOf(UNITS, query.get('unit')) ?? 'people',
    cell: oneOf(CELLS, query.get('cell')) ?? 'count',
    moves: oneOf(MOVES, query.get('moves')) ?? 'auto',
  }
}

function oneOf<T>(all: readonly T[], value: unknown): T | undefined {
  return all.find((one) => one === value)
}

/** Names may hold colons; kinds never do. */
function split(text: string | null): [string, string] {
  const at = text?.indexOf(':') ?? -1
  return text && at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text ?? '', '']
}

export function readScope(text: string | null): Scope {
  const [name, id] = split(text)
  const kind = oneOf(SCOPE_KINDS, name)
  return kind && id ? { kind, id } : { kind: 'workspace' }
}

export function writeScope(scope: Scope): string {
  return scope.kind === 'workspace' ? 'workspace' : `${scope.kind}:${scope.id}`
}

export function readWho(text: string | null): Who {
  const [kind, rest] = split(text)
  if (kind === 'audience' && rest) return { kind, name: rest }
  if (kind === 'snapshot' && rest) return { kind, id: rest }
  return (kind === 'expression' && readExpression(rest)) || { kind: 'everyone' }
}

function readExpression(text: string): Who | undefined {
  try {
    const expression: unknown = JSON.parse(text)
    return typeof expression === 'object' && expression !== null ? { kind: 'expression', expression } : undefined
  } catch {
    return undefined
  }
}

export function writeWho(who: Who): string {
  if (who.kind === 'audience') return `audience:${who.name}`
  if (who.kind === 'snapshot') return `snapshot:${who.id}`
  if (who.kind === 'expression') return `expression:${JSON.stringify(who.expression)}`
  return 'everyone'
}

/** Whom an expression means; what is only a name goes by that. */
export function whoIs(expression: unknown): Who {
  const { audience, snapshot, ...rest } = expression as { audience?: unknown; snapshot?: unknown }
  const isAlone = Object.keys(rest).length === 0
  if (isAlone && typeof audience === 'string' && snapshot === undefined) return { kind: 'audience', name: audience }
  if (isAlone && typeof snapshot === 'string' && audience === undefined) return { kind: 'snapshot', id: snapshot }
  return { kind: 'expression', expression }
}

/** What the API takes as `scope`. */
export function scopeJson(scope: Scope): Record<string, unknown> {
  return scope.kind === 'workspace' ? { workspace: true } : { [scope.kind]: scope.id }
}

/** The scope that the API says. */
export function scopeOf(json: Record<string, unknown>): Scope {
  const kind = SCOPE_KINDS.find((one) => typeof json[one] === 'string')
  return kind ? { kind, id: String(json[kind]) } : { kind: 'workspace' }
}

/** What the API takes as whom to look at. */
export function whoJson(who: Who): { audience?: string; snapshot?: string; expression?: unknown } {
  if (who.kind === 'expression') return { expression: who.expression }
  if (who.kind === 'audience') return { audience: who.name }
  if (who.kind === 'snapshot') return { snapshot: who.id }
  return {}
}

/** Values of a query by name; `null` takes one out. */
export type QueryChanges = Record<string, string | null>

export function withQuery(query: URLSearchParams, changes: QueryChanges): URLSearchParams {
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name)
    else next.set(name, value)
  }
  return next
}
