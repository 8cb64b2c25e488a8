import { expect, test } from 'vitest'
import type { FormField } from '../api/types'
import { initial, isUseful, readForm, withValue } from './form'

const FIELDS = [
  { name: 'behavior', kind: 'names', default: ['click'], options: [{ value: 'click', events: 3 }] },
  { name: 'within', kind: 'window', default: { days: 30 } },
  { name: 'amount', kind: 'number' },
  { name: 'item', kind: 'names', default: null },
  { name: 'not_bought_since', kind: 'switch', default: false },
] as unknown as FormField[]

test('a form begins with what the server says', () => {
  expect(initial(FIELDS)).toEqual({ behavior: ['click'], within: { days: 30 } })
})

test('what says nothing is left out', () => {
  const form = { behavior: ['click'], within: { days: 30 } }
  for (const nothing of [undefined, false, [], {}]) expect(withValue(form, 'behavior', nothing)).toEqual({ within: { days: 30 } })
  expect(withValue(form, 'not_bought_since', true)).toEqual({ ...form, not_bought_since: true })
  expect(withValue(form, 'amount', { gte: 0 })).toEqual({ ...form, amount: { gte: 0 } })
})

test('fields with nothing to choose from are not shown, unless they are filled in', () => {
  expect(FIELDS.filter((field) => isUseful(field, {})).map(({ name }) => name)).toEqual(['behavior', 'within', 'amount', 'not_bought_since'])
  expect(FIELDS.filter((field) => isUseful(field, { item: ['x'] })).map(({ name }) => name)).toContain('item')
})

test.each([[null], [''], ['['], ['[1]'], ['"x"']])('%s is no form', (text) => expect(readForm(text)).toBeUndefined())

test('a form is in the address', () => {
  expect(readForm('{"count":{"gte":2}}')).toEqual({ count: { gte: 2 } })
})
