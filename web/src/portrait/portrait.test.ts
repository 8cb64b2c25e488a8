import { expect, test } from 'vitest'
import type { PortraitCut, PortraitRow } from '../api/types'
import { axisReach, cutOf, doublings, kindOf, markOf, nearEnd, readOpen, readTexts, shortTgi, split, strongest, writeOpen, writeTexts, type Open } from './portrait'
import { layoutFor, placeOn } from './rowsOption'

const row = (value: string | null, tgi: number | null, interval: [number, number] | null, notable: boolean): PortraitRow => ({ value, subject: 10, base: 100, tgi, interval, notable, expression: {} as PortraitRow['expression'] })
const cut = (name: string, rows: PortraitRow[]): PortraitCut => ({ name, by: {}, rows, rest: { subject: 0, base: 0, both: 0 }, more: 0 })

test.each([
  ['tag=gender', { tag: 'gender' }],
  ['tag=a=b', { tag: 'a=b' }],
  ['state=pno', { state: { model: 'pno', scope: { workspace: true } } }],
  ['entrance', { channel: 'entrance', events: { within: { days: 30 } } }],
  ['channel', { channel: 'node', events: { within: { days: 30 } } }],
  ['brand', { field: 'brand', events: { behavior: ['purchase'], within: { days: 365 } } }],
  ['amount', { measure: 'amount', events: { behavior: ['purchase'], within: { days: 365 } } }],
  ['tag', undefined],
  ['tag=', undefined],
  ['colour', undefined],
])('the cut %s', (key, json) => expect(cutOf(key)).toEqual(json))

test('the end of the interval nearer 100 orders, not the figure', () => {
  const wide = row('wide', 300, [110, 800], true)
  const sure = row('sure', 180, [160, 200], true)
  const fewer = row('fewer', 40, [30, 55], true)
  const open = row('open', 150, [90, 210], false)
  const absent = row(null, null, null, false)
  expect([wide, sure, fewer, open, absent].map(nearEnd)).toEqual([110, 160, 55, 100, 100])
  const { notable, others } = split([absent, open, fewer, wide, sure])
  expect(notable.map(({ value }) => value)).toEqual(['sure', 'wide', 'fewer'])
  expect(others.map(({ value }) => value)).toEqual(['open', null])
})

test('the strongest of all cuts are those farthest from 100 on a log axis', () => {
  const a = cut('a', [row('twice', 210, [200, 220], true), row('little', 120, [110, 130], true)])
  const b = cut('b', [row('third', 30, [25, 33], true), row('open', 900, [80, 9000], false)])
  expect(strongest([a, b], 2).map(({ row }) => row.value)).toEqual(['twice', 'third'])
  expect(strongest([a, b], 9).map(({ row }) => row.value)).toEqual(['twice', 'little', 'third'])
})

test('the axis holds what differs, within reason', () => {
  expect(axisReach([])).toBe(1)
  expect(axisReach([cut('a', [row('x', 130, [120, 140], true)])])).toBe(1)
  expect(axisReach([cut('a', [row('x', 390, [300, 500], true)])])).toBe(3)
  expect(axisReach([cut('a', [row('x', 9000, [8000, 10_000], true)])])).toBe(4)
  expect(axisReach([cut('a', [row('x', 9000, [50, 10_000], false)])])).toBe(1)
})

test('marks stop at the edge and say so', () => {
  expect(markOf({ tgi: 200, interval: [100, 400] }, 3)).toEqual({ at: 1, low: 0, high: 2, isLowCut: false, isHighCut: false, isBeyond: false })
  expect(markOf({ tgi: 0, interval: [0, 50] }, 2)).toEqual({ at: -2, low: -2, high: -1, isLowCut: true, isHighCut: false, isBeyond: true })
  expect(markOf({ tgi: 1600, interval: [1500, 1700] }, 2)).toMatchObject({ at: 2, low: 2, high: 2, isHighCut: true, isBeyond: true })
  expect(markOf({ tgi: null, interval: null }, 2)).toBeUndefined()
  expect([doublings(50), doublings(100)]).toEqual([-1, 0])
})

test('where there is little room, the axis stays and figures go', () => {
  for (const width of [480, 516, 700, 780, 1104]) {
    const { labels, left, right, columns } = layoutFor(width, true)
    expect([left > labels, right - left > 40, columns.every(([, x]) => x > right)]).toEqual([true, true, true])
    expect(columns.map(([name]) => name)).toEqual(expect.arrayContaining(['tgi', 'share', 'people']))
  }
  expect(layoutFor(1104, false).columns).toHaveLength(5)
  expect([-2, 0, 2].map((value) => placeOn({ left: 100, right: 300 }, 2, value))).toEqual([100, 200, 300])
})

test('figures have the digits that they can bear', () => {
  expect([126.7, 9.96, 0.4, 0, 1234.5].map(shortTgi)).toEqual(['127', '10.0', '0.4', '0', '1235'])
})

const DOORS: Open[] = [{ kind: 'subject' }, { kind: 'base' }, { kind: 'both' }, { kind: 'rest', cut: 'a"b' }, { kind: 'row', cut: 'tag a', value: 'x"y' }, { kind: 'row', cut: 'amount', value: null }]

test.each(DOORS)('a door is written as read: %j', (open) => expect(readOpen(writeOpen(open))).toEqual(open))

test.each(['', 'x', '[]', '[1]', '[1,null]', 'null'])('no door: %s', (text) => expect(readOpen(text)).toBeUndefined())

test('lists in the address', () => {
  expect(readTexts(writeTexts(['tag=a,b', 'brand']))).toEqual(['tag=a,b', 'brand'])
  expect([writeTexts([]), readTexts(null), readTexts('{'), readTexts('[1,"a"]')]).toEqual([null, [], [], ['a']])
})

test('what a cut is by', () => {
  expect(kindOf({ tag: 'gender' })).toEqual({ kind: 'tag', of: 'gender' })
  expect(kindOf({ state: { model: 'pno', scope: { workspace: true } } })).toEqual({ kind: 'state', of: 'pno' })
  expect(kindOf({ channel: 'node', events: {} })).toEqual({ kind: 'channel', of: 'node' })
})
