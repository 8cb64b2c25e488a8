// Numbers for people. Tables and nodes show them exactly; cards, axes and labels may shorten them.

import type { Language } from '../i18n/language'

const LOCALES: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' }
const NARROW = '\u202f'

/** Units from the largest; a number below the last one is shown exactly. */
const UNITS: Record<Language, [number, string][]> = {
  en: [[1e9, 'bn'], [1e6, 'M'], [1e3, 'k']],
  zh: [[1e8, '亿'], [1e4, '万']],
}

/** Below this nothing is shortened, in any language. */
const SHORTEN_FROM = 10_000

/** From this part of a unit on a value would round to a whole one. */
const ROUNDS_UP = 0.99995

/** Every digit, grouped: 128,404. */
export function exact(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language]).format(value)
}

/** 128.4k, 146M; 12.8万, 1.46亿. */
export function compact(value: number, language: Language): string {
  const size = Math.abs(value)
  const unit = size < SHORTEN_FROM ? undefined : UNITS[language].find(([least]) => size >= least * ROUNDS_UP)
  if (!unit) return exact(value, language)
  const [worth, name] = unit
  return trimmed(value / worth, worth > 1e4) + name
}

/** One decimal, or three figures where the unit is large. */
function trimmed(value: number, isLarge: boolean): string {
  const size = Math.abs(value)
  const decimals = !isLarge ? 1 : size >= 100 ? 0 : size >= 10 ? 1 : 2
  return String(Number(value.toFixed(decimals)))
}

/** One decimal; what is more than nothing never reads 0.0, and what is less than all never reads 100. */
export function percent(part: number, whole: number, language: Language): string {
  const sign = language === 'zh' ? '%' : `${NARROW}%`
  if (whole === 0) return '–'
  const share = (part / whole) * 100
  if (part !== 0 && Math.abs(share) < 0.1) return `${share < 0 ? '>−' : '<'}0.1${sign}`
  if (part < whole && share > 99.9) return `>99.9${sign}`
  return `${share.toFixed(1).replace(/\.0$/, part === whole || part === 0 ? '' : '.0')}${sign}`
}

/** A difference of two shares, in percentage points, with its sign. */
export function points(before: number, after: number): string {
  const difference = (after - before) * 100
  const size = Math.abs(difference).toFixed(1)
  if (size === '0.0') return '±0.0'
  return `${difference < 0 ? '−' : '+'}${size}`
}

/** How long an answer took, from microseconds: 740 µs, 12 ms, 1.4 s. */
export function duration(microseconds: number): string {
  if (microseconds < 1000) return `${microseconds}${NARROW}µs`
  if (microseconds < 1_000_000) return `${Math.round(microseconds / 1000)}${NARROW}ms`
  return `${(microseconds / 1_000_000).toFixed(1)}${NARROW}s`
}
