// What some cells of two models amount to. Pure.

import type { Cell } from '../view/selection'

export interface CellsShape {
  kind: 'cell' | 'row' | 'column' | 'block'
  from?: string
  to?: string
}

export function cellsShape(rows: readonly string[], columns: readonly string[], cells: readonly Cell[]): CellsShape {
  const [froms, tos] = [new Set(cells.map(({ from }) => from)), new Set(cells.map(({ to }) => to))]
  const [[from], [to]] = [[...froms], [...tos]]
  if (cells.length === 1) return { kind: 'cell', from, to }
  if (froms.size === 1 && tos.size === columns.length) return { kind: 'row', from }
  if (tos.size === 1 && froms.size === rows.length) return { kind: 'column', to }
  return { kind: 'block' }
}
