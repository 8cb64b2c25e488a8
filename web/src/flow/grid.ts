// Places in the matrix as it is shown: one row and one column of sums at the end.

import type { Cell } from '../view/selection'
import { columnStates, rowStates, type Flow } from './matrix'

export interface Place {
  row: number
  column: number
}

export function lines(flow: Flow): { rows: string[]; columns: string[] } {
  return { rows: rowStates(flow), columns: columnStates(flow) }
}

/** The cell at a place; none where a sum is. */
export function at(flow: Flow, { row, column }: Place): Cell | undefined {
  const { rows, columns } = lines(flow)
  const [from, to] = [rows[row], columns[column]]
  return from === undefined || to === undefined ? undefined : { from, to }
}

/** The cells that a place counts: one, a row, a column, or all. */
export function cellsOf(flow: Flow, { row, column }: Place): Cell[] {
  const { rows, columns } = lines(flow)
  const froms = rows[row] === undefined ? rows : [rows[row]]
  const tos = columns[column] === undefined ? columns : [columns[column]]
  return froms.flatMap((from) => tos.map((to) => ({ from, to })))
}

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Where a key leads; nothing for keys that lead nowhere. Sums are the last row and column. */
export function stepTo(key: string, { row, column }: Place, rows: number, columns: number): Place | undefined {
  if (key === 'Home') return { row, column: 0 }
  if (key === 'End') return { row, column: columns }
  const step = STEPS[key]
  if (!step) return undefined
  const clamp = (value: number, last: number) => Math.min(Math.max(value, 0), last)
  return { row: clamp(row + step[0], rows), column: clamp(column + step[1], columns) }
}
