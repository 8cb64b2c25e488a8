// Scores as a grid: R down from the best, F across, M summed. Pure.

import type { Rfm } from '../api/types'
import type { Json, JsonObject } from '../builder/tree'

export const METHODS = ['quantile', 'fixed', 'mean'] as const
export type Method = (typeof METHODS)[number]

export const USUAL_FIXED = { r: [30, 90, 180, 365], f: [2, 3, 5, 10], m: [100, 500, 1000, 5000] }
export type Fixed = typeof USUAL_FIXED

export interface Square {
  r: number
  f: number
}

export interface Cell extends Square {
  people: number
  money: number
  expressions: Json[]
}

export function methodJson(method: Method, fixed: Fixed): JsonObject {
  if (method === 'mean') return { mean: true }
  return method === 'fixed' ? { fixed } : { quantile: 5 }
}

/** Thresholds ascend; nothing where the text is no such list. */
export function readThresholds(text: string): number[] | undefined {
  const numbers = text.split(/[,，\s]+/).filter(Boolean).map(Number)
  const ascend = numbers.every((n, i) => Number.isFinite(n) && n >= 0 && (i === 0 || n > (numbers[i - 1] ?? n)))
  return numbers.length > 0 && numbers.length < 20 && ascend ? numbers : undefined
}

export function readFixed(text: string | null): Fixed {
  const [r, f, m] = (text ?? '').split(';').map(readThresholds)
  return r && f && m ? { r, f, m } : USUAL_FIXED
}

export const writeFixed = ({ r, f, m }: Fixed): string => [r, f, m].map((list) => list.join(',')).join(';')

/** How many scores each has: one more than thresholds; of the mean two. */
export const scoresOf = ({ r, f }: Pick<Rfm, 'r' | 'f'>, method: Method) =>
  method === 'mean' ? { r: 2, f: 2 } : { r: r.thresholds.length + 1, f: f.thresholds.length + 1 }

export function cellAt(answer: Pick<Rfm, 'cells'>, { r, f }: Square): Cell {
  const found = answer.cells.filter((cell) => cell.r === r && cell.f === f)
  return {
    r,
    f,
    people: found.reduce((sum, { people }) => sum + people, 0),
    money: found.reduce((sum, { money }) => sum + Number(money), 0),
    expressions: found.map(({ expression }) => expression as Json),
  }
}

/** The block between two corners, the better scores first. */
export function squares(a: Square, b: Square): Square[] {
  const range = (x: number, y: number) => Array.from({ length: Math.abs(x - y) + 1 }, (_, i) => Math.max(x, y) - i)
  return range(a.r, b.r).flatMap((r) => range(a.f, b.f).map((f) => ({ r, f })))
}

export const writeBlock = (a: Square, b: Square): string => `${a.r}.${a.f}-${b.r}.${b.f}`

export function readBlock(text: string | null): [Square, Square] | undefined {
  const found = /^(\d+)\.(\d+)-(\d+)\.(\d+)$/.exec(text ?? '')
  if (!found) return undefined
  const [r, f, r2, f2] = found.slice(1).map(Number)
  return [{ r: r ?? 1, f: f ?? 1 }, { r: r2 ?? 1, f: f2 ?? 1 }]
}

/** Where an arrow leads: up is more recent, right is more often. */
export function stepTo(key: string, { r, f }: Square, most: Square): Square | undefined {
  const step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[key]
  if (!step) return undefined
  const clamp = (value: number, last: number) => Math.min(Math.max(1, value), last)
  return { r: clamp(r + (step[0] ?? 0), most.r), f: clamp(f + (step[1] ?? 0), most.f) }
}
