import { expect, test } from 'vitest'
import { areaDates, axisTop, bandAt, heightOf, labelRoom, placeLabels, stepOf, type Distribution } from './area'
import { lookOf, looks } from './look'

const DAY: Distribution = { date: '2024-12-31', states: { old: 50, new: 30, none: 20 }, total: 100 }
const STATES = ['old', 'new', 'none']

test('at most sixty dates end with as-of', () => {
  expect(areaDates('2024-12-31', 60, undefined)).toHaveLength(60)
  expect(areaDates('2024-12-31', 365, undefined).length).toBeLessThanOrEqual(60)
  expect(areaDates('2024-12-31', 60, '2024-12-30')).toEqual(['2024-12-30', '2024-12-31'])
  expect(areaDates('2024-12-31', 60, '2025-06-01')).toHaveLength(60)
  expect(stepOf(areaDates('2024-12-31', 365, undefined))).toBe(7)
  expect(stepOf(['2024-12-31'])).toBe(1)
})

test('people or shares', () => {
  expect(heightOf(DAY, 'new', 'people')).toBe(30)
  expect(heightOf(DAY, 'new', 'share')).toBeCloseTo(0.3)
  expect(heightOf({ date: '', states: {}, total: 0 }, 'new', 'share')).toBe(0)
})

test.each([
  [0, 'old'], [49.9, 'old'], [50, 'new'], [79, 'new'], [80, 'none'], [99, 'none'], [100, undefined], [-1, undefined],
])('the band at height %d is %s', (height, band) => {
  expect(bandAt(DAY, STATES, 'people', height)).toBe(band)
  expect(bandAt(DAY, STATES, 'share', height / 100)).toBe(band)
})

test.each([[0, 4], [3, 4], [832, 1000], [1000, 1000], [1001, 1200], [128_404, 160_000], [9_999, 10_000]])(
  'an axis for %d ends at %d',
  (highest, top) => expect(axisTop(highest)).toBe(top),
)

test('labels stand at their bands, top first', () => {
  const labels = placeLabels(DAY, STATES, 'people', 100, 200, 16)
  expect(labels.map(({ state, y }) => ({ state, y: Math.round(y) }))).toEqual([
    { state: 'none', y: 20 },
    { state: 'new', y: 70 },
    { state: 'old', y: 150 },
  ])
})

test('labels never cover each other nor leave the plot', () => {
  const thin: Distribution = { date: '', states: { a: 1, b: 0, c: 2, d: 997, e: 0 }, total: 1000 }
  const labels = placeLabels(thin, ['a', 'b', 'c', 'd', 'e'], 'people', 1000, 200, 18)
  for (const [i, { y }] of labels.entries()) {
    expect(y).toBeGreaterThanOrEqual(9)
    expect(y).toBeLessThanOrEqual(191)
    const above = labels[i - 1]
    if (above) expect(y - above.y).toBeGreaterThanOrEqual(17.99)
  }
})

test('states look as the model says', () => {
  const all = looks(
    [{ name: 'paid', slot: 'purchase', title: 'Paid', title_zh: '已购' }, { name: 'ordered', slot: 'purchase' }, { name: 'odd', slot: 'moon' }],
    'zh',
  )
  expect(lookOf(all, 'paid')).toMatchObject({ title: '已购', slot: 'purchase', pattern: 0 })
  expect(lookOf(all, 'ordered')).toMatchObject({ title: 'ordered', slot: 'purchase', pattern: 1 })
  expect(lookOf(all, 'odd')).toMatchObject({ slot: 'none', pattern: 1 })
  expect(lookOf(all, 'none')).toMatchObject({ title: '未触达', slot: 'none', pattern: 0, isHatched: false })
  expect(lookOf(all, 'left')).toMatchObject({ title: '离开', isHatched: true })
  expect(lookOf(all, 'gone since')).toMatchObject({ title: 'gone since' })
})

test('a model without slots still has distinct states', () => {
  const names = Array.from({ length: 8 }, (_, i) => ({ name: `s${i}` }))
  const all = looks(names, 'en')
  const seen = new Set([...names.map(({ name }) => name), 'none'].map((name) => `${lookOf(all, name).slot} ${lookOf(all, name).pattern}`))
  expect(seen.size).toBe(9)
})

test('labels get the room they need, within bounds', () => {
  expect(labelRoom(['老客', '未触达'], '832')).toBe(110)
  expect(labelRoom(['Potential customers'], '1,000')).toBeGreaterThan(labelRoom(['Old customers'], '1,000'))
  expect(labelRoom(['x'.repeat(100)], '1')).toBe(230)
})
