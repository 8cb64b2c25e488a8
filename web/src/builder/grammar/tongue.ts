// What a language must be able to say. A grammar makes phrases, not templates: each is text, and knows the node that it
// speaks of, so that pointing at a phrase shows the node and the other way round.

import type { Json, JsonObject, Leaf, Op, Wrapped } from '../tree'
import type { Names } from './names'

export interface Phrase {
  text: string
  node?: number
}

export interface Tongue {
  /** The whole sentence: who, as of when. */
  whole: (who: Phrase[], asOf: string) => Phrase[]
  /** People of whom `of` is true, at the beginning of the sentence or later in it. */
  people: (of: Phrase[], isFirst: boolean) => Phrase[]
  /** What is true of the people on a leaf: a predicate, or its contrary. */
  leaf: (leaf: Leaf, isNot: boolean, names: Names) => string
  /** A leaf as a noun, for what is taken away, if it is one. */
  noun: (leaf: Leaf, names: Names) => string | undefined
  sequence: (steps: JsonObject[], within: Json | undefined, window: Json | undefined, isNot: boolean, names: Names) => string
  json: (text: string, isNot: boolean) => string
  wrap: (wrap: Wrapped, of: Phrase[], isNot: boolean, names: Names) => Phrase[]
  /** What joins the parts of a group. */
  joint: Record<Op, string>
  empty: (op: Op, isNot: boolean) => string
  brackets: [string, string]
  /** Before a group that is denied. */
  denied: string
  /** Closes an exclusive group. */
  exclusive: string
}
