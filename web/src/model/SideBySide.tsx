// The same people under two sets of rules: how many are in each state, and who is in another one.

import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo, type ReactNode } from 'react'
import { useModelComparison } from '../api/models'
import type { State } from '../api/types'
import { Failure } from '../app/Failure'
import { BAR_HEIGHT, barsOption, onBar } from '../chart/barsOption'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { columnCells, columnStates, columnSum, moved, moves, rowCells, rowStates, rowSum, sum, type Flow } from '../flow/matrix'
import { CellSwitch } from '../flow/CellSwitch'
import { Matrix, type MatrixWords } from '../flow/Matrix'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { looks as looksOf, lookOf, type Looks } from '../states/look'
import { Swatch } from '../states/Swatch'
import { useTheme } from '../theme'
import { STATE_COLORS } from '../theme/tokens'
import type { Cell, Selection } from '../view/selection'
import type { ViewState } from '../view/useView'
import type { View } from '../view/view'
import type { ModelRef } from './doors'
import { flowOf } from './rules'
import { cellsShape } from './cells'

export interface Side {
  model: ModelRef
  title: string
  states: readonly State[]
}

export interface SideBySideProps {
  a: Side
  b: Side
  view: View
  selection: Selection | undefined
  select: ViewState['select']
  change: ViewState['change']
  /** A scope's name, for sentences. */
  scope: string
  controls?: ReactNode
}

export function SideBySide({ a, b, ...props }: SideBySideProps) {
  const compared = useModelComparison(a.model, b.model, props.view)
  if (compared.error) return <Failure error={compared.error} onRetry={() => void compared.refetch()} />
  if (!compared.data) return null
  return <Compared {...props} a={a} b={b} flow={flowOf(compared.data)} isStale={compared.isPlaceholderData} />
}

interface ComparedProps extends SideBySideProps {
  flow: Flow
  isStale: boolean
}

function Compared({ a, b, flow, isStale, scope, ...props }: ComparedProps) {
  const { t, exact, language } = useSpeech()
  const { view, selection, select, change } = props
  const looks = useMemo(() => looksOf(a.states, language), [a.states, language])
  const columnLooks = useMemo(() => looksOf(b.states, language), [b.states, language])
  const say = useCellsSaid({ a, b, flow, looks, columnLooks, view, scope })
  // Of models that share no state, everybody is in another one, which says nothing.
  const isKin = a.states.some(({ name }) => b.states.some((state) => state.name === name))
  const words: MatrixWords = {
    title: t(isKin ? 'whatif.matrix' : 'whatif.cross'),
    caption: t('whatif.caption', { a: a.title, b: b.title }),
    corner: t('whatif.corner'),
    cell: ({ from, to }, count) => t('whatif.cell', { a: a.title, b: b.title, from: lookOf(looks, from).title, to: lookOf(columnLooks, to).title, count: exact(count) }),
  }
  const section = { view, names: flow.states, looks, say: (one: Selection) => say(one.kind === 'flow' ? one.cells : []), selection, select, change }
  return (
    <>
      {isKin && <Moved flow={flow} say={say} selection={selection} select={select} />}
      <div className={flow.states.length > 6 ? 'flow stacked' : 'flow'}>
        <Bars a={a} b={b} flow={flow} isStale={isStale} looks={looks} columnLooks={columnLooks} say={say} select={(cells) => select({ kind: 'flow', cells })} fileName={`weir-compare-${view.asOf}`} />
        <Matrix
          {...section}
          flow={flow}
          isStale={isStale}
          words={words}
          columnLooks={columnLooks}
          controls={<CellSwitch cell={view.cell} onChange={(cell) => change({ cell })} />}
        />
      </div>
    </>
  )
}

interface MovedProps extends Pick<SideBySideProps, 'selection' | 'select'> {
  flow: Flow
  say: (cells: readonly Cell[]) => string
}

/** How many would be in another state, as a door. */
function Moved({ flow, say, selection, select }: MovedProps) {
  const { t, percent } = useSpeech()
  const people = sum(rowStates(flow).map((state) => rowSum(flow, state)))
  const cells = moves(flow).map(({ cell }) => cell)
  if (cells.length === 0) return <p className="quiet">{t('whatif.same')}</p>
  return (
    <p className="whatif-changed">
      <Count
        value={moved(flow)}
        isExact
        className="big"
        sentence={say(cells)}
        isOpen={selection?.kind === 'flow' && selection.cells.length === cells.length}
        onOpen={() => select({ kind: 'flow', cells })}
        testId="whatif-moved"
      />
      <span className="quiet">{t('whatif.changed', { share: percent(moved(flow), people) })}</span>
    </p>
  )
}

