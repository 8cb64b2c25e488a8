// A portrait as its address says it, and its rows in the order in which they tell something.

import type { PortraitCut, PortraitRow } from '../api/types'
import { isObject, type Json, type JsonObject } from '../builder/tree'

const LATELY: JsonObject = { within: { days: 30 } }
const BOUGHT: JsonObject = { behavior: ['purchase'], within: { days: 365 } }

export const CHANNELS = ['entrance', 'channel'] as const
export const FIELDS = ['category', 'brand', 'shop', 'campaign', 'item'] as const
export const MEASURES = ['amount', 'orders'] as const

const has = (list: readonly string[], word: string): boolean => list.includes(word)

/** What people are told apart by, from its short form: `tag=gender`, `state=pno`, `entrance`, `brand`, `amount`. */
export function cutOf(key: string): JsonObject | undefined {
  const [kind = '', name = ''] = [key.split('=')[0], key.slice(key.indexOf('=') + 1)]
  if (kind === 'tag' && name && key !== kind) return { tag: name }
  if (kind === 'state' && name && key !== kind) return { state: { model: name, scope: { workspace: true } } }
  if (has(CHANNELS, key)) return { channel: key === 'channel' ? 'node' : 'entrance', events: LATELY }
  if (has(FIELDS, key)) return { field: key, events: BOUGHT }
  if (has(MEASURES, key)) return { measure: key, events: BOUGHT }
  return undefined
}

/** A list of texts in the address; nothing where it makes no sense. */
export function readTexts(text: string | null): string[] {
  try {
    const json = JSON.parse(text ?? '[]') as Json
    return Array.isArray(json) ? json.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

export const writeTexts = (texts: readonly string[]): string | null => (texts.length > 0 ? JSON.stringify(texts) : null)

/** The door that stands open: the people compared, those of a row of a cut, or those in none of its rows. */
export type Open = { kind: 'subject' | 'base' | 'both' } | { kind: 'rest'; cut: string } | { kind: 'row'; cut: string; value: string | null }

export function writeOpen(open: Open): string {
  if (open.kind === 'row') return JSON.stringify([open.cut, open.value])
  return open.kind === 'rest' ? JSON.stringify([open.cut]) : open.kind
}

export function readOpen(text: string | null): Open | undefined {
  if (text === 'subject' || text === 'base' || text === 'both') return { kind: text }
  try {
    const json = JSON.parse(text ?? '') as Json
    if (!Array.isArray(json)) return undefined
    const [cut, value] = json
    if (json.length === 1 && typeof cut === 'string') return { kind: 'rest', cut }
    const isSound = typeof cut === 'string' && (typeof value === 'string' || value === null)
    return isSound ? { kind: 'row', cut, value } : undefined
  } catch {
    return undefined
  }
}

/** The end of the interval that is nearer 100: how different they are at least. */
export function nearEnd({ interval }: Pick<PortraitRow, 'interval'>): number {
  const [low = 100, high = 100] = interval ?? []
  if (low > 100) return low
  return high < 100 ? high : 100
}

/** Rows that differ, from surely more to surely fewer; and the others. */
export function split(rows: readonly PortraitRow[]): { notable: PortraitRow[]; others: PortraitRow[] } {
  const notable = rows.filter((row) => row.notable).sort((a, b) => nearEnd(b) - nearEnd(a) || b.subject - a.subject)
  const others = rows.filter((row) => !row.notable).sort((a, b) => (b.tgi ?? -1) - (a.tgi ?? -1) || b.subject - a.subject)
  return { notable, others }
}

/** How far from 100, in doublings; what nobody is in is farther than anything. */
export const doublings = (tgi: number): number => (tgi > 0 ? Math.log2(tgi / 100) : -Infinity)

export interface Found {
  cut: PortraitCut
  row: PortraitRow
}

/** The rows of all cuts that are surely the most different, in either direction; more first. */
export function strongest(cuts: readonly PortraitCut[], most: number): Found[] {
  const all = cuts.flatMap((cut) => cut.rows.filter(({ notable }) => notable).map((row) => ({ cut, row })))
  const far = ({ row }: Found) => Math.abs(doublings(nearEnd(row)))
  const chosen = all.sort((a, b) => far(b) - far(a)).slice(0, most)
  return chosen.sort((a, b) => nearEnd(b.row) - nearEnd(a.row))
}

const LEAST_REACH = 1
const MOST_REACH = 4

/** How many doublings the axis has to either side of 100, so that what differs can be seen; beyond, marks stand at the edge. */
export function axisReach(cuts: readonly PortraitCut[]): number {
  const notable = cuts.flatMap(({ rows }) => rows.filter((row) => row.notable && row.tgi))
  const farthest = Math.max(0, ...notable.map(({ tgi }) => Math.abs(doublings(tgi ?? 100))))
  return Math.min(MOST_REACH, Math.max(LEAST_REACH, Math.ceil(farthest + 0.25)))
}

/** Where a row is drawn, in doublings. */
export interface Mark {
  at: number
  low: number
  high: number
  /** Whether an end lies beyond the axis. */
  isLowCut: boolean
  isHighCut: boolean
  /** Whether the figure itself does, so that no dot can stand where it is. */
  isBeyond: boolean
}

export function markOf({ tgi, interval }: Pick<PortraitRow, 'tgi' | 'interval'>, reach: number): Mark | undefined {
  if (tgi === null || tgi === undefined) return undefined
  const [low, high] = [interval?.[0] ?? tgi, interval?.[1] ?? tgi].map(doublings) as [number, number]
  const clamp = (value: number) => Math.min(reach, Math.max(-reach, value))
  const at = doublings(tgi)
  return { at: clamp(at), low: clamp(low), high: clamp(high), isLowCut: low < -reach, isHighCut: high > reach, isBeyond: Math.abs(at) > reach }
}

/** A modelled figure: no more digits than it can bear. */
export const shortTgi = (tgi: number): string => (tgi >= 10 || tgi === 0 ? String(Math.round(tgi)) : tgi.toFixed(1))

/** The rules of a cut that are events, as an expression says them. */
export const eventsOf = (by: Json): JsonObject | undefined => (isObject(by) && isObject(by.events) ? by.events : undefined)

/** Which kind of cut it is, and what it is by. */
export function kindOf(by: Json): { kind: 'tag' | 'channel' | 'field' | 'state' | 'measure'; of: string } {
  const json = isObject(by) ? by : {}
  if (isObject(json.state)) return { kind: 'state', of: String(json.state.model) }
  const kind = (['tag', 'channel', 'field', 'measure'] as const).find((one) => typeof json[one] === 'string') ?? 'tag'
  return { kind, of: String(json[kind] ?? '') }
}
