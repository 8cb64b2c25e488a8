// A group part by part: the first alone, the first two together, and so on. Together they are the whole.

import { write, type Group, type Json } from '../tree'

export function stepsOf(node: Group): Json[] {
  return node.parts.map((_, i) => write({ ...node, parts: node.parts.slice(0, i + 1) }))
}

/** Only here, in both, only there. */
export function compared(here: Json, there: Json): { only_here: Json; both: Json; only_there: Json } {
  return { only_here: { minus: [here, there] }, both: { all: [here, there] }, only_there: { minus: [there, here] } }
}

/** As of the later of two dates; who was in it on the earlier is looked at as of that. */
export function onTwoDays(expression: Json, here: string, there: string): { asOf: string; here: Json; there: Json } {
  const on = (day: string): Json => ({ at: { date: day }, of: expression })
  if (here === there) return { asOf: here, here: expression, there: expression }
  return here > there
    ? { asOf: here, here: expression, there: on(there) }
    : { asOf: there, here: on(here), there: expression }
}