interface SaidProps extends Pick<SideBySideProps, 'a' | 'b' | 'view' | 'scope'> {
  flow: Flow
  looks: Looks
  columnLooks: Looks
}

/** Some cells of a comparison in a sentence. */
export function useCellsSaid({ a, b, flow, looks, columnLooks, view, scope }: SaidProps): (cells: readonly Cell[]) => string {
  const { t, language } = useSpeech()
  return (cells) => {
    const shape = cellsShape(rowStates(flow), columnStates(flow), cells)
    const [from, to] = [lookOf(looks, shape.from ?? '').title, lookOf(columnLooks, shape.to ?? '').title]
    const values = { a: a.title, b: b.title, date: view.asOf, scope, from, to }
    if (shape.kind !== 'block') return t(`whatif.said_${shape.kind}`, values)
    const told = cells.map((cell) => t('flow.move', { from: lookOf(looks, cell.from).title, to: lookOf(columnLooks, cell.to).title }))
    return t('whatif.said_block', { ...values, n: cells.length, cells: listed(told, 'disjunction', language) })
  }
}

interface BarsProps extends Pick<ComparedProps, 'a' | 'b' | 'flow' | 'isStale'> {
  looks: Looks
  columnLooks: Looks
  say: (cells: readonly Cell[]) => string
  select: (cells: Cell[]) => void
  fileName: string
}

/** States of the second set, with a mark where the first has one of the same name. */
function Bars({ a, b, flow, isStale, looks, columnLooks, say, select, fileName }: BarsProps) {
  const { t, exact, language } = useSpeech()
  const { theme } = useTheme()
  const before = (state: string) => (rowStates(flow).includes(state) ? rowSum(flow, state) : undefined)
  const columns = columnStates(flow)
  const rows = columns.map((state) => ({ state, look: lookOf(columnLooks, state), after: columnSum(flow, state), before: before(state) }))
  const bars = rows.map(({ look, after, before }) => ({ title: look.title, value: after, mark: before, label: exact(after), color: STATE_COLORS[theme][look.slot], pattern: look.pattern }))
  const option = barsOption({ bars, theme, words: { value: b.title, mark: a.title }, exact, right: 84 })
  const onReady = useCallback(
    (chart: EChartsType) => onBar(chart, (_, i) => select(columnCells(flow, columns[i] ?? ''))),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is chosen goes into the address, whichever function puts it there
    [flow],
  )
  const told = rows.map(({ look, after, before }) => t('whatif.summary_state', { state: look.title, after: exact(after), before: before === undefined ? '–' : exact(before) }))
  return (
    <Chart
      level={3}
      title={t('whatif.chart', { b: b.title })}
      summary={t('whatif.summary', { a: a.title, b: b.title, states: listed(told, 'conjunction', language) })}
      option={option}
      height={rows.length * BAR_HEIGHT + 8}
      onReady={onReady}
      isStale={isStale}
      fileName={fileName}
      csvRows={() => [['state', 'before', 'after'], ...rows.map(({ state, after, before }) => [state, before ?? '', after])]}
      table={<Table a={a} b={b} flow={flow} looks={looks} columnLooks={columnLooks} say={say} select={select} />}
      hint={t('whatif.hint', { a: a.title })}
    />
  )
}

function Table({ a, b, flow, looks, columnLooks, say, select }: Pick<BarsProps, 'a' | 'b' | 'flow' | 'looks' | 'columnLooks' | 'say' | 'select'>) {
  const { t, exact } = useSpeech()
  const [rows, columns] = [rowStates(flow), columnStates(flow)]
  const look = (state: string) => lookOf(columns.includes(state) ? columnLooks : looks, state)
  const door = (cells: Cell[], value: number) => <Count value={value} isExact sentence={say(cells)} onOpen={() => select(cells)} />
  return (
    <table className="grid">
      <thead>
        <tr>
          {[t('whatif.state'), a.title, b.title, t('whatif.difference')].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {flow.states.map((state) => (
          <tr key={state}>
            <th scope="row">
              <Swatch look={look(state)} /> {look(state).title}
            </th>
            <td>{rows.includes(state) && door(rowCells(flow, state), rowSum(flow, state))}</td>
            <td>{columns.includes(state) && door(columnCells(flow, state), columnSum(flow, state))}</td>
            <td>{signed(columnSum(flow, state) - rowSum(flow, state), exact)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const signed = (value: number, exact: (value: number) => string) => `${value > 0 ? '+' : value < 0 ? '−' : '±'}${exact(Math.abs(value))}`
