// The funnel as ECharts wants it: a bar for each step, and hatched behind it those who did not go on.

import type { EChartsCoreOption } from 'echarts/core'
import { hatch } from '../chart/hatch'
import { tooltipHtml } from '../chart/html'
import { PALETTES, STATE_COLORS, type Theme } from '../theme/tokens'
import { dropped } from './funnel'

export const BAR_HEIGHT = 46

export interface FunnelInput {
  counts: number[]
  titles: string[]
  theme: Theme
  converted: string
  dropped: string
  exact: (value: number) => string
  percent: (part: number, whole: number) => string
}

/** Room for the titles to the left and the figures to the right, in pixels. */
const ROOM = 150
const LABELS = 128

export function funnelOption(input: FunnelInput): EChartsCoreOption {
  const { counts, titles, theme, exact, percent } = input
  const palette = PALETTES[theme]
  const color = STATE_COLORS[theme].aware
  const label = (i: number) => `${exact(counts[i] ?? 0)} · ${percent(counts[i] ?? 0, counts[0] ?? 0)}`
  return {
    animation: false,
    grid: { left: ROOM, right: LABELS, top: 4, bottom: 4 },
    xAxis: { type: 'value', min: 0, max: Math.max(1, counts[0] ?? 0), show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: titles,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { width: ROOM - 12, overflow: 'truncate', color: palette.text, fontSize: 13 },
    },
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: ({ seriesIndex, dataIndex, value }: { seriesIndex: number; dataIndex: number; value: number }) =>
        tooltipHtml(titles[dataIndex] ?? '', [{ color, name: seriesIndex === 0 ? input.converted : input.dropped, value: exact(value) }]),
    },
    series: [
      {
        type: 'bar',
        stack: 'people',
        data: counts,
        barWidth: 26,
        itemStyle: { color },
        cursor: 'pointer',
        label: { show: false },
      },
      {
        type: 'bar',
        stack: 'people',
        data: counts.map((_, i) => dropped(counts, i)),
        cursor: 'pointer',
        itemStyle: { color: hatch(palette.stay), borderColor: palette.stay, borderWidth: 1 },
        label: { show: true, position: 'right', formatter: ({ dataIndex }: { dataIndex: number }) => label(dataIndex), color: palette.text },
      },
    ],
  }
}
