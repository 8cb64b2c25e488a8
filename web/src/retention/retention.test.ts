import { expect, test } from 'vitest'
import { dropped, readFunnel, readOpen, writeDays, writeOpen } from '../funnel/funnel'
import { isOpen, means, periodAfter, readCell, step, writeCell, type Cohort, type Period } from './retention'

test.each<[string, Period, number, string]>([
  ['2024-12-01', 'month', 1, '2025-01-01'],
  ['2024-01-01', 'month', 14, '2025-03-01'],
  ['2024-12-30', 'week', 1, '2025-01-06'],
  ['2024-02-28', 'day', 2, '2024-03-01'],
])('%s and %s × %d is %s', (first, period, later, day) => {
  expect(periodAfter(first, period, later)).toBe(day)
})

const COHORTS: Cohort[] = [
  { date: '2024-10-01', size: 100, returned: [100, 30, 20] },
  { date: '2024-11-01', size: 50, returned: [50, 10] },
  { date: '2024-12-01', size: 10, returned: [10] },
]

test('a period is open until its last day', () => {
  expect(isOpen(COHORTS[0] as Cohort, 2, 'month', '2024-12-30')).toBe(true)
  expect(isOpen(COHORTS[0] as Cohort, 2, 'month', '2024-12-31')).toBe(false)
  expect(isOpen(COHORTS[1] as Cohort, 0, 'month', '2024-12-01')).toBe(false)
})

test('open cells are outside the mean', () => {
  expect(means(COHORTS, 'month', '2024-12-19')).toEqual([
    { returned: 150, size: 150 },
    { returned: 30, size: 100 },
    { returned: 0, size: 0 },
  ])
  expect(means(COHORTS, 'month', '2024-12-31')).toEqual([
    { returned: 160, size: 160 },
    { returned: 40, size: 150 },
    { returned: 20, size: 100 },
  ])
  expect(means([], 'week', '2024-12-31')).toEqual([])
})

test.each([{ cohort: '2024-11-01' }, { cohort: '2024-11-01', later: 0 }, { cohort: '2024-11-01', later: 12 }])('a cell is written as read: %j', (cell) => {
  expect(readCell(writeCell(cell))).toEqual(cell)
})

test('arrows stay in the triangle', () => {
  expect(step('ArrowRight', 0, 1, COHORTS)).toEqual([0, 2])
  expect(step('ArrowRight', 0, 2, COHORTS)).toEqual([0, 2])
  expect(step('ArrowDown', 0, 2, COHORTS)).toEqual([1, 1])
  expect(step('ArrowLeft', 0, 0, COHORTS)).toEqual([0, -1])
  expect(step('ArrowLeft', 0, -1, COHORTS)).toBeUndefined()
  expect(step('ArrowDown', 2, 0, COHORTS)).toBeUndefined()
  expect(step('x', 0, 0, COHORTS)).toBeUndefined()
})

test('a funnel is in its address', () => {
  const read = (query: string) => readFunnel(new URLSearchParams(query))
  expect(read('')).toMatchObject({ within: 7, window: 60, steps: { length: 3 } })
  expect(read('within=any&window=30')).toMatchObject({ within: undefined, window: 30 })
  expect(read(`steps=${encodeURIComponent('[{"behavior":["view"]},{}]')}`).steps).toEqual([{ behavior: ['view'] }, {}])
  for (const nonsense of ['steps=[', 'steps=[{}]', 'steps={}', 'steps=[1,2]', 'within=0', 'window=x']) expect(read(nonsense)).toEqual(read(''))
  expect([writeDays(undefined), writeDays(3)]).toEqual(['any', '3'])
})

test('who did not go on', () => {
  expect([0, 1, 2].map((i) => dropped([100, 40, 40], i))).toEqual([0, 60, 0])
  expect(readOpen(writeOpen({ kind: 'dropped', step: 1 }), 3)).toEqual({ kind: 'dropped', step: 1 })
  expect(['dropped-0', 'converted-3', 'x', null].map((text) => readOpen(text, 3))).toEqual([undefined, undefined, undefined, undefined])
})
