// What is chosen on the page: a door that stands open. It is part of the address, too.
//
// `band~2024-11-11~old~new`       people in these states at that date
// `flow~potential>old~none>old`   people in these cells of the flow between `from` and `to`
// `path~2024-11-11>old~2024-11-30>~2024-12-31>none`   people who were there at these dates; nothing = wherever
//
// Names of states may hold any sign, so each is escaped on its own.

import { isDay, type Day } from '../format/day'

export interface Cell {
  from: string
  to: string
}

/** Where somebody was at a date; null = wherever. */
export interface Stop {
  date: Day
  state: string | null
}

export type Selection =
  | { kind: 'band'; date: Day; states: string[] }
  | { kind: 'flow'; cells: Cell[] }
  | { kind: 'path'; stops: Stop[] }

const BETWEEN = '~'
const ARROW = '>'

/** A name as a part of an address whose parts `~` parts. */
export const escape = (name: string) => encodeURIComponent(name).replaceAll('~', '%7E')

export function unescape(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export function writeSelection(selection: Selection): string {
  if (selection.kind === 'band') {
    return ['band', selection.date, ...selection.states.map(escape)].join(BETWEEN)
  }
  if (selection.kind === 'path') {
    return ['path', ...selection.stops.map(({ date, state }) => date + ARROW + escape(state ?? ''))].join(BETWEEN)
  }
  return ['flow', ...selection.cells.map(({ from, to }) => escape(from) + ARROW + escape(to))].join(BETWEEN)
}

/** Nothing where the text is none of ours. */
export function readSelection(text: string | null): Selection | undefined {
  const [kind, ...parts] = (text ?? '').split(BETWEEN)
  if (kind === 'band') return readBand(parts)
  if (kind === 'flow') return readFlow(parts)
  if (kind === 'path') return readPath(parts)
  return undefined
}

function readBand([date, ...names]: string[]): Selection | undefined {
  const states = names.map(unescape).filter((name) => name !== undefined)
  return isDay(date) && states.length > 0 ? { kind: 'band', date, states } : undefined
}

function readFlow(parts: string[]): Selection | undefined {
  const cells: Cell[] = []
  for (const part of parts) {
    const [from, to] = part.split(ARROW).map(unescape)
    if (!from || !to) return undefined
    cells.push({ from, to })
  }
  return cells.length > 0 ? { kind: 'flow', cells } : undefined
}

function readPath(parts: string[]): Selection | undefined {
  const stops: Stop[] = []
  for (const part of parts) {
    const [date, state] = part.split(ARROW).map(unescape)
    if (!isDay(date) || state === undefined) return undefined
    stops.push({ date, state: state || null })
  }
  return stops.some(({ state }) => state !== null) ? { kind: 'path', stops } : undefined
}

export const samePath = (selection: Selection | undefined, stops: readonly Stop[]): boolean =>
  selection?.kind === 'path' && writeSelection(selection) === writeSelection({ kind: 'path', stops: [...stops] })

export const sameCell = (a: Cell, b: Cell): boolean => a.from === b.from && a.to === b.to

export function hasCell(selection: Selection | undefined, cell: Cell): boolean {
  return selection?.kind === 'flow' && selection.cells.some((one) => sameCell(one, cell))
}

/** The block of cells between two corners, both included, in rows. */
export function block(states: readonly string[], a: Cell, b: Cell): Cell[] {
  const range = (x: string, y: string) => {
    const [i, j] = [states.indexOf(x), states.indexOf(y)]
    return i < 0 || j < 0 ? [] : states.slice(Math.min(i, j), Math.max(i, j) + 1)
  }
  return range(a.from, b.from).flatMap((from) => range(a.to, b.to).map((to) => ({ from, to })))
}
