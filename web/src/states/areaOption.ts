// The stacked area as ECharts wants it.

import type { EChartsCoreOption } from 'echarts/core'
import { decal } from '../chart/hatch'
import { tooltipHtml } from '../chart/html'
import { dayNumber, numberedDay, type Day } from '../format/day'
import { PALETTES, STATE_COLORS, type Theme } from '../theme/tokens'
import { countedAt, heightOf, type Distribution } from './area'
import { lookOf, type Looks } from './look'

/** Room around the plot, in pixels. */
export const GRID = { left: 56, top: 28, bottom: 32 }
const MOST_TICKS = 7

export interface AreaInput {
  shown: Distribution[]
  names: string[]
  looks: Looks
  theme: Theme
  unit: 'people' | 'share'
  top: number
  /** Room for the labels to the right, in pixels. */
  right: number
  /** Dates of the flow. */
  marks: { date: Day; name: string }[]
  exact: (value: number) => string
  compact: (value: number) => string
  percent: (part: number, whole: number) => string
}

/** Dates are numbers on the axis, so that steps of any length keep their proportion. */
export const dayOf = dayNumber

export function areaOption(input: AreaInput): EChartsCoreOption {
  const { shown, unit, top, compact, percent, theme } = input
  const days = shown.map(({ date }) => dayOf(date))
  const [first = 0, last = 0] = [days[0], days.at(-1)]
  const palette = PALETTES[theme]
  return {
    animation: false,
    grid: { ...GRID, right: input.right, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: first,
      max: last,
      axisLabel: { customValues: ticks(days), formatter: (day: number) => numberedDay(Math.round(day)), hideOverlap: true },
      axisTick: { customValues: ticks(days), show: true },
      splitLine: { show: false },
      axisPointer: { label: { show: false } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: top,
      interval: top / 4,
      axisLabel: { formatter: (value: number) => (unit === 'share' ? percent(value, 1).replace('.0', '') : compact(value)) },
    },
    tooltip: { trigger: 'axis', confine: true, formatter: (points: { axisValue: number }[]) => tooltip(points, input) },
    series: input.names.map((state, i) => series(state, i === 0 ? input.marks : [], input, palette.surface, palette.text)),
  }
}

/** A few dates, evenly spread, the last among them. */
function ticks(days: number[]): number[] {
  const step = Math.max(1, Math.ceil(days.length / MOST_TICKS))
  return days.filter((_, i) => (days.length - 1 - i) % step === 0)
}

function series(state: string, marks: AreaInput['marks'], input: AreaInput, surface: string, text: string): object {
  const { shown, looks, theme, unit } = input
  const look = lookOf(looks, state)
  const color = STATE_COLORS[theme][look.slot]
  const days = shown.map(({ date }) => dayOf(date))
  const inRange = marks.filter(({ date }) => dayOf(date) >= (days[0] ?? 0) && dayOf(date) <= (days.at(-1) ?? 0))
  return {
    name: look.title,
    type: 'line',
    stack: 'states',
    symbol: 'none',
    showSymbol: days.length === 1,
    data: shown.map((at) => [dayOf(at.date), heightOf(at, state, unit)]),
    color,
    itemStyle: { color, decal: decal(look.pattern, surface) },
    lineStyle: { width: 1, color: surface },
    areaStyle: { color, opacity: 1 },
    emphasis: { disabled: true },
    markLine: inRange.length === 0 ? undefined : {
      silent: true,
      symbol: 'none',
      lineStyle: { color: text, type: [4, 4], width: 1 },
      label: { color: text, formatter: ({ name }: { name: string }) => name, position: 'end', fontSize: 12 },
      data: inRange.map(({ date, name }) => ({ xAxis: dayOf(date), name })),
    },
  }
}

function tooltip(points: { axisValue: number }[], { shown, names, looks, theme, exact, percent }: AreaInput): string {
  const at = shown.find(({ date }) => dayOf(date) === Math.round(points[0]?.axisValue ?? 0))
  if (!at) return ''
  const rows = [...names].reverse().map((state) => {
    const look = lookOf(looks, state)
    const count = at.states[state] ?? 0
    const value = `${exact(count)} · ${percent(count, countedAt(at))}`
    return { color: STATE_COLORS[theme][look.slot], name: look.title, value }
  })
  return tooltipHtml(at.date, rows)
}
