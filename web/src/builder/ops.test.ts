import { expect, test } from 'vitest'
import { adapted, fitting, OP_NAMES, shapeOf, typed, valueKind, type ValueKind } from './ops'
import type { Json } from './tree'

const TODAY = '2024-11-11'

test.each<[Json | undefined, string, ValueKind, Json]>([
  [undefined, 'gte', 'number', 1],
  [2, 'between', 'number', [2, 2]],
  [[2, 5], 'gte', 'number', 2],
  [[2, 5], 'in', 'number', [2, 5]],
  [3, 'in', 'number', [3]],
  ['gold', 'in', 'text', ['gold']],
  [['gold', 'silver'], 'eq', 'text', 'gold'],
  [true, 'eq', 'text', '…'],
  ['2024-01-01', 'last_days', 'date', 30],
  [7, 'next_days', 'date', 7],
  [7, 'eq', 'date', TODAY],
  ['tea', 'exists', 'multi', true],
])('%j becomes, for %s of a %s, %j', (before, op, kind, after) => {
  const name = OP_NAMES.find((one) => one === op)
  expect(name && adapted(before, name, kind, TODAY)).toEqual(after)
})

test('whatever is adapted has the shape of its operator', () => {
  for (const kind of ['number', 'date', 'text', 'multi'] as const) {
    for (const from of fitting(kind, true)) {
      for (const name of fitting(kind, true)) {
        const value = adapted(adapted(undefined, from, kind, TODAY), name, kind, TODAY)
        const isList = Array.isArray(value)
        expect(isList).toBe(['many', 'two'].includes(shapeOf(name)))
        if (shapeOf(name) === 'two') expect(value).toHaveLength(2)
      }
    }
  }
})

test.each<[string, ValueKind, Json | undefined]>([
  ['12', 'number', 12],
  ['1.5', 'number', 1.5],
  ['x', 'number', undefined],
  ['', 'number', undefined],
  ['12', 'text', '12'],
  ['', 'text', undefined],
])('“%s” typed as a %s is %j', (text, kind, value) => {
  expect(typed(text, kind)).toBe(value)
})

test('tags are compared as what they hold', () => {
  expect(['text', 'number', 'date', 'multi', 'unheard of', undefined].map(valueKind)).toEqual(['text', 'number', 'date', 'multi', 'text', 'text'])
})
