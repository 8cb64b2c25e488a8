// What the rules of a model hold: time windows, references to it, and how it differs from another. Pure.

import type { Audience, ModelChange, ModelComparison, State, StateModel, Track } from '../api/types'
import { isObject, type Json } from '../builder/tree'
import type { Flow } from '../flow/matrix'

export const NONE = 'none'

// --- windows ---

/** Changes every `did` within an expression, wherever it stands. */
function mapDids(json: Json, change: (did: Json) => Json): Json {
  if (Array.isArray(json)) return json.map((one) => mapDids(one, change))
  if (!isObject(json)) return json
  return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, key === 'did' ? change(inner) : mapDids(inner, change)]))
}

function daysOf(did: Json): number | undefined {
  const within = isObject(did) && isObject(did.within) ? did.within.days : undefined
  return typeof within === 'number' ? within : undefined
}

export interface UsedWindow {
  days: number
  /** Whose rules look back so far. */
  states: string[]
}

/** How far the rules look back, the longest first. */
export function windowsOf(states: readonly State[]): UsedWindow[] {
  const found = new Map<number, Set<string>>()
  for (const { name, when } of states) {
    mapDids(when as Json, (did) => {
      const days = daysOf(did)
      if (days !== undefined) found.set(days, (found.get(days) ?? new Set()).add(name))
      return did
    })
  }
  return [...found].sort(([a], [b]) => b - a).map(([days, names]) => ({ days, states: [...names] }))
}

/** The same expression with every window of so many days made another. */
export function withWindow(when: Json, from: number, to: number): Json {
  return mapDids(when, (did) => {
    if (daysOf(did) !== from || !isObject(did) || !isObject(did.within)) return did
    return { ...did, within: { ...did.within, days: to } }
  })
}

export interface WhatIf {
  from: number
  to: number
}

export const withWindows = (states: readonly State[], { from, to }: WhatIf): State[] =>
  states.map((state) => ({ ...state, when: withWindow(state.when as Json, from, to) as State['when'] }))

const USUAL_DAYS = 90

/** `365:90`; without one in the address, the longest window made a season, or half of it. */
export function readWhatIf(text: string | null, windows: readonly UsedWindow[]): WhatIf | undefined {
  const [, from, to] = /^(\d+):(\d+)$/.exec(text ?? '') ?? []
  const asked = { from: Number(from), to: Number(to) }
  if (from && asked.to >= 1 && windows.some(({ days }) => days === asked.from)) return asked
  const [longest] = windows
  return longest && { from: longest.days, to: longest.days > USUAL_DAYS ? USUAL_DAYS : Math.max(1, Math.floor(longest.days / 2)) }
}

export const writeWhatIf = ({ from, to }: WhatIf): string => `${from}:${to}`

// --- who uses a model ---

export interface Use {
  kind: 'track' | 'audience' | 'model'
  name: string
  /** The version that it names for ever; without, it follows the model. */
  version: number | undefined
}

/** `pno`, or `pno@2`. */
function versionIn(reference: Json | undefined, model: string): { version: number | undefined } | undefined {
  if (reference === model) return { version: undefined }
  const [, version] = typeof reference === 'string' && reference.startsWith(`${model}@`) ? (/@(\d+)$/.exec(reference) ?? []) : []
  return version === undefined || reference !== `${model}@${version}` ? undefined : { version: Number(version) }
}

/** How an expression names a model: each way once. */
function referencesIn(json: Json | undefined, model: string): (number | undefined)[] {
  if (Array.isArray(json)) return json.flatMap((one) => referencesIn(one, model))
  if (!isObject(json)) return []
  const state = isObject(json.state) ? versionIn(json.state.model, model) : undefined
  return [...(state ? [state.version] : []), ...Object.values(json).flatMap((inner) => referencesIn(inner, model))]
}

interface Definitions {
  tracks: readonly Track[]
  audiences: readonly Audience[]
  models: readonly StateModel[]
}

export function usesOf(model: string, { tracks, audiences, models }: Definitions): Use[] {
  const uses = (kind: Use['kind'], name: string, json: unknown[]): Use[] => {
    const versions = new Set(json.flatMap((one) => referencesIn(one as Json, model)))
    return [...versions].map((version) => ({ kind, name, version }))
  }
  return [
    ...tracks.flatMap((track) => uses('track', track.name, [{ state: { model: track.model as Json } }, track.model, track.expression])),
    ...audiences.flatMap(({ name, expression }) => uses('audience', name, [expression])),
    ...models.filter(({ name }) => name !== model).flatMap(({ name, states }) => uses('model', name, states.map(({ when }) => when))),
  ]
}

// --- two side by side ---

/** A comparison as a matrix of the union of its states, of which each side shows its own. */
export function flowOf({ a, b, rows, columns, matrix, total, merged, erased }: ModelComparison): Flow {
  const states = [...new Set([...rows, ...columns])].filter((name) => name !== NONE)
  states.push(NONE)
  const at = (from: string, to: string) => matrix[rows.indexOf(from)]?.[columns.indexOf(to)] ?? 0
  return { from: a, to: b, states, rows, columns, matrix: states.map((from) => states.map((to) => at(from, to))), total, merged, erased }
}

// --- what changed ---

/** Several places of one rule are one change: its sentence before and after says them all. */
export function changesOf(changes: readonly ModelChange[]): ModelChange[] {
  const isFirst = (change: ModelChange, i: number) =>
    change.change !== 'rule_changed' || changes.findIndex((one) => one.change === 'rule_changed' && one.state === change.state) === i
  return changes.filter(isFirst)
}

/** Where a pointer such as `/states/2/when/…` is, counted from 1. */
export function placeIn(pointer: string): number {
  const [, index] = /\/states\/(\d+)/.exec(pointer) ?? []
  return Number(index ?? 0) + 1
}

/** The last word of a pointer: `title_zh`. */
export const fieldIn = (pointer: string): string => pointer.split('/').at(-1) ?? ''
