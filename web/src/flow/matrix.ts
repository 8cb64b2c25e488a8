// Arithmetic on a flow matrix: sums, whether they agree, who moved. Row = state at the first date.

import type { Cell } from '../view/selection'

export interface Flow {
  from: string
  to: string
  states: string[]
  /** Which of them begin and which end it, where those are not the same: of two models. */
  rows?: string[]
  columns?: string[]
  matrix: number[][]
  total: number
  merged: number
  erased: number
}

export const ENTERED = 'entered'
export const LEFT = 'left'

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

/** Rows and columns that may hold anybody: `entered` is no state to end in, `left` none to begin in. */
export const rowStates = (flow: Flow): string[] => flow.rows ?? flow.states.filter((state) => state !== LEFT)
export const columnStates = (flow: Flow): string[] => flow.columns ?? flow.states.filter((state) => state !== ENTERED)

export function countAt(flow: Flow, { from, to }: Cell): number {
  return flow.matrix[flow.states.indexOf(from)]?.[flow.states.indexOf(to)] ?? 0
}

export function rowSum(flow: Flow, state: string): number {
  return sum(flow.matrix[flow.states.indexOf(state)] ?? [])
}

export function columnSum(flow: Flow, state: string): number {
  const column = flow.states.indexOf(state)
  return sum(flow.matrix.map((row) => row[column] ?? 0))
}

export function cellsSum(flow: Flow, cells: readonly Cell[]): number {
  return sum(cells.map((cell) => countAt(flow, cell)))
}

/** Sums of the sums, and whether they are the people followed. */
export function balance(flow: Flow): { rows: number; columns: number; isEven: boolean } {
  const rows = sum(rowStates(flow).map((state) => rowSum(flow, state)))
  const columns = sum(columnStates(flow).map((state) => columnSum(flow, state)))
  return { rows, columns, isEven: rows === columns && rows + flow.merged + flow.erased === flow.total }
}

export const isMove = ({ from, to }: Cell): boolean => from !== to

/** Every cell, row by row. */
export function allCells(flow: Flow): Cell[] {
  return rowStates(flow).flatMap((from) => columnStates(flow).map((to) => ({ from, to })))
}

/** Moves that somebody made, the largest first. */
export function moves(flow: Flow): { cell: Cell; count: number }[] {
  const counted = allCells(flow).map((cell) => ({ cell, count: countAt(flow, cell) }))
  return counted.filter(({ cell, count }) => isMove(cell) && count > 0).sort((a, b) => b.count - a.count)
}

export function moved(flow: Flow): number {
  return sum(moves(flow).map(({ count }) => count))
}

/** Of those, who came into a moving audience or went out of it, rather than from state to state. */
export function passing(flow: Flow): { entered: number; left: number } {
  const has = (name: string) => flow.states.includes(name)
  return { entered: has(ENTERED) ? rowSum(flow, ENTERED) : 0, left: has(LEFT) ? columnSum(flow, LEFT) : 0 }
}

/** The whole row, the whole column, one cell, everything, or a few cells that make no such shape. */
export type Shape =
  | { kind: 'cell'; cell: Cell }
  | { kind: 'row'; from: string }
  | { kind: 'column'; to: string }
  | { kind: 'all' }
  | { kind: 'block'; cells: Cell[] }

/** What a choice of cells amounts to, so that it can be said in words. */
export function shapeOf(states: readonly string[], cells: readonly Cell[]): Shape {
  const [first] = cells
  const rows = states.filter((state) => state !== LEFT)
  const columns = states.filter((state) => state !== ENTERED)
  if (!first) return { kind: 'block', cells: [] }
  if (cells.length === 1) return { kind: 'cell', cell: first }
  if (cells.length === rows.length * columns.length) return { kind: 'all' }
  if (cells.length === columns.length && cells.every(({ from }) => from === first.from)) {
    return { kind: 'row', from: first.from }
  }
  if (cells.length === rows.length && cells.every(({ to }) => to === first.to)) {
    return { kind: 'column', to: first.to }
  }
  return { kind: 'block', cells: [...cells] }
}

export const rowCells = (flow: Flow, from: string): Cell[] => columnStates(flow).map((to) => ({ from, to }))
export const columnCells = (flow: Flow, to: string): Cell[] => rowStates(flow).map((from) => ({ from, to }))
