// The flow as a Sankey diagram. Clicks on links and nodes open the people in them.

import { Segmented } from 'antd'
import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { listed, type Text } from '../i18n/text'
import { labelRoom } from '../states/area'
import { lookOf } from '../states/look'
import type { Section } from '../states/section'
import { useTheme } from '../theme'
import { hasCell, type Cell } from '../view/selection'
import { allCells, countAt, ENTERED, isMove, moved, moves, passing, sum, type Flow } from './matrix'
import { prefersMovers, sankey, type Sankey } from './sankey'
import { HEAD, sankeyOption } from './sankeyOption'

/** Labels of the diagram have no swatch; a node's own colour is beside them. */
const SWATCH = 16
/** Below the diagram. */
const FOOT = 12

interface Props extends Section {
  flow: Flow
  isStale: boolean
}

export function SankeySection({ flow, isStale, ...section }: Props) {
  const { t, exact, compact, percent, language } = useSpeech()
  const { theme } = useTheme()
  const { view, looks, select } = section
  const moversOnly = view.moves === 'auto' ? prefersMovers(flow) : view.moves === 'movers'
  const drawn = useMemo(() => sankey(flow, moversOnly), [flow, moversOnly])
  const side = labelRoom(drawn.nodes.map(({ state }) => lookOf(looks, state).title), exact(9_999)) - SWATCH
  const option = useMemo(
    () => sankeyOption({ drawn, flow, looks, theme, side, exact, compact, percent }),
    [drawn, flow, looks, theme, side, exact, compact, percent],
  )
  const onReady = useCallback(
    (chart: EChartsType) => listenToFlow(chart, drawn, (cells) => select({ kind: 'flow', cells })),
    [drawn, select],
  )
  const everyone = sum(flow.matrix.map(sum))
  const title = (state: string) => lookOf(looks, state).title
  const told = moves(flow)
    .slice(0, 3)
    .map(({ cell, count }) => t('flow.move_count', { from: title(cell.from), to: title(cell.to), count: exact(count) }))
  const summary = t('flow.summary', {
    from: flow.from,
    to: flow.to,
    movers: exact(moved(flow)),
    total: exact(everyone),
    moves: told.length > 0 ? listed(told, 'conjunction', language) : t('flow.nobody'),
  })
  return (
    <Chart
      level={3}
      title={headline(flow, t, exact, percent)}
      summary={summary}
      option={option}
      height={HEAD + drawn.height + FOOT}
      onReady={onReady}
      isStale={isStale}
      fileName={`weir-flow-${view.model}-${flow.from}-${flow.to}`}
      csvRows={() => [
        [flow.from, flow.to, 'count'],
        ...allCells(flow).map((cell) => [cell.from, cell.to, countAt(flow, cell)]),
      ]}
      table={<MoveTable {...section} flow={flow} />}
      overlay={
        <div className="flow-heads" style={{ height: HEAD, insetInline: side }} aria-hidden>
          <span>{flow.from}</span>
          <span>{flow.to}</span>
        </div>
      }
      controls={
        <Segmented
          aria-label={t('flow.shown')}
          value={moversOnly ? 'movers' : 'all'}
          options={(['all', 'movers'] as const).map((moves) => ({ value: moves, label: t(`flow.${moves}`) }))}
          onChange={(moves) => section.change({ moves })}
        />
      }
      hint={drawn.links.length === 0 ? t('flow.no_moves') : t('flow.hint')}
      below={drawn.small.length > 0 && <SmallFlows {...section} small={drawn.small} />}
    />
  )
}

/** How many moved; of a moving audience also who came and who went. */
function headline(flow: Flow, t: Text, exact: (value: number) => string, percent: (part: number, whole: number) => string): string {
  const { entered, left } = passing(flow)
  const count = moved(flow) - entered - left
  const everyone = sum(flow.matrix.map(sum))
  if (!flow.states.includes(ENTERED)) return t('flow.moved', { count: exact(count), share: percent(count, everyone) })
  return t('flow.moved_through', { moved: exact(count), entered: exact(entered), left: exact(left) })
}

/** A node stands for all its cells that are shown, a link for one. */
function listenToFlow(chart: EChartsType, drawn: Sankey, open: (cells: Cell[]) => void): () => void {
  const onClick = (event: unknown) => {
    const { dataType, data } = event as { dataType?: string; data?: { name?: string; source?: string; target?: string } }
    if (dataType === 'node') {
      const node = drawn.nodes.find(({ id }) => id === data?.name)
      if (node) open(node.cells)
    }
    if (dataType === 'edge') {
      const link = drawn.links.find(({ source, target }) => source === data?.source && target === data?.target)
      if (link) open([link.cell])
    }
  }
  chart.on('click', onClick)
  return () => {
    if (!chart.isDisposed()) chart.off('click', onClick)
  }
}

/** What is too thin to be drawn is listed, so that nothing is missing. */
function SmallFlows({ small, looks, say, selection, select }: Section & { small: Sankey['small'] }) {
  const { t } = useSpeech()
  const title = (state: string) => lookOf(looks, state).title
  return (
    <div className="small-flows">
      <span className="quiet">{t('flow.small', { n: small.length, count: sum(small.map(({ count }) => count)) })}</span>
      <ul>
        {small.map(({ cell, count }) => {
          const chosen = { kind: 'flow' as const, cells: [cell] }
          return (
            <li key={`${cell.from}|${cell.to}`}>
              {t('flow.move', { from: title(cell.from), to: title(cell.to) })}{' '}
              <Count value={count} isExact sentence={say(chosen)} isOpen={hasCell(selection, cell)} onOpen={() => select(chosen)} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Every cell that holds anybody, largest first. */
function MoveTable({ flow, looks, say, selection, select }: Section & { flow: Flow }) {
  const { percent, t } = useSpeech()
  const everyone = sum(flow.matrix.map(sum))
  const cells = allCells(flow)
    .filter((cell) => countAt(flow, cell) > 0)
    .sort((a, b) => countAt(flow, b) - countAt(flow, a))
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('flow.title')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{flow.from}</th>
            <th scope="col">{flow.to}</th>
            <th scope="col">{t('matrix.count')}</th>
            <th scope="col">%</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => {
            const chosen = { kind: 'flow' as const, cells: [cell] }
            return (
              <tr key={`${cell.from}|${cell.to}`}>
                <th scope="row">{lookOf(looks, cell.from).title}</th>
                <td className="text">{isMove(cell) ? `→ ${lookOf(looks, cell.to).title}` : lookOf(looks, cell.to).title}</td>
                <td>
                  <Count value={countAt(flow, cell)} isExact sentence={say(chosen)} isOpen={hasCell(selection, cell)} onOpen={() => select(chosen)} />
                </td>
                <td>{percent(countAt(flow, cell), everyone)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
