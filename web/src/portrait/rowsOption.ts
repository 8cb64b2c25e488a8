// Rows of dot and interval on a log axis around 100, with their figures beside them. All of a row is drawn by the chart, so
// that a saved picture has it whole; where there is little room, the figures that the table has as well are left out.

import { dotAt, drawingOption, lineAt, textAt, wedgeAt, type Piece } from '../chart/drawing'
import { PALETTES, type Palette, type Theme } from '../theme/tokens'
import type { Mark } from './portrait'

export const ROW = 28
export const TOP = 30
/** How wide the column of people is: doors lie over it. */
export const PEOPLE = 76

export interface DrawnRow {
  label: string
  mark: Mark | undefined
  isNotable: boolean
  tgi: string
  interval: string
  share: string
  base: string
  people: string
}

type Figure = 'tgi' | 'interval' | 'share' | 'base' | 'people'

export interface RowsInput {
  rows: DrawnRow[]
  /** Whether labels say what rows are by, and so are long. */
  isLong: boolean
  /** How many doublings the axis has to either side. */
  reach: number
  headings: Record<Figure, string>
  theme: Theme
}

interface Layout {
  labels: number
  /** Where the axis begins and ends. */
  left: number
  right: number
  /** Right edges of the columns of figures. */
  columns: [Figure, number][]
}

/** Columns by the right edge, with how much of the width all of them take; the first that leaves the axis enough. */
const LAYOUTS: { least: number; taken: number; columns: [Figure, number][] }[] = [
  { least: 880, taken: 404, columns: [['tgi', 340], ['interval', 240], ['share', 162], ['base', 88], ['people', 4]] },
  { least: 660, taken: 328, columns: [['tgi', 264], ['interval', 162], ['share', 84], ['people', 4]] },
  { least: 0, taken: 232, columns: [['tgi', 166], ['share', 84], ['people', 4]] },
]
const LONG = 220
const SHORT = 166

export function layoutFor(width: number, isLong: boolean): Layout {
  const { least, taken, columns } = LAYOUTS.find((one) => width >= one.least) ?? { least: 0, taken: 0, columns: [] }
  const labels = least > 0 && isLong ? LONG : SHORT
  return { labels, left: labels + 24, right: width - taken, columns: columns.map(([name, end]) => [name, width - end]) }
}

/** 25, 50, 100, 200, 400; of a longer axis every other one. */
const tick = (value: number, reach: number): string => (reach > 2 && value % 2 !== 0 ? '' : String(Math.round(100 * 2 ** value * 10) / 10))

/** Where a number of doublings is. */
export const placeOn = ({ left, right }: Pick<Layout, 'left' | 'right'>, reach: number, doublings: number): number =>
  left + ((doublings + reach) / (2 * reach)) * (right - left)

function axis({ rows, reach, headings }: RowsInput, layout: Layout, palette: Palette): Piece[] {
  const ticks = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach)
  const end = TOP + rows.length * ROW
  return [
    ...ticks.map((value) => lineAt(placeOn(layout, reach, value), TOP, placeOn(layout, reach, value), end, value === 0 ? palette.secondary : palette.grid, 1)),
    ...ticks.map((value) => textAt({ text: tick(value, reach), x: placeOn(layout, reach, value), y: TOP / 2, fill: palette.secondary, align: 'center', size: 12 })),
    ...layout.columns.map(([name, x]) => textAt({ text: headings[name], x, y: TOP / 2, fill: palette.secondary, align: 'right' })),
  ]
}

function dots(mark: Mark, x: (doublings: number) => number, y: number, color: string): Piece[] {
  return [
    lineAt(x(mark.low), y, x(mark.high), y, color),
    // Points on where the interval goes on beyond the axis.
    ...(mark.isLowCut ? [wedgeAt(x(mark.low), y, -1, color)] : []),
    ...(mark.isHighCut ? [wedgeAt(x(mark.high), y, 1, color)] : []),
    ...(mark.isBeyond ? [] : [dotAt(x(mark.at), y, 4.5, color)]),
  ]
}

function row(drawn: DrawnRow, i: number, layout: Layout, reach: number, palette: Palette): Piece[] {
  const y = TOP + ROW * (i + 0.5)
  const strong = drawn.isNotable ? palette.text : palette.secondary
  const marks = drawn.mark ? dots(drawn.mark, (value) => placeOn(layout, reach, value), y, drawn.isNotable ? palette.link : palette.stay) : []
  const fill = (name: Figure) => (name === 'people' ? palette.text : name === 'tgi' ? strong : palette.secondary)
  return [
    textAt({ text: drawn.label, x: 0, y, fill: strong, width: layout.labels }),
    ...marks,
    ...layout.columns.map(([name, x]) => textAt({ text: drawn[name], x, y, fill: fill(name), align: 'right' })),
  ]
}

export function rowPieces(input: RowsInput, width: number): Piece[] {
  const palette = PALETTES[input.theme]
  const layout = layoutFor(width, input.isLong)
  return [...axis(input, layout, palette), ...input.rows.flatMap((drawn, i) => row(drawn, i, layout, input.reach, palette))]
}

export const rowsOption = (input: RowsInput) => drawingOption((width) => rowPieces(input, width))
