// How many different people a plan reaches as money is spent, medium by medium.

import type { EChartsCoreOption } from 'echarts/core'
import { tooltipHtml } from '../chart/html'
import { PALETTES, type Theme } from '../theme/tokens'

export interface ReachPoint {
  title: string
  spent: number
  reach: number
  /** What was spent up to here, as the server says it. */
  money: string
  people: string
  added: string
}

export interface ReachInput {
  points: ReachPoint[]
  budget: number | undefined
  names: { spent: string; reach: string; added: string; budget: string }
  theme: Theme
  compact: (value: number) => string
}

/** Nothing is reached before anything is bought; a medium counts once it is paid. */
export function reachOption({ points, budget, names, theme, compact }: ReachInput): EChartsCoreOption {
  const palette = PALETTES[theme]
  const last = points.at(-1)
  const data = [[0, 0], ...points.map(({ spent, reach }) => [spent, reach]), ...(budget !== undefined && last && budget > last.spent ? [[budget, last.reach]] : [])]
  const isMedium = (i: number) => i > 0 && i <= points.length
  return {
    animation: false,
    grid: { left: 64, right: 32, top: 34, bottom: 44 },
    xAxis: { type: 'value', min: 0, name: names.spent, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: palette.secondary }, axisLabel: { formatter: compact, hideOverlap: true }, splitLine: { show: false } },
    yAxis: { type: 'value', min: 0, name: names.reach, nameTextStyle: { color: palette.secondary, align: 'right' }, axisLabel: { formatter: compact } },
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const point = points[dataIndex - 1]
        return point ? tooltipHtml(point.title, [{ name: names.reach, value: point.people }, { name: names.added, value: point.added }, { name: names.spent, value: point.money }]) : ''
      },
    },
    series: [
      {
        type: 'line',
        step: 'end',
        data,
        symbol: 'circle',
        symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (isMedium(dataIndex) ? 9 : 0),
        lineStyle: { color: palette.link, width: 2 },
        itemStyle: { color: palette.link },
        areaStyle: { color: palette.link, opacity: 0.08 },
        label: { show: true, position: 'top', color: palette.text, formatter: ({ dataIndex }: { dataIndex: number }) => (isMedium(dataIndex) ? String(dataIndex) : '') },
        markLine:
          budget === undefined
            ? undefined
            : { silent: true, symbol: 'none', animation: false, lineStyle: { color: palette.secondary, type: 'dashed' }, label: { formatter: names.budget, color: palette.secondary }, data: [{ xAxis: budget }] },
      },
    ],
  }
}
