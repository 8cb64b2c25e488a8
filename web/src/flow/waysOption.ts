// The Sankey diagram over several dates as ECharts wants it.

import type { EChartsCoreOption } from 'echarts/core'
import { tooltipHtml } from '../chart/html'
import { lookOf, type Looks } from '../states/look'
import { PALETTES, type Theme } from '../theme/tokens'
import { frame, linkStyle, nodeStyle } from './sankeyOption'
import { type DrawnWays, type WayLink, type WayNode } from './ways'

export interface WaysInput {
  drawn: DrawnWays
  looks: Looks
  theme: Theme
  /** Room for the labels on both sides, in pixels. */
  side: number
  exact: (value: number) => string
  compact: (value: number) => string
  percent: (part: number, whole: number) => string
}

/** A label needs so many pixels of a node to stand beside it in the middle of the picture. */
const LABEL_SIZE = 13

export function waysOption(input: WaysInput): EChartsCoreOption {
  const { drawn, side } = input
  return {
    animation: false,
    tooltip: { trigger: 'item', confine: true, formatter: (item: Hovered) => tooltip(item, input) },
    series: {
      ...frame(side, drawn.height),
      data: drawn.nodes.map((node) => nodeItem(node, input)),
      links: drawn.links.map((link) => linkItem(link, input)),
    },
  }
}

function nodeItem({ id, state, depth, count, localY }: WayNode, { drawn, looks, theme, side, exact, compact }: WaysInput): object {
  const palette = PALETTES[theme]
  const look = lookOf(looks, state)
  const isEdge = depth === 0 || depth === drawn.dates.length - 1
  return {
    name: id,
    depth,
    value: count,
    localY,
    itemStyle: nodeStyle(look, theme),
    label: {
      position: depth === 0 ? 'left' : 'right',
      color: palette.text,
      fontSize: LABEL_SIZE,
      ...(isEdge ? { width: side - 8, overflow: 'truncate' } : {}),
      formatter: () => (isEdge ? `${look.title}{gap|}{n|${shown(count, exact, compact)}}` : shown(count, exact, compact)),
      rich: { gap: { width: 6 }, n: { color: palette.text, fontSize: LABEL_SIZE, fontWeight: 600 } },
    },
  }
}

const shown = (count: number, exact: WaysInput['exact'], compact: WaysInput['compact']) => (count < 100_000 ? exact(count) : compact(count))

function linkItem({ source, target, from, count, isStay }: WayLink, { looks, theme }: WaysInput): object {
  return { source, target, value: count, ...linkStyle(lookOf(looks, from), isStay, theme) }
}

interface Hovered {
  dataType?: string
  data?: { name?: string; source?: string; target?: string }
}

function tooltip({ dataType, data }: Hovered, { drawn, looks, exact, percent }: WaysInput): string {
  const { dates } = drawn
  const title = (state: string) => lookOf(looks, state).title
  const node = (id: string | undefined) => drawn.nodes.find((one) => one.id === id)
  if (dataType === 'node') {
    const found = node(data?.name)
    return found ? tooltipHtml(`${title(found.state)} · ${dates[found.depth]}`, [{ name: '', value: exact(found.count) }]) : ''
  }
  const link = drawn.links.find(({ source, target }) => source === data?.source && target === data?.target)
  if (!link) return ''
  const out = node(link.source)?.count ?? 0
  return tooltipHtml(`${title(link.from)} ${dates[link.depth]} → ${title(link.to)} ${dates[link.depth + 1]}`, [
    { name: title(link.to), value: exact(link.count) },
    { name: `${title(link.from)} · ${dates[link.depth]}`, value: percent(link.count, out) },
  ])
}
