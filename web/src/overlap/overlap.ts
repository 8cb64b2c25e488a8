// Sets as the address says them, and their overlap as figures to be drawn.

import type { ChannelReach, Overlap } from '../api/types'
import { anyOf, without } from '../builder/usual'
import { isObject, type Json, type JsonObject } from '../builder/tree'

export const FEWEST_SETS = 2
export const MOST_SETS = 16
export const DAYS = 30
export const TOP = 20

export const KINDS = ['channel', 'audience', 'snapshot', 'list', 'expression'] as const
export type Kind = (typeof KINDS)[number]

/** One set: `channel:ads.onsite`, `audience:name`, `expression:{…}`. */
export interface Picked {
  kind: Kind
  /** A path, a name, an id, or the expression's JSON. */
  id: string
}

export const writePicked = ({ kind, id }: Picked): string => `${kind}:${id}`

export function readPicked(text: string): Picked | undefined {
  const at = text.indexOf(':')
  const kind = KINDS.find((one) => one === text.slice(0, at))
  const id = text.slice(at + 1)
  if (!kind || id === '') return undefined
  return kind === 'expression' && !isObject(parsed(id)) ? undefined : { kind, id }
}

function parsed(text: string | null): Json | undefined {
  try {
    return JSON.parse(text ?? '') as Json
  } catch {
    return undefined
  }
}

/** Each once, no more than the server takes; nothing where the address says nothing. */
export function readSets(text: string | null): Picked[] | undefined {
  const json = parsed(text)
  if (!Array.isArray(json)) return undefined
  const texts = [...new Set(json.filter((one) => typeof one === 'string'))]
  return texts.map(readPicked).filter((one) => one !== undefined).slice(0, MOST_SETS)
}

export const writeSets = (sets: readonly Picked[]): string => JSON.stringify(sets.map(writePicked))

/** What the answer calls a set: its place. Names of different things may be the same; places are not. */
export const nameAt = (place: number): string => String(place + 1)

/** A set as the API takes it. */
export function setJson({ kind, id }: Picked, place: number, days: number): JsonObject {
  const name = nameAt(place)
  if (kind === 'channel') return { name, channel: id, within: { days } }
  return { name, [kind]: kind === 'expression' ? (parsed(id) ?? null) : id }
}

/** What a medium costs, as it was typed. */
export interface Cost {
  fixed: string
  perThousand: string
}

export const USUAL_COST: Cost = { fixed: '0', perThousand: '10' }

export const costAt = (costs: Record<string, Cost>, set: Picked): Cost => costs[writePicked(set)] ?? USUAL_COST

export const withCost = (costs: Record<string, Cost>, set: Picked, part: Partial<Cost>): Record<string, Cost> => ({ ...costs, [writePicked(set)]: { ...costAt(costs, set), ...part } })

export const isMoney = (text: string): boolean => /^\d{1,12}(\.\d{1,4})?$/.test(text)

/** `{"channel:a":["500","12.5"]}` */
export function readCosts(text: string | null): Record<string, Cost> {
  const json = parsed(text)
  if (!isObject(json)) return {}
  const costs: Record<string, Cost> = {}
  for (const [key, value] of Object.entries(json)) {
    const [fixed, perThousand] = Array.isArray(value) ? value.map(String) : []
    if (fixed && perThousand && isMoney(fixed) && isMoney(perThousand)) costs[key] = { fixed, perThousand }
  }
  return costs
}

export const writeCosts = (costs: Record<string, Cost>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(costs).map(([key, { fixed, perThousand }]) => [key, [fixed, perThousand]])))

export const mediumJson = (set: JsonObject, { fixed, perThousand }: Cost): JsonObject => ({ ...set, cost: { fixed, per_thousand: perThousand } })

/** What reaching so many costs, to four decimals and never too little; only for the end of a slider. */
export const costOf = (size: number, { fixed, perThousand }: Cost): number =>
  Math.ceil((Number(fixed) + (Number(perThousand) * size) / 1000) * 10_000 - 1e-6) / 10_000

const USUAL_SETS = 5

/** The media that reached the most: channels with none below them, and no shop, which is where people are led to. */
export function usualSets({ channels }: Pick<ChannelReach, 'channels'>): Picked[] {
  const isMedium = ({ path, people }: { path: string; people: number }) =>
    people > 0 && path.includes('.') && !path.startsWith('shop.') && !channels.some((other) => other.path.startsWith(`${path}.`))
  const media = channels.filter(isMedium).sort((a, b) => b.people - a.people || (a.path < b.path ? -1 : 1))
  return media.slice(0, USUAL_SETS).map(({ path }) => ({ kind: 'channel', id: path }))
}

/** People in these sets and in none of the others. */
export interface Column {
  /** Places of the sets. */
  places: number[]
  people: number
  expression: Json
}

export function columnsOf({ sets, combinations }: Pick<Overlap, 'sets' | 'combinations'>): Column[] {
  const place = new Map(sets.map(({ name }, i) => [name, i]))
  return combinations.map(({ sets, people, expression }) => ({
    places: sets.map((name) => place.get(name) ?? -1).sort((a, b) => a - b),
    people,
    expression: expression as Json,
  }))
}

export interface Rest {
  combinations: number
  people: number
  /** The union without those shown. */
  expression: Json
}

export const unionOf = ({ sets }: Pick<Overlap, 'sets'>): Json => anyOf(sets.map(({ expression }) => expression as Json))

/** Whom the columns shown leave out. */
export function restOf(answer: Overlap, shown: readonly Column[]): Rest {
  const people = answer.union - shown.reduce((sum, column) => sum + column.people, 0)
  const combinations = answer.combinations.length + answer.more.combinations - shown.length
  return { combinations, people, expression: without(unionOf(answer), shown.map(({ expression }) => expression)) }
}

/** The door that stands open. */
export type Open =
  | { kind: 'only' | 'pair'; places: number[] }
  | { kind: 'set' | 'new' | 'times'; place: number }
  | { kind: 'rest' | 'union' | 'plan' }

export function writeOpen(open: Open): string {
  if ('places' in open) return `${open.kind}:${open.places.map(nameAt).join(',')}`
  return 'place' in open ? `${open.kind}:${nameAt(open.place)}` : open.kind
}

export function readOpen(text: string | null): Open | undefined {
  const [, kind, list] = /^(only|pair|set|new|times|rest|union|plan)(?::(\d+(?:,\d+)*))?$/.exec(text ?? '') ?? []
  const places = (list ?? '').split(',').filter(Boolean).map((n) => Number(n) - 1)
  const [first] = places
  if ((kind === 'rest' || kind === 'union' || kind === 'plan') && first === undefined) return { kind }
  if (first === undefined) return undefined
  if (kind === 'only' || (kind === 'pair' && places.length === 2)) return { kind, places }
  return (kind === 'set' || kind === 'new' || kind === 'times') && places.length === 1 ? { kind, place: first } : undefined
}

/** Whom so many of these sets hold, as the combinations say it; nothing where not all combinations are known. */
export function timesJson(answer: Overlap, places: readonly number[], times: number): Json | undefined {
  if (answer.more.combinations > 0) return undefined
  const isSo = (column: Column) => {
    const n = column.places.filter((place) => places.includes(place)).length
    return times >= MOST_TIMES ? n >= MOST_TIMES : n === times
  }
  const found = columnsOf(answer).filter(isSo)
  return anyOf(found.map(({ expression }) => expression))
}

/** From so many on they are counted together. */
export const MOST_TIMES = 3
