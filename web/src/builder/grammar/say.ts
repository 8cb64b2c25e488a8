// Walks a tree and lets a language say it.

import type { Language } from '../../i18n/language'
import { isObject, write, type Card, type Group, type JsonObject, type Node } from '../tree'
import { chinese } from './chinese'
import { english } from './english'
import type { Names } from './names'
import type { Phrase, Tongue } from './tongue'

const TONGUES: Record<Language, Tongue> = { en: english, zh: chinese }

/** The whole tree in one sentence. */
export function say(root: Node, asOf: string, language: Language, names: Names): Phrase[] {
  const tongue = TONGUES[language]
  return merged(tongue.whole(people(root, tongue, names), asOf))
}

/** One node by itself, as its row shows it. */
export function sayNode(node: Node, language: Language, names: Names): string {
  return textOf(clause(node, false, true, TONGUES[language], names))
}

export const textOf = (phrases: readonly Phrase[]): string => phrases.map(({ text }) => text).join('')

function people(node: Node, tongue: Tongue, names: Names): Phrase[] {
  if (node.kind === 'group' && node.op === 'minus' && node.parts.length > 1) return minus(node, tongue, names)
  return tongue.people(clause(node, false, true, tongue, names), true)
}

/** The first, without each of the others: nouns where a part is one. */
function minus({ id, parts }: Group, tongue: Tongue, names: Names): Phrase[] {
  const each = parts.map((part, i) => {
    const noun = i > 0 && part.kind === 'leaf' ? tongue.noun(part, names) : undefined
    if (noun !== undefined) return [{ text: noun, node: part.id }]
    return tongue.people(clause(part, false, true, tongue, names), i === 0)
  })
  return joined(each, { text: tongue.joint.minus, node: id })
}

function joined(each: Phrase[][], joint: Phrase): Phrase[] {
  return each.flatMap((phrases, i) => (i === 0 ? phrases : [joint, ...phrases]))
}

/** A predicate; `isTop` where no brackets are needed around it. */
function clause(node: Node, isNot: boolean, isTop: boolean, tongue: Tongue, names: Names): Phrase[] {
  switch (node.kind) {
    case 'leaf':
      return [{ text: tongue.leaf(node, isNot, names), node: node.id }]
    case 'card':
      return [{ text: sayCard(node, isNot, tongue, names), node: node.id }]
    case 'group':
      return sayGroup(node, isNot, isTop, tongue, names)
    case 'wrap':
      if (node.wrap === 'not') return clause(node.of, !isNot, isTop, tongue, names)
      return tongue.wrap(node, bracketed(clause(node.of, false, true, tongue, names), tongue, node.id), isNot, names)
  }
}

function bracketed(phrases: Phrase[], tongue: Tongue, node: number): Phrase[] {
  const [open, close] = tongue.brackets
  return [{ text: open, node }, ...phrases, { text: close, node }]
}

function sayGroup(node: Group, isNot: boolean, isTop: boolean, tongue: Tongue, names: Names): Phrase[] {
  const { id, op, parts } = node
  const [only] = parts
  if (!only) return [{ text: tongue.empty(op, isNot), node: id }]
  if (parts.length === 1) return clause(only, isNot, isTop, tongue, names)
  // Within a predicate, the first without the others is the first and none of the others.
  const isMinus = op === 'minus'
  const each = parts.map((part, i) => clause(part, isMinus && i > 0, false, tongue, names))
  const inner = joined(each, { text: tongue.joint[isMinus ? 'all' : op], node: id })
  if (op === 'xor') inner.push({ text: tongue.exclusive, node: id })
  return isTop && !isNot ? inner : deny(bracketed(inner, tongue, id), isNot, tongue, id)
}

function deny(phrases: Phrase[], isNot: boolean, tongue: Tongue, node: number): Phrase[] {
  return isNot ? [{ text: tongue.denied, node }, ...phrases] : phrases
}

/** A sequence can be said though it cannot be drawn; anything else is read out. */
function sayCard(node: Card, isNot: boolean, tongue: Tongue, names: Names): string {
  const sequence = isObject(node.json) && isObject(node.json.sequence) ? node.json.sequence : undefined
  const steps = sequence?.steps
  if (sequence && Array.isArray(steps) && steps.every(isObject)) {
    return tongue.sequence(steps as JsonObject[], sequence.within, sequence.window, isNot, names)
  }
  return tongue.json(JSON.stringify(write(node)), isNot)
}

/** Neighbours that speak of the same node are one phrase. */
function merged(phrases: Phrase[]): Phrase[] {
  const found: Phrase[] = []
  for (const phrase of phrases) {
    const before = found.at(-1)
    if (before && before.node === phrase.node) before.text += phrase.text
    else found.push({ ...phrase })
  }
  return found
}
