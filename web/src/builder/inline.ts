// An expression that stands by itself: audiences that nobody has saved yet are put in where they are named.

import { isObject, type Json } from './tree'

export interface NamedExpression {
  name: string
  expression: Json
}

/** Every `{"audience": name}` of one of these becomes what it says; others stay. */
export function inlined(json: Json, named: readonly NamedExpression[]): Json {
  if (Array.isArray(json)) return json.map((part) => inlined(part, named))
  if (!isObject(json)) return json
  const found = Object.keys(json).length === 1 && named.find(({ name }) => name === json.audience)
  // Each may only name those before it, so this ends.
  if (found) return inlined(found.expression, named.slice(0, named.indexOf(found)))
  return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, inlined(inner, named)]))
}
