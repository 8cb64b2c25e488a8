// Local dates as plain strings, `2024-11-11`, in the workspace's zone. Arithmetic is that of the calendar: a day has no
// hours here, so no clock and no zone can shift it.

/* eslint-disable no-restricted-globals -- the calendar of `Date.UTC` is used here, and nowhere else */

import type { Language } from '../i18n/language'

export type Day = string

const MILLISECONDS = 86_400_000

/** Whether a text is a date that exists. */
export function isDay(text: string | null | undefined): text is Day {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  return fromNumber(toNumber(text)) === text
}

function toNumber(day: Day): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return Math.floor(Date.UTC(year, month - 1, date) / MILLISECONDS)
}

function fromNumber(number: number): Day {
  const date = new Date(number * MILLISECONDS)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
}

export function addDays(day: Day, days: number): Day {
  return fromNumber(toNumber(day) + days)
}

/** How many days from one to another. */
export function daysBetween(from: Day, to: Day): number {
  return toNumber(to) - toNumber(from)
}

export const earlier = (a: Day, b: Day): Day => (a < b ? a : b)
export const later = (a: Day, b: Day): Day => (a > b ? a : b)

/** At most `most` dates at equal steps, the last of them `last`, none before `first`. */
export function spread(first: Day, last: Day, most: number): Day[] {
  const span = Math.max(0, daysBetween(first, last))
  const step = Math.max(1, Math.ceil((span + 1) / most))
  const count = Math.floor(span / step) + 1
  return Array.from({ length: count }, (_, i) => addDays(last, -step * (count - 1 - i)))
}

/** As it reads in a sentence: 11 Nov 2024, 2024-11-11. */
export function inSentence(day: Day, language: Language): string {
  if (language === 'zh') return day
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  return format.format(new Date(toNumber(day) * MILLISECONDS))
}

/** The day and time of an instant in a zone: 2024-11-11 09:41:07. */
export function inZone(instant: string, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone })
  return format.format(new Date(instant))
}

/** The day that a clock shows in a zone; only for a workspace that has no data to go by. */
export function today(zone: string): Day {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(new Date())
}

/** Days since 1970-01-01, for an axis. */
export const dayNumber = (day: Day): number => toNumber(day)
export const numberedDay = (number: number): Day => fromNumber(number)
