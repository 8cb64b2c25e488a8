import { expect, test } from 'vitest'
import type { Overlap } from '../api/types'
import { areasOf, distance, error, euler, fitted, lens, maskOf, type Areas } from './euler'
import { columnsOf, costOf, isMoney, mediumJson, readCosts, readOpen, readPicked, readSets, restOf, setJson, timesJson, usualSets, writeCosts, writeOpen, writeSets, type Open } from './overlap'

const SETS = '["channel:ads.onsite","audience:a:b","list:vip","snapshot:s1","expression:{\\"list\\":\\"vip\\"}"]'

test('sets are written as read, each once, and nonsense is left out', () => {
  expect(writeSets(readSets(SETS) ?? [])).toBe(SETS)
  expect(readSets('["list:a","list:a","planet:x","list:","expression:7",3]')).toEqual([{ kind: 'list', id: 'a' }])
  expect([readSets(null), readSets('x'), readSets('{}')]).toEqual([undefined, undefined, undefined])
  expect(readSets(JSON.stringify(Array.from({ length: 20 }, (_, i) => `list:${i}`)))).toHaveLength(16)
})

test('a set as the API takes it', () => {
  const sets = (readSets(SETS) ?? []).map((one, i) => setJson(one, i, 60))
  expect(sets).toEqual([
    { name: '1', channel: 'ads.onsite', within: { days: 60 } },
    { name: '2', audience: 'a:b' },
    { name: '3', list: 'vip' },
    { name: '4', snapshot: 's1' },
    { name: '5', expression: { list: 'vip' } },
  ])
  expect(mediumJson(sets[2] ?? {}, { fixed: '0', perThousand: '12.5' })).toEqual({ name: '3', list: 'vip', cost: { fixed: '0', per_thousand: '12.5' } })
  expect(readPicked('audience')).toBeUndefined()
})

test('costs are kept as they were typed', () => {
  const text = '{"list:a":["500","12.5"]}'
  expect(writeCosts(readCosts(text))).toBe(text)
  expect(readCosts('{"a":["-1","2"],"b":["1"],"c":3}')).toEqual({})
  expect(['0', '12.5', '1.00001', '', '-1', '1e3', 'x'].map(isMoney)).toEqual([true, true, false, false, false, false, false])
  expect(costOf(1500, { fixed: '500', perThousand: '12.5' })).toBe(518.75)
  expect(costOf(1, { fixed: '0', perThousand: '0.01' })).toBe(0.0001)
})

test('the usual media are the largest channels with nothing below them', () => {
  const channel = (path: string, people: number) => ({ path, people, expression: {} }) as never
  const channels = [channel('ads', 90), channel('ads.onsite', 80), channel('ads.onsite.feed', 70), channel('crm.sms', 75), channel('shop.visit', 99), channel('ads.none', 0)]
  expect(usualSets({ channels })).toEqual([{ kind: 'channel', id: 'crm.sms' }, { kind: 'channel', id: 'ads.onsite.feed' }])
})

const set = (name: string) => ({ name, size: 0, only: 0, expression: { list: name } as never })
const combination = (sets: string[], people: number) => ({ sets, people, expression: { list: sets.join('+') } as never })
const ANSWER = {
  as_of: '2024-11-30',
  union: 100,
  sets: [set('1'), set('2'), set('3'), set('4')],
  combinations: [combination(['2'], 50), combination(['3', '1'], 30), combination(['1', '2', '3', '4'], 15), combination(['4'], 5)],
  more: { combinations: 0, people: 0 },
} as unknown as Overlap

test('columns, and whom they leave out', () => {
  const columns = columnsOf(ANSWER)
  expect(columns.map(({ places, people }) => [places, people])).toEqual([[[1], 50], [[0, 2], 30], [[0, 1, 2, 3], 15], [[3], 5]])
  expect(restOf(ANSWER, columns.slice(0, 2))).toEqual({
    combinations: 2,
    people: 20,
    expression: { minus: [{ any: [{ list: '1' }, { list: '2' }, { list: '3' }, { list: '4' }] }, { list: '2' }, { list: '3+1' }] },
  })
  expect(restOf({ ...ANSWER, union: 110, more: { combinations: 3, people: 10 } }, columns)).toMatchObject({ combinations: 3, people: 10 })
})

