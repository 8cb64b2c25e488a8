// Combinations as columns: how many people above, of which sets below. Everything is placed here; the chart draws it, and the
// doors lie over it.

import { boxAt, dotAt, drawingOption, lineAt, textAt, type Piece } from '../chart/drawing'
import { PALETTES, type Palette, type Theme } from '../theme/tokens'
import type { Column } from './overlap'

export const ROW = 30
export const HEAD = 26
export const BARS = 170
/** Names of the sets, their sizes and their bars stand before the columns. */
export const LEFT = 300
export const SIZE_RIGHT = 216
const SIZE_BAR = { left: 224, width: 60 }
const NAME_WIDTH = 146
const GAP = 12

export interface SetRow {
  title: string
  size: number
  text: string
}

export interface UpsetInput {
  sets: SetRow[]
  columns: (Pick<Column, 'places' | 'people'> & { text: string })[]
  theme: Theme
}

export const heightOf = (sets: number): number => HEAD + BARS + GAP + sets * ROW + 4

const LEAST_STEP = 40

/** Less than this, and figures would cover each other; the picture then scrolls. */
export const leastWidth = (columns: number): number => LEFT + columns * LEAST_STEP

/** The top of a row of a set. */
export const rowTop = (place: number): number => HEAD + BARS + GAP + place * ROW

/** How high a column is. */
export const barHeight = (people: number, most: number): number => (most > 0 ? Math.max(2, (people / most) * BARS) : 0)

/** The middle of a column, as a part of the width that the columns share. */
export const columnMiddle = (i: number, columns: number): number => (i + 0.5) / Math.max(1, columns)

/** The column at a place of the chart. */
export function columnAt(x: number, width: number, columns: number): number | undefined {
  const at = Math.floor(((x - LEFT) / (width - LEFT)) * columns)
  return at >= 0 && at < columns ? at : undefined
}

const most = (numbers: number[]) => Math.max(1, ...numbers)

export function pieces({ sets, columns, theme }: UpsetInput, width: number): Piece[] {
  const palette = PALETTES[theme]
  const largest = most(sets.map(({ size }) => size))
  const highest = most(columns.map(({ people }) => people))
  const step = (width - LEFT) / Math.max(1, columns.length)
  const rows = sets.flatMap((set, i) => rowPieces(set, i, largest, width, palette))
  const drawn = columns.flatMap((column, i) => columnPieces(column, LEFT + columnMiddle(i, columns.length) * (width - LEFT), Math.min(26, step * 0.6), highest, sets.length, palette))
  return [...rows, lineAt(LEFT, HEAD + BARS, width, HEAD + BARS, palette.border, 1), ...drawn]
}

function rowPieces({ title, size, text }: SetRow, i: number, largest: number, width: number, palette: Palette): Piece[] {
  const middle = rowTop(i) + ROW / 2
  const length = (size / largest) * SIZE_BAR.width
  return [
    ...(i % 2 === 0 ? [boxAt(0, rowTop(i), width, ROW, palette.ground, 4)] : []),
    textAt({ text: title, x: 6, y: middle, fill: palette.text, width: NAME_WIDTH }),
    textAt({ text, x: SIZE_RIGHT - 4, y: middle, fill: palette.text, align: 'right' }),
    boxAt(SIZE_BAR.left, middle - 5, length, 10, palette.stay, 2),
  ]
}

function columnPieces({ places, people, text }: UpsetInput['columns'][number], x: number, wide: number, highest: number, sets: number, palette: Palette): Piece[] {
  const height = barHeight(people, highest)
  const y = (place: number) => rowTop(place) + ROW / 2
  const [first = 0, last = 0] = [places[0], places.at(-1)]
  const empty = Array.from({ length: sets }, (_, place) => place).filter((place) => !places.includes(place))
  return [
    boxAt(x - wide / 2, HEAD + BARS - height, wide, height, palette.link, 2),
    textAt({ text, x, y: HEAD + BARS - height - 12, fill: palette.text, align: 'center', size: 12 }),
    ...empty.map((place) => dotAt(x, y(place), 3, palette.border)),
    ...(last > first ? [lineAt(x, y(first), x, y(last), palette.link)] : []),
    ...places.map((place) => dotAt(x, y(place), 6, palette.link)),
  ]
}

export const upsetOption = (input: UpsetInput) => drawingOption((width) => pieces(input, width))
