// How a computed tag comes by its values, as a form holds it: read, changed, and whom it would say something of. Pure.

import type { Rfm } from '../api/types'
import { isObject, type Json, type JsonObject } from '../builder/tree'
import { anyOf, without, everyone } from '../builder/usual'

export const RULE_KINDS = ['measure', 'most', 'cases', 'each', 'rfm'] as const
export type RuleKind = (typeof RULE_KINDS)[number]

export const RULE_MEASURES = ['amount', 'orders', 'count', 'active_days', 'quantity', 'aov', 'first', 'last'] as const
export type RuleMeasure = (typeof RULE_MEASURES)[number]

export const MOST_OF = ['category', 'channel', 'brand', 'shop', 'item', 'campaign'] as const
export const MOST_BY = ['count', 'active_days', 'orders', 'amount', 'quantity'] as const
export const GIVES = ['segment', 'class', 'cell', 'r', 'f', 'm'] as const
export type Give = (typeof GIVES)[number]

const BOUGHT: JsonObject = { behavior: ['purchase'], within: { days: 365 } }

/** A worked example of each, so that it answers before anything is chosen. */
export function example(kind: RuleKind): JsonObject {
  switch (kind) {
    case 'measure':
      return { amount: BOUGHT }
    case 'most':
      return { most: { of: 'category', by: 'amount', events: BOUGHT } }
    case 'cases':
      return { cases: [{ when: { did: { ...BOUGHT, amount: { gte: 1000 } } }, is: 'gold' }, { when: { did: BOUGHT }, is: 'silver' }], else: 'plain' }
    case 'each':
      return { each: [{ when: { did: { ...BOUGHT, orders: { gte: 2 } } }, is: 'often' }, { when: { did: { ...BOUGHT, amount: { gte: 1000 } } }, is: 'much' }] }
    case 'rfm':
      return { rfm: { method: { quantile: 5 } }, give: 'segment' }
  }
}

export const measureOf = (rule: JsonObject): RuleMeasure | undefined => RULE_MEASURES.find((one) => isObject(rule[one]))

/** Nothing where a newer server has a kind that no field here is for. */
export function kindOf(rule: JsonObject): RuleKind | undefined {
  if (measureOf(rule)) return 'measure'
  if (isObject(rule.most)) return 'most'
  if (isObject(rule.rfm)) return 'rfm'
  return (['cases', 'each'] as const).find((kind) => casesOf(rule, kind) !== undefined)
}

export interface Case {
  when: Json
  is: string
}

/** The cases, if every one is a text under a condition. */
export function casesOf(rule: JsonObject, kind: 'cases' | 'each'): Case[] | undefined {
  const list = rule[kind]
  if (!Array.isArray(list) || list.length === 0) return undefined
  const isCase = (one: Json) => isObject(one) && typeof one.is === 'string' && one.when !== undefined
  return list.every(isCase) ? (list as unknown as Case[]) : undefined
}

/** The rule with other cases; the text of whoever fits none stays. */
export const withCases = (rule: JsonObject, kind: 'cases' | 'each', cases: Case[]): JsonObject => ({ ...rule, [kind]: cases as unknown as Json })

export function withElse({ else: _before, ...rule }: JsonObject, text: string): JsonObject {
  return text === '' ? rule : { ...rule, else: text }
}

export interface Said {
  key: string
  /** The value, where it is one. */
  value?: string
  expression: Json
  /** How many, where the server has said so with the expression. */
  people?: number
}

/** Of whom the rule would say something: each value with whoever would have it, or everybody with any value. */
export function saidOf(rule: JsonObject): Said[] {
  const measure = measureOf(rule)
  const { most } = rule
  // Money per order has a value only where there is an order.
  if (measure === 'aov') return [{ key: 'any', expression: { did: { ...(rule.aov as JsonObject), orders: { gte: 1 } } } }]
  if (measure) return [{ key: 'any', expression: { did: rule[measure] as JsonObject } }]
  if (isObject(most)) return [{ key: 'most', expression: { did: isObject(most.events) ? most.events : {} } }]
  const [cases, each] = [casesOf(rule, 'cases'), casesOf(rule, 'each')]
  const list = cases ?? each ?? []
  const whens = list.map(({ when }) => when)
  const said = list.map(({ is, when }, i) => ({ key: `case${i}`, value: is, expression: cases ? without(when, whens.slice(0, i)) : when }))
  return typeof rule.else === 'string' ? [...said, { key: 'else', value: rule.else, expression: without(everyone, whens) }] : said
}

/** The same of an RFM analysis, whose answer has both. */
export function saidByRfm(answer: Rfm, give: Give): Said[] {
  const part = (value: string, { people, expression }: { people: number; expression: unknown }): Said => ({ key: value, value, people, expression: expression as Json })
  if (give === 'segment') return answer.segments.map((one) => part(one.segment, one))
  if (give === 'class') return answer.classes.map((one) => part(one.class, one))
  if (give === 'cell') return answer.cells.map((one) => part(`${one.r}-${one.f}-${one.m}`, one))
  const scores = [...new Set(answer.cells.map((one) => one[give]))].sort((a, b) => b - a)
  return scores.map((score) => {
    const cells = answer.cells.filter((one) => one[give] === score)
    return part(String(score), { people: cells.reduce((sum, { people }) => sum + people, 0), expression: anyOf(cells.map(({ expression }) => expression as Json)) })
  })
}

export interface Draft {
  name: string
  description: string
  owner: string
  labels: string[]
  refresh: string
  value: JsonObject
}

/** A draft as an address has it; what makes no sense is left out. */
export function readDraft(text: string | null): Partial<Draft> {
  try {
    const { name, description, owner, labels, refresh, value } = JSON.parse(text ?? '') as Record<string, Json>
    const isText = (one: Json | undefined): one is string => typeof one === 'string'
    return {
      ...(isText(name) && { name }),
      ...(isText(description) && { description }),
      ...(isText(owner) && { owner }),
      ...(isText(refresh) && { refresh }),
      ...(Array.isArray(labels) && { labels: labels.filter(isText) }),
      ...(isObject(value) && { value }),
    }
  } catch {
    return {}
  }
}

/** What the API takes; what says nothing is left out. */
export function tagBody({ description, owner, labels, refresh, value }: Draft): JsonObject {
  const text = (name: string, word: string) => (word.trim() === '' ? {} : { [name]: word.trim() })
  return { value, labels, ...text('description', description), ...text('owner', owner), ...text('refresh', refresh) }
}

/** The place of a case that the server found fault with. */
export function faultyCase(at: string | undefined): number | undefined {
  const found = /^\/value\/(?:cases|each)\/(\d+)(\/|$)/.exec(at ?? '')
  return found ? Number(found[1]) : undefined
}
