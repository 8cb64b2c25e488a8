// Horizontal bars as ECharts wants them: a solid part, a hatched rest behind it, a figure at the end, and where wanted a
// mark at what it was elsewhere: at another date, under other rules.

import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { labelRoom } from '../states/area'
import { PALETTES, type Theme } from '../theme/tokens'
import { decal, hatch } from './hatch'
import { tooltipHtml, type Row } from './html'

export const BAR_HEIGHT = 46
const BAR = 26
const MARK = [5, 36]

export interface Bar {
  title: string
  value: number
  /** The hatched part. */
  rest?: number
  mark?: number
  /** What stands at the end. */
  label: string
  color: string
  pattern?: number
}

export interface BarsInput {
  bars: Bar[]
  theme: Theme
  /** What the parts are called. */
  words: { value: string; rest?: string; mark?: string }
  exact: (value: number) => string
  /** Pixels for labels to the right. */
  right?: number
}

export const VALUE = 0
export const REST = 1
export const MARKED = 2

const lengthOf = ({ value, rest = 0, mark = 0 }: Bar) => Math.max(value + rest, mark)

function rowsOf({ value, rest, mark, color }: Bar, { words, exact }: BarsInput): Row[] {
  const rows: Row[] = [{ color, name: words.value, value: exact(value) }]
  if (rest !== undefined && words.rest) rows.push({ name: words.rest, value: exact(rest) })
  if (mark !== undefined && words.mark) rows.push({ name: words.mark, value: exact(mark) })
  return rows
}

export function barsOption(input: BarsInput): EChartsCoreOption {
  const { bars, theme, right = 128 } = input
  const palette = PALETTES[theme]
  const left = labelRoom(bars.map(({ title }) => title), '')
  const hasMarks = bars.some(({ mark }) => mark !== undefined)
  return {
    animation: false,
    grid: { left, right, top: 4, bottom: 4 },
    xAxis: { type: 'value', min: 0, max: Math.max(1, ...bars.map(lengthOf)), show: false },
    yAxis: [
      names(bars.map(({ title }) => title), 'left', { width: left - 12, overflow: 'truncate', color: palette.text, fontSize: 13 }),
      // Beside the bar a mark could stand in the figure.
      names(bars.map(({ label }) => label), 'right', { show: hasMarks, color: palette.text, fontSize: 12 }),
    ],
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bar = bars[dataIndex]
        return bar ? tooltipHtml(bar.title, rowsOf(bar, input)) : ''
      },
    },
    series: [solid(bars, palette.surface), hatched(bars, palette, !hasMarks), marks(bars, palette)],
  }
}

const names = (data: string[], position: 'left' | 'right', axisLabel: object) => ({
  type: 'category',
  inverse: true,
  position,
  data,
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel,
})

const solid = (bars: Bar[], surface: string) => ({
  type: 'bar',
  stack: 'people',
  barWidth: BAR,
  cursor: 'pointer',
  data: bars.map(({ value, color, pattern = 0 }) => ({ value, itemStyle: { color, decal: decal(pattern, surface) } })),
})

const hatched = (bars: Bar[], palette: { stay: string; text: string }, hasLabels: boolean) => ({
  type: 'bar',
  stack: 'people',
  barWidth: BAR,
  cursor: 'pointer',
  data: bars.map(({ rest = 0 }) => rest),
  itemStyle: { color: hatch(palette.stay), borderColor: palette.stay, borderWidth: 1 },
  label: { show: hasLabels, position: 'right', color: palette.text, formatter: ({ dataIndex }: { dataIndex: number }) => bars[dataIndex]?.label ?? '' },
})

/** A line of which only the points show: the charts' chunk has no other series for that. */
const marks = (bars: Bar[], palette: { text: string; surface: string }) => ({
  type: 'line',
  lineStyle: { opacity: 0 },
  symbol: 'rect',
  symbolSize: MARK,
  cursor: 'pointer',
  z: 3,
  itemStyle: { color: palette.text, borderColor: palette.surface, borderWidth: 1 },
  data: bars.every(({ mark }) => mark === undefined) ? [] : bars.map(({ mark }, i) => [mark ?? '-', i]),
})

/** Calls back with the part and the bar that is clicked; returns how to stop. */
export function onBar(chart: EChartsType, open: (part: number, bar: number) => void): () => void {
  const onClick = ({ seriesIndex, dataIndex }: { seriesIndex?: number; dataIndex: number }) => open(seriesIndex ?? VALUE, dataIndex)
  chart.on('click', onClick)
  return () => {
    if (!chart.isDisposed()) chart.off('click', onClick)
  }
}
