// The Sankey diagram as ECharts wants it.

import type { EChartsCoreOption } from 'echarts/core'
import { decal, hatch } from '../chart/hatch'
import { tooltipHtml } from '../chart/html'
import { lookOf, type Look, type Looks } from '../states/look'
import { PALETTES, STATE_COLORS, type Theme } from '../theme/tokens'
import { sum, type Flow } from './matrix'
import { NODE_GAP, type Link, type Node, type Sankey } from './sankey'

export interface SankeyInput {
  drawn: Sankey
  flow: Flow
  looks: Looks
  theme: Theme
  /** Room for the labels on both sides, in pixels. */
  side: number
  exact: (value: number) => string
  compact: (value: number) => string
  percent: (part: number, whole: number) => string
}

/** Room for the dates above. */
export const HEAD = 28
const NODE_WIDTH = 14

/** How every Sankey diagram lies and answers to the mouse; `side` is the room for its labels. */
export function frame(side: number, height: number): object {
  return {
    type: 'sankey',
    left: side,
    right: side,
    top: HEAD,
    height,
    nodeGap: NODE_GAP,
    nodeWidth: NODE_WIDTH,
    layoutIterations: 0,
    draggable: false,
    emphasis: { focus: 'trajectory' },
    blur: { lineStyle: { opacity: 0.08 }, itemStyle: { opacity: 0.4 } },
  }
}

/** A state's node: its colour, or hatched. */
export function nodeStyle(look: Look, theme: Theme): object {
  const palette = PALETTES[theme]
  return {
    color: fill(look, theme),
    decal: look.isHatched ? undefined : decal(look.pattern, palette.surface),
    borderColor: look.isHatched ? palette.secondary : undefined,
    borderWidth: look.isHatched ? 1 : 0,
  }
}

/** A link has the colour of where it comes from; those who stay are grey. */
export function linkStyle(from: Look, isStay: boolean, theme: Theme): object {
  const color = isStay ? PALETTES[theme].stay : fill(from, theme)
  return { lineStyle: { color, opacity: isStay ? 0.3 : 0.35 }, emphasis: { lineStyle: { opacity: 0.6 } } }
}

export function sankeyOption(input: SankeyInput): EChartsCoreOption {
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

type Fill = string | ReturnType<typeof hatch>

function fill(look: Look, theme: Theme): Fill {
  return look.isHatched ? hatch(PALETTES[theme].secondary) : STATE_COLORS[theme][look.slot]
}

function nodeItem({ id, state, depth, count, localY }: Node, { looks, theme, side, exact, compact }: SankeyInput): object {
  const palette = PALETTES[theme]
  const look = lookOf(looks, state)
  return {
    name: id,
    depth,
    value: count,
    localY,
    itemStyle: nodeStyle(look, theme),
    label: {
      position: depth === 0 ? 'left' : 'right',
      color: palette.text,
      width: side - 8,
      overflow: 'truncate',
      formatter: () => `${look.title}{gap|}{n|${count < 100_000 ? exact(count) : compact(count)}}`,
      fontSize: 13,
      rich: { gap: { width: 6 }, n: { color: palette.text, fontSize: 13, fontWeight: 600 } },
    },
  }
}

function linkItem({ source, target, cell, count, isStay }: Link, { looks, theme }: SankeyInput): object {
  return { source, target, value: count, ...linkStyle(lookOf(looks, cell.from), isStay, theme) }
}

interface Hovered {
  dataType?: string
  data?: { name?: string; source?: string; target?: string }
}

function tooltip({ dataType, data }: Hovered, { drawn, flow, looks, exact, percent }: SankeyInput): string {
  const title = (state: string) => lookOf(looks, state).title
  const everyone = sum(flow.matrix.map(sum))
  if (dataType === 'node') {
    const node = drawn.nodes.find(({ id }) => id === data?.name)
    if (!node) return ''
    const date = node.depth === 0 ? flow.from : flow.to
    return tooltipHtml(`${title(node.state)} · ${date}`, [{ name: exact(node.count), value: percent(node.count, everyone) }])
  }
  const link = drawn.links.find(({ source, target }) => source === data?.source && target === data?.target)
  if (!link) return ''
  const out = drawn.nodes.find(({ id }) => id === link.source)?.count ?? 0
  const into = drawn.nodes.find(({ id }) => id === link.target)?.count ?? 0
  return tooltipHtml(`${title(link.cell.from)} → ${title(link.cell.to)}`, [
    { name: flow.to, value: exact(link.count) },
    { name: `${title(link.cell.from)} · ${flow.from}`, value: percent(link.count, out) },
    { name: `${title(link.cell.to)} · ${flow.to}`, value: percent(link.count, into) },
  ])
}
