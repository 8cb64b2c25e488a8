import { expect, test } from 'vitest'
import type { Rfm } from '../api/types'
import { example, faultyCase, kindOf, measureOf, readDraft, RULE_KINDS, saidByRfm, saidOf, tagBody, withCases, withElse } from './rule'

test.each(RULE_KINDS.map((kind) => [kind]))('the example of %s is of its kind, and has somebody', (kind) => {
  expect(kindOf(example(kind))).toBe(kind)
  if (kind !== 'rfm') expect(saidOf(example(kind)).length).toBeGreaterThan(0)
})

test.each([[{}], [{ unheard: {} }], [{ cases: [] }], [{ cases: [{ is: 1, when: {} }] }]])('%j is no kind that has fields', (rule) => expect(kindOf(rule)).toBeUndefined())

test('whoever has a matching event has a value; for money per order it takes an order', () => {
  const events = { behavior: ['purchase'] }
  expect(saidOf({ last: events })).toEqual([{ key: 'any', expression: { did: events } }])
  expect(saidOf({ aov: events })[0]?.expression).toEqual({ did: { ...events, orders: { gte: 1 } } })
  expect(saidOf({ most: { of: 'shop' } })[0]).toMatchObject({ key: 'most', expression: { did: {} } })
  expect(measureOf({ orders: events })).toBe('orders')
})

test('the first case that holds counts, of each all do; the rest is everybody else', () => {
  const list = [{ when: { list: 'a' }, is: 'x' }, { when: { list: 'b' }, is: 'y' }]
  expect(saidOf({ cases: list, else: 'z' })).toEqual([
    { key: 'case0', value: 'x', expression: { list: 'a' } },
    { key: 'case1', value: 'y', expression: { minus: [{ list: 'b' }, { list: 'a' }] } },
    { key: 'else', value: 'z', expression: { minus: [{ everyone: true }, { list: 'a' }, { list: 'b' }] } },
  ])
  expect(saidOf({ each: list }).map(({ expression }) => expression)).toEqual([{ list: 'a' }, { list: 'b' }])
  expect(withElse(withCases({ cases: list, else: 'z' }, 'cases', list.slice(1)), '')).toEqual({ cases: list.slice(1) })
})

test('scores of RFM are summed over what they leave open', () => {
  const cells = [{ r: 5, f: 1, m: 2, people: 3, expression: { a: 1 } }, { r: 5, f: 2, m: 2, people: 4, expression: { b: 1 } }, { r: 1, f: 1, m: 1, people: 5, expression: { c: 1 } }]
  const answer = { cells, segments: [{ segment: 'new', people: 9, expression: { s: 1 } }], classes: [] } as unknown as Rfm
  expect(saidByRfm(answer, 'r').map(({ value, people }) => [value, people])).toEqual([['5', 7], ['1', 5]])
  expect(saidByRfm(answer, 'r')[0]?.expression).toEqual({ any: [{ a: 1 }, { b: 1 }] })
  expect(saidByRfm(answer, 'cell')[1]).toMatchObject({ value: '5-2-2', people: 4 })
  expect(saidByRfm(answer, 'segment')).toEqual([{ key: 'new', value: 'new', people: 9, expression: { s: 1 } }])
})

test('a draft keeps in the address, and what says nothing is not sent', () => {
  const draft = { name: 'x', description: ' ', owner: 'crm ', labels: ['a'], refresh: '', value: example('most') }
  expect(readDraft(JSON.stringify(draft))).toEqual(draft)
  expect(tagBody(draft)).toEqual({ value: draft.value, labels: ['a'], owner: 'crm' })
  expect([readDraft(null), readDraft('{"name":1,"value":[]}')]).toEqual([{}, {}])
})

test.each([['/value/cases/2/when/did', 2], ['/value/each/0', 0], ['/value/most/of', undefined], [undefined, undefined]])('a fault at %s', (at, place) => expect(faultyCase(at)).toBe(place))
