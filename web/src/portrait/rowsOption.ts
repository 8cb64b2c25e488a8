// Rows of dot and interval on a log axis around 100, with their figures beside them, as ECharts wants them. All of a row is
// drawn by the chart, so that a saved picture has it whole.

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts'
import type { EChartsCoreOption } from 'echarts/core'
import { dotAt, lineAt, textAt } from '../chart/drawing'
import { tooltipHtml } from '../chart/html'
import { PALETTES, type Palette, type Theme } from '../theme/tokens'
import type { Mark } from './portrait'

export const ROW = 28
export const TOP = 30
/** Room for labels: more where they say what they are by. */
export const LABELS = { wide: 240, narrow: 190 }
/** Right edges of the columns of figures, from the right edge of the chart; the last one is people. */
const COLUMNS = { tgi: 340, interval: 240, share: 162, base: 88, people: 4 }
export const RIGHT = 404
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

export interface RowsInput {
  rows: DrawnRow[]
  left: number
  /** How many doublings the axis has to either side. */
  reach: number
  headings: Record<keyof typeof COLUMNS, string>
  theme: Theme
}

/** Points away from 100 where the interval goes on beyond the axis. */
const arrow = (x: number, y: number, to: -1 | 1, fill: string) => ({
  type: 'polygon' as const,
  silent: true,
  shape: { points: [[x, y - 5], [x + 8 * to, y], [x, y + 5]] as [number, number][] },
  style: { fill },
})

function dots(mark: Mark, x: (value: number) => number, y: number, color: string) {
  const beyond = [
    ...(mark.isLowCut ? [arrow(x(mark.low), y, -1, color)] : []),
    ...(mark.isHighCut ? [arrow(x(mark.high), y, 1, color)] : []),
  ]
  return [lineAt(x(mark.low), y, x(mark.high), y, color), ...beyond, ...(mark.isBeyond ? [] : [dotAt(x(mark.at), y, 4.5, color)])]
}

type Column = [keyof typeof COLUMNS, string]

function headingsOf({ headings }: RowsInput, width: number, palette: Palette) {
  const columns = Object.entries(headings) as Column[]
  return columns.map(([name, text]) => textAt({ text, x: width - COLUMNS[name], y: TOP / 2, fill: palette.secondary, align: 'right' }))
}

function drawn(input: RowsInput, i: number, api: CustomSeriesRenderItemAPI, palette: Palette): CustomSeriesRenderItemReturn {
  const row = input.rows[i]
  if (!row) return null
  const width = api.getWidth()
  const at = (value: number) => api.coord([value, i])[0] ?? 0
  const y = TOP + ROW * (i + 0.5)
  const color = row.isNotable ? palette.link : palette.stay
  const columns: Column[] = [['tgi', row.tgi], ['interval', row.interval], ['share', row.share], ['base', row.base], ['people', row.people]]
  const figures = columns.map(([name, text]) => textAt({ text, x: width - COLUMNS[name], y, align: 'right', fill: name === 'tgi' || name === 'people' ? palette.text : palette.secondary }))
  const label = textAt({ text: row.label, x: 0, y, fill: row.isNotable ? palette.text : palette.secondary, width: input.left - 20 })
  const marks = row.mark ? dots(row.mark, at, y, color) : []
  return { type: 'group', children: [label, ...marks, ...figures, ...(i === 0 ? headingsOf(input, width, palette) : [])] }
}

/** 25, 50, 100, 200, 400; of a longer axis every other one. */
const tick = (value: number, reach: number): string => (reach > 2 && value % 2 !== 0 ? '' : String(Math.round(100 * 2 ** value * 10) / 10))

export function rowsOption(input: RowsInput): EChartsCoreOption {
  const { rows, reach, theme } = input
  const palette = PALETTES[theme]
  return {
    animation: false,
    grid: { left: input.left, right: RIGHT, top: TOP, bottom: 2 },
    xAxis: {
      type: 'value',
      position: 'top',
      min: -reach,
      max: reach,
      interval: 1,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.secondary, formatter: (value: number) => tick(value, reach) },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    yAxis: { type: 'category', inverse: true, show: false, data: rows.map((_, i) => i) },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      confine: true,
      formatter: (points: { dataIndex: number }[]) => {
        const row = rows[points[0]?.dataIndex ?? -1]
        return row ? tooltipHtml(row.label, [{ name: input.headings.tgi, value: `${row.tgi} ${row.interval}` }, { name: input.headings.share, value: row.share }, { name: input.headings.base, value: row.base }, { name: input.headings.people, value: row.people }]) : ''
      },
    },
    series: [
      {
        type: 'custom',
        data: rows.map((row, i) => [row.mark?.at ?? 0, i]),
        clip: false,
        silent: true,
        encode: { x: 0, y: 1 },
        renderItem: ({ dataIndex }: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => drawn(input, dataIndex, api, palette),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          label: { show: false },
          lineStyle: { color: palette.secondary, type: 'solid', width: 1 },
          data: [{ xAxis: 0 }],
        },
      },
    ],
  }
}
