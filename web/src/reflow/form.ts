// The form of a channel: which fields are shown, and what they hold. Pure.

import { isObject, type Json, type JsonObject } from '../builder/tree'
import type { FormField } from '../api/types'

/** What a form holds at first. */
export function initial(fields: readonly FormField[]): JsonObject {
  const given = fields.filter(({ default: value }) => value !== undefined && value !== null && (value as unknown) !== false)
  return Object.fromEntries(given.map(({ name, default: value }) => [name, value as unknown as Json]))
}

/** The form with a field that says something else; a field that says nothing is left out. */
export function withValue(conditions: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _before, ...others } = conditions
  const isNothing = value === undefined || value === false || (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0)
  return isNothing ? others : { ...others, [name]: value }
}

/** An address that says a form; anything else is none. */
export function readForm(text: string | null): JsonObject | undefined {
  try {
    const json = JSON.parse(text ?? '') as Json
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

/** Fields for names that nobody has brought any for have nothing to choose from. */
export const isUseful = ({ kind, options, name }: FormField, conditions: JsonObject): boolean =>
  conditions[name] !== undefined || !(kind === 'names' || kind === 'properties') || (options ?? []).length > 0
