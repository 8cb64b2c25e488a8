// A funnel as its address says it, and its figures.

import { isObject, type Json, type JsonObject } from '../builder/tree'

export const FEWEST_STEPS = 2
export const MOST_STEPS = 10

const EXAMPLE: JsonObject[] = [{ behavior: ['view'] }, { behavior: ['add_to_cart'] }, { behavior: ['purchase'] }]

export interface FunnelView {
  steps: JsonObject[]
  /** Days from the first to the last step; nothing: any. */
  within: number | undefined
  /** Days that all of it lies in; nothing: ever. */
  window: number | undefined
}

/** Reads an address; what makes no sense gets its default. */
export function readFunnel(query: URLSearchParams): FunnelView {
  return {
    steps: readSteps(query.get('steps')) ?? EXAMPLE,
    within: readDays(query.get('within'), 7),
    window: readDays(query.get('window'), 60),
  }
}

export function readFilter(text: string | null): JsonObject | undefined {
  try {
    const json = JSON.parse(text ?? '') as Json
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

function readSteps(text: string | null): JsonObject[] | undefined {
  try {
    const json = JSON.parse(text ?? '') as Json
    const isSound = Array.isArray(json) && json.length >= FEWEST_STEPS && json.length <= MOST_STEPS && json.every(isObject)
    return isSound ? (json as JsonObject[]) : undefined
  } catch {
    return undefined
  }
}

const ANY = 'any'

export function readDays(text: string | null, otherwise: number): number | undefined {
  if (text === ANY) return undefined
  const days = Number(text)
  return Number.isInteger(days) && days >= 1 && days <= 10_000 ? days : otherwise
}

export const writeDays = (days: number | undefined): string => (days === undefined ? ANY : String(days))

/** How many of those before did not go on; of the first step nobody is before. */
export function dropped(counts: readonly number[], step: number): number {
  const before = counts[step - 1]
  return step === 0 || before === undefined ? 0 : before - (counts[step] ?? 0)
}

/** Who came as far as the step before, and not to this one. Both sets are the server's. */
export const droppedJson = (before: Json, now: Json): Json => ({ minus: [before, now] })

export type Open = { kind: 'converted' | 'dropped'; step: number }

/** `converted-1`: the second step. */
export function readOpen(text: string | null, steps: number): Open | undefined {
  const match = /^(converted|dropped)-(\d+)$/.exec(text ?? '')
  const step = Number(match?.[2])
  if (!match || step >= steps || (match[1] === 'dropped' && step === 0)) return undefined
  return { kind: match[1] as Open['kind'], step }
}

export const writeOpen = ({ kind, step }: Open): string => `${kind}-${step}`
