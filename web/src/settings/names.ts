// The table of what events mean, read from the document that the server keeps, and written back.

import { isObject, type JsonObject } from '../builder/tree'

export interface Meaning {
  event: string
  behavior: string
  channel: string | undefined
  hasLines: boolean
}

/** The events that mean something, by name. */
export function meanings(tables: JsonObject): Meaning[] {
  const events = isObject(tables.events) ? tables.events : {}
  return Object.entries(events).flatMap(([event, value]) => {
    if (typeof value === 'string') return [{ event, behavior: value, channel: undefined, hasLines: false }]
    if (!isObject(value) || typeof value.behavior !== 'string') return []
    const channel = typeof value.channel === 'string' ? value.channel : undefined
    return [{ event, behavior: value.behavior, channel, hasLines: value.lines === true }]
  })
}

/** The tables with one event meaning something else; null: nothing any more. What else is said of it stays. */
export function withMeaning(tables: JsonObject, event: string, behavior: string | null): JsonObject {
  const events = isObject(tables.events) ? tables.events : {}
  const before = events[event]
  const after = behavior !== null && isObject(before) ? { ...before, behavior } : behavior
  return { ...tables, events: { ...events, [event]: after } }
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes for people: 41.9 GiB. */
export function bytes(n: number): string {
  const power = n < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(n) / 10))
  const value = n / 1024 ** power
  return `${power === 0 ? value : value.toFixed(value >= 100 ? 0 : 1)} ${UNITS[power]}`
}

/** What stands in the field for a size that is set. */
export const sizeText = (n: number | null | undefined): string => (n === null || n === undefined ? '' : String(n))
