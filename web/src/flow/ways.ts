// From paths over several dates to what a Sankey diagram of them draws. Pure, like sankey.ts, and with its rules: a state
// at two dates is two nodes, the order is the model's, and what is too thin or too much goes to `small`.

import type { Stop } from '../view/selection'
import { sum } from './matrix'
import { largest, LEAST_HEIGHT, MOST_LINKS, MOSTLY_STAY, nodeId, pixelsPerPerson, placed, ROW_HEIGHT, THINNEST } from './sankey'

export interface Ways {
  dates: string[]
  /** Names that somebody may have; rows and columns of `flows`. */
  states: string[]
  paths: { states: string[]; count: number }[]
  others: { paths: number; count: number }
  /** From each date to the next. */
  flows: number[][][]
}

export interface WayNode {
  id: string
  state: string
  depth: number
  count: number
  localY: number
}

export interface WayLink {
  source: string
  target: string
  depth: number
  from: string
  to: string
  count: number
  isStay: boolean
}

export interface DrawnWays {
  dates: string[]
  nodes: WayNode[]
  links: WayLink[]
  small: WayLink[]
  height: number
}

/** Who never moved, by state: known exactly where every path is listed. */
export function stayers({ paths, others }: Ways): Map<string, number> | undefined {
  if (others.paths > 0) return undefined
  const constant = paths.filter(({ states }) => states.every((state) => state === states[0]))
  return new Map(constant.map(({ states, count }) => [states[0] ?? '', count]))
}

/** Whether most never moved, so that the others are the better picture; nothing where that is not known exactly. */
export function isMostlyStill(ways: Ways): boolean | undefined {
  const still = stayers(ways)
  if (still === undefined) return undefined
  const count = sum([...still.values()])
  const everyone = waysTotal(ways)
  return count < everyone && count > everyone * MOSTLY_STAY
}

/** How many people a name has at a date, of those shown. */
function countsAt(ways: Ways, depth: number, hidden: Map<string, number>): number[] {
  const isLast = depth === ways.flows.length
  const flow = ways.flows[isLast ? depth - 1 : depth] ?? []
  return ways.states.map((state, i) => {
    const all = isLast ? sum(flow.map((row) => row[i] ?? 0)) : sum(flow[i] ?? [])
    return all - (hidden.get(state) ?? 0)
  })
}

/** All people, or without those who never moved. */
export function drawWays(ways: Ways, moversOnly: boolean): DrawnWays {
  const hidden = (moversOnly ? stayers(ways) : undefined) ?? new Map<string, number>()
  const columns = ways.dates.map((date, depth) => {
    const counts = countsAt(ways, depth, hidden)
    return largest(ways.states.map((state, i) => ({ id: nodeId(date, state), state, depth, count: counts[i] ?? 0 })))
  })
  const height = Math.max(LEAST_HEIGHT, ROW_HEIGHT * Math.max(0, ...columns.map((nodes) => nodes.length)))
  const scale = pixelsPerPerson(columns, height)
  const nodes = columns.flatMap((column) => placed(column, scale, height))
  return { dates: ways.dates, nodes, height, ...linksOf(ways, hidden, new Set(nodes.map(({ id }) => id)), scale) }
}

function linksOf(ways: Ways, hidden: Map<string, number>, ids: Set<string>, scale: number): Pick<DrawnWays, 'links' | 'small'> {
  const links: WayLink[] = []
  const small: WayLink[] = []
  for (const link of allLinks(ways, hidden)) {
    const isDrawn = ids.has(link.source) && ids.has(link.target) && link.count * scale >= THINNEST && links.length < MOST_LINKS
    ;(isDrawn ? links : small).push(link)
  }
  return { links, small }
}

/** Every link that holds anybody, the largest first. */
function allLinks({ dates, states, flows }: Ways, hidden: Map<string, number>): WayLink[] {
  const links = flows.flatMap((flow, depth) =>
    states.flatMap((from, i) =>
      states.map((to, j) => ({
        source: nodeId(dates[depth] ?? '', from),
        target: nodeId(dates[depth + 1] ?? '', to),
        depth,
        from,
        to,
        count: (flow[i]?.[j] ?? 0) - (from === to ? (hidden.get(from) ?? 0) : 0),
        isStay: from === to,
      })),
    ),
  )
  return links.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
}

const stopsOf = (dates: readonly string[], at: (depth: number) => string | null): Stop[] => dates.map((date, depth) => ({ date, state: at(depth) }))

/** The people of a node, a link, a path. */
export const nodeStops = (dates: readonly string[], node: Pick<WayNode, 'depth' | 'state'>): Stop[] =>
  stopsOf(dates, (depth) => (depth === node.depth ? node.state : null))

export const linkStops = (dates: readonly string[], link: Pick<WayLink, 'depth' | 'from' | 'to'>): Stop[] =>
  stopsOf(dates, (depth) => (depth === link.depth ? link.from : depth === link.depth + 1 ? link.to : null))

export const pathStops = (dates: readonly string[], states: readonly string[]): Stop[] => stopsOf(dates, (depth) => states[depth] ?? null)

/** How many a choice counts by the figures that are there; nothing where they do not say. */
export function stopsCount(ways: Ways, stops: readonly Stop[]): number | undefined {
  const named = stops.flatMap(({ state }, depth) => (state === null ? [] : [{ state, depth }]))
  const [first, second] = named
  if (stops.length !== ways.dates.length || stops.some(({ date }, depth) => date !== ways.dates[depth]) || !first) return undefined
  if (named.length === 1) return countsAt(ways, first.depth, new Map())[ways.states.indexOf(first.state)]
  if (named.length === 2 && second && second.depth === first.depth + 1) {
    return ways.flows[first.depth]?.[ways.states.indexOf(first.state)]?.[ways.states.indexOf(second.state)]
  }
  if (named.length < stops.length) return undefined
  return ways.paths.find(({ states }) => states.every((state, depth) => state === stops[depth]?.state))?.count
}

/** People of all paths, listed or not. */
export const waysTotal = ({ paths, others }: Ways): number => sum(paths.map(({ count }) => count)) + others.count

/** Dates ascend, each once. */
export function withDate(dates: readonly string[], date: string): string[] {
  return [...new Set([...dates, date])].sort()
}
