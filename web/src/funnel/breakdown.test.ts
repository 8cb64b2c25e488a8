import { expect, test } from 'vitest'
import type { Funnel } from '../api/types'
import { cutJson, isBy, MOST_PANELS, panelAt, readBy, readRow, tellApart, writeBy, writeRow, type By, type OpenRow } from './breakdown'

type Breakdown = NonNullable<Funnel['breakdown']>

const row = (value: string | null, ...counts: number[]) => ({
  value,
  total: (counts[0] ?? 0) * 2,
  steps: counts.map((count, i) => ({ count, expression: { list: `${value} ${i}` } })),
})
const breakdown = (rows: Breakdown['rows'], rest: Breakdown['rest'], more = 0): Breakdown => ({ by: {}, rows, rest, more })

test.each<[string, By, object]>([
  ['tag:a:b', { kind: 'tag', name: 'a:b' }, { tag: 'a:b', limit: MOST_PANELS }],
  ['channel:node', { kind: 'channel', of: 'node' }, { channel: 'node', events: { within: { days: 30 } }, limit: MOST_PANELS }],
  ['field:brand', { kind: 'field', of: 'brand' }, { field: 'brand', events: { within: { days: 30 } }, limit: MOST_PANELS }],
  ['state:pno', { kind: 'state', model: 'pno' }, { state: { model: 'pno' }, limit: MOST_PANELS }],
])('told apart by %s', (text, by, json) => {
  expect(readBy(text)).toEqual(by)
  expect(writeBy(by)).toBe(text)
  expect(cutJson(by)).toEqual(json)
  expect(isBy(by, cutJson(by))).toBe(true)
  expect(isBy(by, { tag: 'other', channel: 'entrance', field: 'shop', state: { model: 'aipl' } })).toBe(false)
})

test('what makes no sense tells nobody apart', () => {
  for (const text of [null, '', 'tag', 'tag:', 'channel:all', 'field:item_', 'age:3']) expect(readBy(text)).toBeUndefined()
})

test('of many states six have a panel, in their order, and nobody is lost', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'none'].map((name, i) => row(name, [5, 1, 9, 8, 2, 7, 6, 4][i] ?? 0, 1))
  const told = tellApart(breakdown(rows, row(null, 0, 0)), 84)
  expect(told.panels.map(({ key }) => key)).toEqual(['a', 'c', 'd', 'f', 'g', 'none'].map((value) => ({ kind: 'value', value })))
  expect(told.folded).toEqual(['b', 'e'])
  expect(told.rest).toMatchObject({ key: { kind: 'rest' }, total: 6 })
  expect(told.rest?.steps.map(({ count }) => count)).toEqual([3, 2])
  expect(told.rest?.steps[0]?.expression).toEqual({ any: [{ list: 'b 0' }, { list: 'e 0' }, { list: 'null 0' }] })
  const all = [...told.panels, ...(told.rest ? [told.rest] : [])].reduce((sum, { steps }) => sum + (steps[0]?.count ?? 0), 0)
  expect(all).toBe(42)
  expect(told.isShared).toBe(false)
})

test('values and those without; the rest only where there is somebody', () => {
  const told = tellApart(breakdown([row('x', 3), row(null, 2)], row(null, 0), 4), 10)
  expect(told.panels.map(({ key }) => key.kind)).toEqual(['value', 'unknown'])
  expect([told.rest, told.more, told.folded]).toEqual([undefined, 4, []])
  const shared = tellApart(breakdown([row('x', 3), row('y', 3)], row(null, 1)), 9)
  expect([shared.isShared, shared.rest?.steps[0]?.expression]).toEqual([true, { list: 'null 0' }])
})

test('what is open goes into the address and finds its panel', () => {
  const told = tellApart(breakdown([row('a~b', 3), row(null, 2)], row(null, 1)), 12)
  const opens: OpenRow[] = [{ key: { kind: 'value', value: 'a~b' }, step: 1 }, { key: { kind: 'unknown' }, step: 0 }, { key: { kind: 'rest' }, step: 2 }]
  for (const open of opens) expect(readRow(writeRow(open))).toEqual(open)
  expect(opens.map((open) => panelAt(told, open)?.total)).toEqual([6, 4, 2])
  expect(panelAt(told, { key: { kind: 'value', value: 'gone' }, step: 0 })).toBeUndefined()
  for (const text of [null, '', 'value~x', 'rest~x', 'unknown~-1', 'other~1', 'value~~1']) expect(readRow(text)).toBeUndefined()
})
