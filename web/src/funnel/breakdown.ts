// A funnel told apart: by what, into at most six panels, and who is in none of them. Pure.

import type { Funnel } from '../api/types'
import { isObject, type Json, type JsonObject } from '../builder/tree'
import { anyOf, LATELY } from '../builder/usual'
import { escape, unescape } from '../view/selection'

export const MOST_PANELS = 6

export type By = { kind: 'tag'; name: string } | { kind: 'channel'; of: 'entrance' | 'node' } | { kind: 'field'; of: Field } | { kind: 'state'; model: string }

export const FIELDS = ['category', 'brand', 'shop'] as const
type Field = (typeof FIELDS)[number]

/** `tag:gender`, `channel:entrance`, `field:category`, `state:pno`. */
export function readBy(text: string | null): By | undefined {
  const [, kind, name = ''] = /^(tag|channel|field|state):(.+)$/.exec(text ?? '') ?? []
  const field = FIELDS.find((one) => one === name)
  if (kind === 'tag') return { kind, name }
  if (kind === 'state') return { kind, model: name }
  if (kind === 'channel' && (name === 'entrance' || name === 'node')) return { kind, of: name }
  return kind === 'field' && field ? { kind, of: field } : undefined
}

export function writeBy(by: By): string {
  if (by.kind === 'tag') return `tag:${by.name}`
  return by.kind === 'state' ? `state:${by.model}` : `${by.kind}:${by.of}`
}

/** What reached somebody long ago says little about a funnel. */
const EVENTS = { within: { days: LATELY } }

/** What the API takes. Values are listed by how many have them, at most so many. */
export function cutJson(by: By): JsonObject {
  const limit = MOST_PANELS
  switch (by.kind) {
    case 'tag':
      return { tag: by.name, limit }
    case 'channel':
      return { channel: by.of, events: EVENTS, limit }
    case 'field':
      return { field: by.of, events: EVENTS, limit }
    case 'state':
      return { state: { model: by.model }, limit }
  }
}

/** Whether the server's answer is told apart by this: while another is on its way, the one before is still shown. */
export function isBy(by: By, answered: Json): boolean {
  const json = isObject(answered) ? answered : {}
  if (by.kind === 'tag') return json.tag === by.name
  if (by.kind === 'state') return isObject(json.state) && json.state.model === by.model
  return json[by.kind] === by.of
}

/** A value, nobody's value, or whoever is in no panel. */
export type RowKey = { kind: 'value'; value: string } | { kind: 'unknown' } | { kind: 'rest' }

export interface PanelStep {
  count: number
  expression: Json
}

export interface Panel {
  key: RowKey
  total: number
  steps: PanelStep[]
}

type Breakdown = NonNullable<Funnel['breakdown']>
type Row = Breakdown['rows'][number]

const panelOf = ({ value, total, steps }: Row): Panel => ({
  key: value === null || value === undefined ? { kind: 'unknown' } : { kind: 'value', value },
  total,
  steps: steps.map(({ count, expression }) => ({ count, expression: expression as Json })),
})

export interface Told {
  panels: Panel[]
  /** Nothing where nobody is left. */
  rest: Panel | undefined
  /** Values that are in the rest, of which there is no panel. */
  folded: string[]
  /** Further values that the server did not list. */
  more: number
  /** Whether somebody is in more than one panel. */
  isShared: boolean
}

/** States and bins all come; of more than six those with the most people at the first step have a panel, in their order. */
export function tellApart(breakdown: Breakdown, total: number): Told {
  const rows = breakdown.rows.map(panelOf)
  const first = (panel: Panel) => panel.steps[0]?.count ?? 0
  const kept = new Set([...rows].sort((a, b) => first(b) - first(a)).slice(0, MOST_PANELS))
  const panels = rows.filter((row) => kept.has(row))
  const hidden = rows.filter((row) => !kept.has(row))
  const rest = joined([...hidden, panelOf(breakdown.rest)])
  const counted = rows.reduce((sum, row) => sum + row.total, breakdown.rest.total)
  return {
    panels,
    rest: rest.total > 0 ? rest : undefined,
    folded: hidden.map(({ key }) => (key.kind === 'value' ? key.value : '')).filter(Boolean),
    more: breakdown.more,
    isShared: counted > total,
  }
}

/** Panels that share nobody, as one. */
function joined(panels: Panel[]): Panel {
  const [first] = panels
  const steps = (first?.steps ?? []).map((_, i) => {
    const those = panels.map(({ steps }) => steps[i]).filter((step) => step !== undefined)
    return { count: those.reduce((sum, { count }) => sum + count, 0), expression: anyOf(those.map(({ expression }) => expression)) }
  })
  return { key: { kind: 'rest' }, total: panels.reduce((sum, { total }) => sum + total, 0), steps }
}

export interface OpenRow {
  key: RowKey
  step: number
}

/** `value~female~1`, `unknown~0`, `rest~2`. */
export const writeRow = ({ key, step }: OpenRow): string => [key.kind, ...(key.kind === 'value' ? [escape(key.value)] : []), step].join('~')

export function readRow(text: string | null): OpenRow | undefined {
  const parts = (text ?? '').split('~')
  const step = Number(parts.at(-1))
  if (!Number.isInteger(step) || step < 0) return undefined
  const value = unescape(parts[1] ?? '')
  if (parts[0] === 'value' && parts.length === 3 && value) return { key: { kind: 'value', value }, step }
  const kind = (['unknown', 'rest'] as const).find((one) => one === parts[0])
  return kind && parts.length === 2 ? { key: { kind }, step } : undefined
}

export function panelAt({ panels, rest }: Told, { key }: OpenRow): Panel | undefined {
  if (key.kind === 'rest') return rest
  return panels.find((panel) => panel.key.kind === key.kind && (panel.key.kind !== 'value' || key.kind !== 'value' || panel.key.value === key.value))
}
