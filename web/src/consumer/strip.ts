// The states that a person went through as one bar, as ECharts wants it.

import type { EChartsCoreOption } from 'echarts/core'
import { decal } from '../chart/hatch'
import { tooltipHtml } from '../chart/html'
import { addDays, daysBetween, type Day } from '../format/day'
import { lookOf, type Looks } from '../states/look'
import { PALETTES, STATE_COLORS, type Theme } from '../theme/tokens'

export interface Span {
  state: string
  from: Day
  to: Day
}

export const STRIP_HEIGHT = 104
/** From this part of the bar on a span has room for its name. */
const HAS_ROOM = 0.09

export const daysOf = ({ from, to }: Span): number => daysBetween(from, to) + 1

/** Days in each state, most first. */
export function totals(spans: readonly Span[]): { state: string; days: number }[] {
  const days = new Map<string, number>()
  for (const span of spans) days.set(span.state, (days.get(span.state) ?? 0) + daysOf(span))
  return [...days].map(([state, days]) => ({ state, days })).sort((a, b) => b.days - a.days)
}

interface Input {
  spans: readonly Span[]
  looks: Looks
  theme: Theme
  /** `12 days`. */
  inDays: (days: number) => string
}

export function stripOption({ spans, looks, theme, inDays }: Input): EChartsCoreOption {
  const first = spans[0]?.from ?? ''
  const total = spans.reduce((sum, span) => sum + daysOf(span), 0)
  const palette = PALETTES[theme]
  const series = spans.map((span) => {
    const look = lookOf(looks, span.state)
    const color = STATE_COLORS[theme][look.slot]
    return {
      type: 'bar',
      stack: 'states',
      barWidth: 34,
      data: [daysOf(span)],
      itemStyle: { color, borderColor: palette.surface, borderWidth: 1, decal: decal(look.pattern, palette.surface) },
      emphasis: { disabled: true },
      // Text is neutral and stands above the colour, where it can be read on any of them.
      label: { show: daysOf(span) / total >= HAS_ROOM, position: [4, -18], formatter: look.title, color: palette.text, fontSize: 13 },
    }
  })
  return {
    animation: false,
    grid: { left: 44, right: 44, top: 26, bottom: 26, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: 0,
      max: Math.max(1, total),
      splitLine: { show: false },
      axisLabel: { formatter: (day: number) => addDays(first, Math.min(total - 1, Math.round(day))), hideOverlap: true, customValues: ticks(total) },
      axisTick: { customValues: ticks(total), show: true },
    },
    yAxis: { type: 'category', data: [''], show: false },
    tooltip: { trigger: 'item', confine: true, formatter: ({ seriesIndex }: { seriesIndex: number }) => tooltip(spans[seriesIndex], looks, theme, inDays) },
    series,
  }
}

function ticks(total: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * total))
}

function tooltip(span: Span | undefined, looks: Looks, theme: Theme, inDays: Input['inDays']): string {
  if (!span) return ''
  const look = lookOf(looks, span.state)
  return tooltipHtml(`${span.from} – ${span.to}`, [{ color: STATE_COLORS[theme][look.slot], name: look.title, value: inDays(daysOf(span)) }])
}