test('whom so many of the sets hold', () => {
  expect(timesJson(ANSWER, [0, 1, 2], 1)).toEqual({ list: '2' })
  expect(timesJson(ANSWER, [0, 1, 2], 2)).toEqual({ list: '3+1' })
  expect(timesJson(ANSWER, [0, 1, 2], 3)).toEqual({ list: '1+2+3+4' })
  expect(timesJson(ANSWER, [0, 1, 2, 3], 1)).toEqual({ any: [{ list: '2' }, { list: '4' }] })
  expect(timesJson({ ...ANSWER, more: { combinations: 1, people: 1 } }, [0], 1)).toBeUndefined()
})

const DOORS: Open[] = [{ kind: 'only', places: [0, 2] }, { kind: 'pair', places: [1, 2] }, { kind: 'set', place: 0 }, { kind: 'new', place: 3 }, { kind: 'times', place: 2 }, { kind: 'rest' }, { kind: 'union' }, { kind: 'plan' }]

test.each(DOORS)('a door is written as read: %j', (open) => expect(readOpen(writeOpen(open))).toEqual(open))

test.each(['', 'x', 'only', 'set:', 'pair:1', 'rest:1', 'set:1,2'])('no door: %s', (text) => expect(readOpen(text)).toBeUndefined())

test('two circles share what they should', () => {
  expect(lens(1, 1, 2)).toBe(0)
  expect(lens(2, 1, 0.5)).toBeCloseTo(Math.PI)
  expect(lens(1, 1, 0)).toBeCloseTo(Math.PI)
  for (const shared of [0.1, 1, 2.5]) expect(lens(1.5, 1, distance(1.5, 1, shared))).toBeCloseTo(shared, 8)
})

test('areas are measured line by line', () => {
  const areas = areasOf([{ x: 0, y: 0, r: 1 }, { x: 1, y: 0, r: 1 }], 2000)
  expect(areas.get(3)).toBeCloseTo(lens(1, 1, 1), 3)
  expect(areas.get(1)).toBeCloseTo(Math.PI - lens(1, 1, 1), 3)
})

const people = (...counts: [number[], number][]): Areas => new Map(counts.map(([places, n]) => [maskOf(places), n]))

test('two sets can always be circles, also one within the other and two apart', () => {
  for (const sets of [people([[0], 800], [[1], 300], [[0, 1], 150]), people([[0], 900], [[0, 1], 100]), people([[0], 10], [[1], 1000])]) {
    const drawn = euler(sets, 2)
    expect(drawn && error(drawn.circles, sets)).toBeLessThan(0.01)
  }
})

test('three sets are circles only where that is true', () => {
  const circles = [{ x: 0, y: 0, r: 10 }, { x: 11, y: 0, r: 9 }, { x: 5, y: 9, r: 8 }]
  const possible = areasOf(circles, 4000)
  const drawn = euler(possible, 3)
  expect(drawn && error(drawn.circles, possible)).toBeLessThan(0.01)
  // Each two share much, all three nothing: no circles do that.
  expect(euler(people([[0], 100], [[1], 100], [[2], 100], [[0, 1], 100], [[0, 2], 100], [[1, 2], 100]), 3)).toBeUndefined()
  expect(euler(people([[0], 100], [[1], 100]), 3)).toBeUndefined()
})

test('a figure stands within its combination', () => {
  const sets = people([[0], 800], [[1], 300], [[0, 1], 150])
  const drawn = euler(sets, 2)
  const box = drawn && fitted(drawn, 400, 200)
  expect(box?.labels).toHaveLength(3)
  for (const { mask, x, y, room } of box?.labels ?? []) {
    expect(room).toBeGreaterThan(5)
    box?.circles.forEach((circle, i) => expect(Math.hypot(x - circle.x, y - circle.y) < circle.r).toBe((mask & (1 << i)) > 0))
  }
  for (const { x, y, r } of box?.circles ?? []) expect([Math.abs(x) + r <= 200.01, Math.abs(y) + r <= 100.01]).toEqual([true, true])
})
