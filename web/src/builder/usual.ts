// Expressions that pages ask for by themselves.

import type { Who } from '../view/view'
import type { Json, JsonObject } from './tree'

export const LATELY = 30

export const everyone: JsonObject = { everyone: true }

/** Whoever had anything to do with these channels lately. */
export const reached = (channels: readonly string[], days = LATELY): JsonObject => ({ did: { channel: [...channels], within: { days } } })

export const didLately = (behavior: string, days = LATELY): JsonObject => ({ did: { behavior: [behavior], within: { days } } })

/** Whose tag has a value; of several texts, that one among them. */
export const tagIs = (name: string, kind: string, value: Json): JsonObject => ({ tag: { [name]: kind === 'multi' ? { contains_any: [value] } : { eq: value } } })

/** Whose tag lies from one value to below another; up to it in the last part of a distribution. */
export const tagWithin = (name: string, from: Json, to: Json, isLast: boolean): JsonObject => ({ tag: { [name]: isLast ? { gte: from, lte: to } : { gte: from, lt: to } } })

export const onList = (name: string): JsonObject => ({ list: name })

/** Whoever is in any of them. */
export const anyOf = (expressions: readonly Json[]): Json => (expressions.length === 1 ? (expressions[0] ?? null) : { any: [...expressions] })

/** Whoever is in the first and in none of the others. */
export const without = (first: Json, others: readonly Json[]): Json => (others.length === 0 ? first : { minus: [first, ...others] })

/** Whoever is in each of them. */
export const allOf = (expressions: readonly Json[]): Json => ({ all: [...expressions] })

/** Those whom a page looks at. */
export function whoseExpression(who: Who): Json {
  if (who.kind === 'audience') return { audience: who.name }
  if (who.kind === 'snapshot') return { snapshot: who.id }
  return who.kind === 'expression' ? (who.expression as Json) : everyone
}
