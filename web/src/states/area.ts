// From distributions at some dates to what the area chart draws, and back from a point on it to the band.

import { addDays, daysBetween, spread, type Day } from '../format/day'
import { sum } from '../flow/matrix'

export interface Distribution {
  date: Day
  states: Record<string, number>
  total: number
}

/** So many dates are asked for at once. */
export const MOST_DATES = 60

export function areaDates(asOf: Day, span: number, firstDay: Day | undefined): Day[] {
  const begin = addDays(asOf, 1 - span)
  return spread(firstDay && firstDay > begin && firstDay <= asOf ? firstDay : begin, asOf, MOST_DATES)
}

/** Days that the dates lie apart. */
export function stepOf(dates: readonly Day[]): number {
  const [first, second] = dates
  return first && second ? daysBetween(first, second) : 1
}

export const countedAt = (at: Distribution): number => sum(Object.values(at.states))

/** Height of a band: people, or their share of those counted that day. */
export function heightOf(at: Distribution, state: string, unit: 'people' | 'share'): number {
  const count = at.states[state] ?? 0
  if (unit === 'people') return count
  const counted = countedAt(at)
  return counted === 0 ? 0 : count / counted
}

/** A round number not below the highest stack, for an axis of four steps. */
export function axisTop(highest: number): number {
  if (highest <= 4) return 4
  const size = 10 ** Math.floor(Math.log10(highest))
  const steps = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10]
  return (steps.find((step) => step * size >= highest) ?? 10) * size
}

/** The band that holds a height, the stack counted from below in the order of `states`. */
export function bandAt(at: Distribution, states: readonly string[], unit: 'people' | 'share', height: number): string | undefined {
  if (height < 0) return undefined
  let top = 0
  for (const state of states) {
    top += heightOf(at, state, unit)
    if (height < top) return state
  }
  return undefined
}

export interface Label {
  state: string
  /** Middle of the label, in pixels from the top of the plot. */
  y: number
}

/** Labels beside the last stack: each at the middle of its band, moved apart where bands are thin. */
export function placeLabels(at: Distribution, states: readonly string[], unit: 'people' | 'share', top: number, plot: number, apart: number): Label[] {
  let below = 0
  const labels: Label[] = []
  for (const state of states) {
    const height = heightOf(at, state, unit)
    labels.push({ state, y: plot * (1 - (below + height / 2) / top) })
    below += height
  }
  labels.reverse()
  push(labels, apart, plot)
  return labels
}

/** From the top downwards away from the one above, then back up from the bottom where there is no room. */
function push(labels: Label[], apart: number, plot: number): void {
  for (const [i, label] of labels.entries()) {
    const above = labels[i - 1]
    label.y = Math.max(label.y, above ? above.y + apart : apart / 2)
  }
  let limit = plot - apart / 2
  for (const label of [...labels].reverse()) {
    label.y = Math.min(label.y, limit)
    limit = label.y - apart
  }
}

const NARROWEST = 110
const WIDEST = 230
/** Pixels of a letter and of a Chinese character at the size of labels, of swatch and gaps. */
const LETTER = 8
const CHARACTER = 13.2
const AROUND = 44

/** How wide the labels are, about, from their longest title and figure. */
export function labelRoom(titles: readonly string[], figure: string): number {
  const width = (text: string) => [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? CHARACTER : LETTER), 0)
  const longest = Math.max(0, ...titles.map(width))
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, AROUND + longest + width(figure))))
}
