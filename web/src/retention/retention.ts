// The cohorts as a table: which cells are over, and the mean of those that are.

import { addDays, daysBetween, type Day } from '../format/day'

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

export interface Cohort {
  date: Day
  size: number
  returned: number[]
}

/** The first day of the period that comes so many periods after the one that begins on `first`. */
export function periodAfter(first: Day, period: Period, later: number): Day {
  if (period === 'day') return addDays(first, later)
  if (period === 'week') return addDays(first, 7 * later)
  const [year = 0, month = 1] = first.split('-').map(Number)
  const months = year * 12 + (month - 1) + later
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`
}

/** Whether a period is not over yet on a day: more people may still come back in it. */
export function isOpen(cohort: Cohort, later: number, period: Period, asOf: Day): boolean {
  return daysBetween(addDays(asOf, 1), periodAfter(cohort.date, period, later + 1)) > 0
}

export interface Mean {
  returned: number
  size: number
}

/** Who came back ÷ who can have, for every number of periods, over the cells that are over. */
export function means(cohorts: readonly Cohort[], period: Period, asOf: Day): Mean[] {
  const columns = Math.max(0, ...cohorts.map(({ returned }) => returned.length))
  return Array.from({ length: columns }, (_, later) => {
    const closed = cohorts.filter((cohort) => later < cohort.returned.length && !isOpen(cohort, later, period, asOf))
    return {
      returned: closed.reduce((sum, { returned }) => sum + (returned[later] ?? 0), 0),
      size: closed.reduce((sum, { size }) => sum + size, 0),
    }
  })
}

/** `2024-11-01` a cohort, `2024-11-01+2` those of it who came back two periods later. */
export function readCell(text: string | null): { cohort: Day; later?: number } | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d+))?$/.exec(text ?? '')
  if (!match?.[1]) return undefined
  return match[2] === undefined ? { cohort: match[1] } : { cohort: match[1], later: Number(match[2]) }
}

export const writeCell = ({ cohort, later }: { cohort: Day; later?: number }): string => (later === undefined ? cohort : `${cohort} ${later}`)

/** The cell that an arrow leads to; rows are cohorts, column −1 is their size. */
export function step(key: string, row: number, column: number, cohorts: readonly Cohort[]): [number, number] | undefined {
  const moves: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  const move = moves[key]
  const cohort = move && cohorts[row + move[0]]
  if (!move || !cohort) return undefined
  const next = Math.min(column + move[1], cohort.returned.length - 1)
  return next < -1 ? undefined : [row + move[0], next]
}
