// Operators as fields show them: which fit what, and what becomes of a constant when another one is chosen.

import { isDay } from '../format/day'
import type { Json } from './tree'

export type ValueKind = 'number' | 'date' | 'text' | 'multi'

export const OP_NAMES = [
  'eq',
  'ne',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'exists',
  'contains_any',
  'contains_all',
  'last_days',
  'next_days',
  'anniversary_next_days',
] as const
export type OpName = (typeof OP_NAMES)[number]

export const isOpName = (name: string): name is OpName => OP_NAMES.some((one) => one === name)

const COMPARING: OpName[] = ['gte', 'gt', 'lte', 'lt', 'eq', 'ne', 'between', 'in', 'not_in']

const FITTING: Record<ValueKind, OpName[]> = {
  number: COMPARING,
  date: ['last_days', 'next_days', 'anniversary_next_days', 'eq', 'gte', 'lte', 'between'],
  text: ['eq', 'ne', 'in', 'not_in'],
  multi: ['contains_any', 'contains_all'],
}

/** Operators for a measure; tags may be absent, which has an operator of its own. */
export function fitting(kind: ValueKind, isTag: boolean): OpName[] {
  return isTag ? [...FITTING[kind], 'exists'] : FITTING[kind]
}

/** What an operator takes: one constant, a list, two, a number of days, yes or no. */
export type Shape = 'one' | 'many' | 'two' | 'days' | 'flag'

export function shapeOf(name: OpName): Shape {
  if (name === 'exists') return 'flag'
  if (name === 'between') return 'two'
  if (name.endsWith('_days')) return 'days'
  return ['in', 'not_in', 'contains_any', 'contains_all'].includes(name) ? 'many' : 'one'
}

const DAYS = 30

/** The constant for another operator: as much of the one before as fits. */
export function adapted(value: Json | undefined, name: OpName, kind: ValueKind, today: string): Json {
  const known = (Array.isArray(value) ? value : [value]).filter((one) => fits(one, kind))
  const first = known[0] ?? empty(kind, today)
  switch (shapeOf(name)) {
    case 'one':
      return first as Json
    case 'two':
      return [first as Json, (known[1] ?? first) as Json]
    case 'many':
      return known.length > 0 ? (known as Json[]) : [first as Json]
    case 'days':
      return typeof value === 'number' ? value : DAYS
    case 'flag':
      return true
  }
}

function fits(value: Json | undefined, kind: ValueKind): boolean {
  if (kind === 'number') return typeof value === 'number'
  if (kind === 'date') return typeof value === 'string' && isDay(value)
  return typeof value === 'string' && value !== ''
}

function empty(kind: ValueKind, today: string): Json {
  if (kind === 'number') return 1
  return kind === 'date' ? today : '…'
}

/** What was typed, as a constant: numbers where numbers belong; nothing where it is no number. */
export function typed(text: string, kind: ValueKind): Json | undefined {
  if (kind !== 'number') return text === '' ? undefined : text
  const number = Number(text)
  return text.trim() !== '' && Number.isFinite(number) ? number : undefined
}

export function valueKind(tagKind: string | undefined): ValueKind {
  return tagKind === 'number' || tagKind === 'date' || tagKind === 'multi' ? tagKind : 'text'
}
