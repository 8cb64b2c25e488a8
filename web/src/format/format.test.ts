import { expect, test } from 'vitest'
import { addDays, daysBetween, inSentence, inZone, isDay, spread } from './day'
import { compact, duration, exact, percent, points } from './number'

test.each([
  [0, '0', '0'],
  [9_999, '9,999', '9,999'],
  [10_000, '10k', '1万'],
  [128_404, '128.4k', '12.8万'],
  [999_960, '1M', '100万'],
  [1_460_000, '1.46M', '146万'],
  [146_000_000, '146M', '1.46亿'],
  [-128_404, '-128.4k', '-12.8万'],
  [3_200_000_000, '3.2bn', '32亿'],
])('compact %d', (value, en, zh) => {
  expect(compact(value, 'en')).toBe(en)
  expect(compact(value, 'zh')).toBe(zh)
})

test('exact figures have every digit', () => {
  expect(exact(1_946_213, 'en')).toBe('1,946,213')
  expect(exact(1_946_213, 'zh')).toBe('1,946,213')
})

test.each([
  [0, 100, '0%'],
  [100, 100, '100%'],
  [3_912, 84_201, '4.6%'],
  [5, 100, '5.0%'],
  [1, 100_000, '<0.1%'],
  [99_999, 100_000, '>99.9%'],
  [1, 0, '–'],
])('percent %d of %d', (part, whole, text) => {
  expect(percent(part, whole, 'zh')).toBe(text)
  expect(percent(part, whole, 'en')).toBe(text.replace('%', '\u202f%'))
})

test('differences of shares', () => {
  expect([points(0.1, 0.132), points(0.2, 0.1), points(0.5, 0.5)]).toEqual(['+3.2', '−10.0', '±0.0'])
})

test('durations', () => {
  expect([duration(740), duration(12_345), duration(1_440_000)]).toEqual(['740\u202fµs', '12\u202fms', '1.4\u202fs'])
})

test.each([['2024-02-29', true], ['2023-02-29', false], ['2024-13-01', false], ['24-1-1', false], ['', false]])(
  'is %s a day',
  (text, is) => expect(isDay(text)).toBe(is),
)

test('days know the calendar', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
  expect(addDays('2024-01-01', -1)).toBe('2023-12-31')
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
})

test.each([
  ['2024-01-01', '2024-01-03', 60, ['2024-01-01', '2024-01-02', '2024-01-03']],
  ['2024-01-01', '2024-01-05', 3, ['2024-01-01', '2024-01-03', '2024-01-05']],
  ['2024-01-01', '2024-01-06', 3, ['2024-01-02', '2024-01-04', '2024-01-06']],
  ['2024-01-01', '2024-01-01', 60, ['2024-01-01']],
])('dates from %s to %s, at most %d', (first, last, most, dates) => {
  expect(spread(first, last, most)).toEqual(dates)
})

test('no range asks for more dates than allowed', () => {
  for (let span = 0; span < 1000; span += 7) {
    const dates = spread('2022-01-01', addDays('2022-01-01', span), 60)
    expect(dates.length).toBeLessThanOrEqual(60)
    expect(dates.at(-1)).toBe(addDays('2022-01-01', span))
  }
})

test('dates and times in words', () => {
  expect(inSentence('2024-11-11', 'en')).toBe('11 Nov 2024')
  expect(inSentence('2024-11-11', 'zh')).toBe('2024-11-11')
  expect(inZone('2024-12-31T15:59:58Z', 'Asia/Shanghai')).toBe('2024-12-31 23:59:58')
})
