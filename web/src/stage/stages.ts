// A stage funnel as its address says it, its question, and what its stages mean. Pure.

import type { StageFunnel, StateModel } from '../api/types'
import { isObject, type Json, type JsonObject } from '../builder/tree'
import type { Language } from '../i18n/language'
import { addDays, isDay, type Day } from '../format/day'
import { scopeJson, type Scope } from '../view/view'

/** Days before as-of that are offered to be looked at beside it. */
export const BEFORE = [30, 60, 90, 180] as const

const USUAL_BEFORE = 30
const NOTHING = 'none'

/** The other date: days before as-of, a date, or none. */
export function readVs(text: string | null, asOf: Day): Day | undefined {
  if (text === NOTHING) return undefined
  if (isDay(text) && text < asOf) return text
  const days = Number(text ?? USUAL_BEFORE)
  return addDays(asOf, -(Number.isInteger(days) && days > 0 && days < 10_000 ? days : USUAL_BEFORE))
}

/** What the field shows of it: days before, `none`, or the date. */
export function vsChoice(text: string | null): string {
  if (text === NOTHING || isDay(text)) return text
  const days = Number(text ?? USUAL_BEFORE)
  return String(Number.isInteger(days) && days > 0 && days < 10_000 ? days : USUAL_BEFORE)
}

export interface StageJson {
  name: string
  title?: string
  title_zh?: string
  when: JsonObject
}

/** Whoever counts as no state of the model is at the first stage only. */
export const MARKET = 'market'

/**
 * The states of a model as stages: everybody known, then whoever is in the last state or one that goes before it, and so on
 * up to the first. `titleOf` says a state in both languages, and whether there are further ones.
 */
export function stagesOf(model: Pick<StateModel, 'states'>, reference: string, scope: Scope, titleOf: (state: string, hasMore: boolean, language: Language) => string): StageJson[] {
  const names = model.states.map(({ name }) => name)
  const market = { name: freeName(MARKET, names), title: titleOf(MARKET, false, 'en'), title_zh: titleOf(MARKET, false, 'zh'), when: { everyone: true } }
  const stages = names.map((name, i) => ({
    name,
    title: titleOf(name, i > 0, 'en'),
    title_zh: titleOf(name, i > 0, 'zh'),
    when: { state: { model: reference, scope: scopeJson(scope) as JsonObject, in: names.slice(0, i + 1) } },
  }))
  return [market, ...stages.reverse()]
}

function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`${name}_`, taken) : name
}

/** A funnel has so many stages at most; a model may have more states. */
export const MOST_STAGES = 20

export const canBeStages = ({ states }: Pick<StateModel, 'states'>): boolean => states.length >= 1 && states.length < MOST_STAGES

/**
 * What a stage itself says. The server answers who counts at it: within everybody of the stages before it, of whom is
 * looked at, and where there is a scope each as a model of one state, which is how a scope reaches into a rule.
 */
export function definitionOf(expression: Json, at: number, isOfSome: boolean): Json {
  const isComposed = at > 0 || isOfSome
  const parts = isObject(expression) && Array.isArray(expression.all) ? expression.all : undefined
  const own = isComposed ? (parts?.at(-1) ?? expression) : expression
  return ruleIn(own) ?? own
}

function ruleIn(json: Json): Json | undefined {
  const state = isObject(json) && isObject(json.state) ? json.state : undefined
  const model = isObject(state?.model) ? state.model : undefined
  const states = Array.isArray(model?.states) ? model.states : []
  const [only] = states
  return states.length === 1 && isObject(only) ? only.when : undefined
}

export interface StageRow {
  name: string
  count: number
  /** Who were at the stage before and are not at this one. */
  lost: number | undefined
  /** At the other date. */
  then: number | undefined
}

export function rowsOf({ stages, at }: StageFunnel): StageRow[] {
  const [now, before] = at
  return stages.map(({ name }, i) => {
    const count = now?.stages[i]?.count ?? 0
    const previous = now?.stages[i - 1]?.count
    return { name, count, lost: previous === undefined ? undefined : previous - count, then: before?.stages[i]?.count }
  })
}

export type OpenStage = { kind: 'at' | 'lost' | 'then'; stage: string }

/** `at~bought`, `lost~bought`, `then~bought`. */
export function readStage(text: string | null): OpenStage | undefined {
  const [, kind, stage] = /^(at|lost|then)~(.+)$/.exec(text ?? '') ?? []
  return kind && stage ? { kind: kind as OpenStage['kind'], stage } : undefined
}

export const writeStage = ({ kind, stage }: OpenStage): string => `${kind}~${stage}`
