// The flow as a matrix: an HTML grid with one stop for Tab. Arrows move, Enter opens, Shift takes a block.

import { useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useSpeech } from '../i18n'
import { lookOf, type Looks } from '../states/look'
import type { Section } from '../states/section'
import { Swatch } from '../states/Swatch'
import { block, hasCell, type Cell } from '../view/selection'
import { at, cellsOf, lines, stepTo, type Place } from './grid'
import { balance, columnSum, countAt, isMove, rowSum, type Flow } from './matrix'

/** What the matrix is called and how it says a cell: two dates, or two models. */
export interface MatrixWords {
  title: string
  caption: string
  corner: string
  cell: (cell: Cell, count: number) => string
}

interface Props extends Section {
  flow: Flow
  isStale: boolean
  controls: ReactNode
  /** Without, it is a flow between two dates. */
  words?: MatrixWords
  /** How the columns look, where they are another model's states. */
  columnLooks?: Looks
}

function useFlowWords(flow: Flow, looks: Looks): MatrixWords {
  const { t, exact } = useSpeech()
  return {
    title: t('matrix.title'),
    caption: t('matrix.caption', { from: flow.from, to: flow.to }),
    corner: t('matrix.from_to', { from: flow.from.slice(5), to: flow.to.slice(5) }),
    cell: ({ from, to }, count) =>
      t('matrix.label', { from: lookOf(looks, from).title, fromDate: flow.from, to: lookOf(looks, to).title, toDate: flow.to, count: exact(count) }),
  }
}

export function Matrix({ flow, isStale, controls, words: own, columnLooks, ...section }: Props) {
  const { t } = useSpeech()
  const usual = useFlowWords(flow, section.looks)
  const words = own ?? usual
  return (
    <section className="card matrix" aria-labelledby="matrix-title">
      <div className="card-head">
        <h3 id="matrix-title">{words.title}</h3>
        <div className="card-controls">{controls}</div>
      </div>
      <p className="quiet">{words.caption}</p>
      <div className={isStale ? 'scroll stale' : 'scroll'} aria-busy={isStale}>
        <Grid {...section} flow={flow} words={words} columnLooks={columnLooks ?? section.looks} />
      </div>
      <Balance flow={flow} />
      <p className="quiet hint">{t('matrix.keys')}</p>
    </section>
  )
}

/** The check that every row and column adds up to the people followed. */
function Balance({ flow }: { flow: Flow }) {
  const { t, exact } = useSpeech()
  const { rows, columns, isEven } = balance(flow)
  const figures = { total: exact(flow.total), sum: exact(rows), merged: exact(flow.merged), erased: exact(flow.erased) }
  if (!isEven) {
    const text = t('matrix.unbalanced', { rows: exact(rows), columns: exact(columns), total: exact(flow.total) })
    return <p className="balance broken">{text}</p>
  }
  const key = rows === flow.total ? 'matrix.balanced' : 'matrix.balanced_lost'
  return (
    <p className="balance" data-testid="balance">
      {t(key, figures)}
    </p>
  )
}

interface GridProps extends Section {
  flow: Flow
  words: MatrixWords
  columnLooks: Looks
}

function Grid({ flow, words, columnLooks, ...section }: GridProps) {
  const { t } = useSpeech()
  const { looks, selection, select } = section
  const { rows, columns } = lines(flow)
  const [focus, setFocus] = useState<Place>({ row: 0, column: 0 })
  const anchor = useRef<Place>({ row: 0, column: 0 })
  const table = useRef<HTMLTableElement>(null)

  const open = (place: Place, isBlock: boolean) => {
    if (!isBlock) anchor.current = place
    const corners = [at(flow, anchor.current), at(flow, place)] as const
    const isInside = corners[0] !== undefined && corners[1] !== undefined
    const cells = isBlock && isInside ? block(flow.states, corners[0] as Cell, corners[1] as Cell) : cellsOf(flow, place)
    select({ kind: 'flow', cells: cells.filter(({ from, to }) => rows.includes(from) && columns.includes(to)) }, isBlock)
  }
  const go = (place: Place) => {
    setFocus(place)
    table.current?.querySelector<HTMLElement>(`[data-place="${place.row},${place.column}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent, place: Place) => {
    const next = stepTo(event.key, place, rows.length, columns.length)
    if (next) {
      event.preventDefault()
      go(next)
      if (event.shiftKey) open(next, true)
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(place, event.shiftKey)
    }
  }
  const cell = (place: Place): CellProps => ({
    ...section,
    flow,
    words,
    place,
    isFocus: place.row === focus.row && place.column === focus.column,
    isChosen: cellsOf(flow, place).every((one) => hasCell(selection, one)),
    onKeyDown: (event) => onKeyDown(event, place),
    onClick: (event) => {
      setFocus(place)
      open(place, event.shiftKey)
    },
  })
  return (
    <table ref={table} className="grid flow-grid" role="grid" aria-label={words.title} aria-multiselectable>
      <thead>
        <tr>
          <th scope="col" className="corner">
            {words.corner}
          </th>
          {columns.map((state) => (
            <th key={state} scope="col">
              <Swatch look={lookOf(columnLooks, state)} /> {lookOf(columnLooks, state).title}
            </th>
          ))}
          <th scope="col" className="sum">
            {t('matrix.sum')}
          </th>
        </tr>
      </thead>
      <tbody>
        {[...rows, undefined].map((state, row) => (
          <tr key={state ?? ''} className={state === undefined ? 'sum' : undefined}>
            <th scope="row">
              {state === undefined ? t('matrix.sum') : <><Swatch look={lookOf(looks, state)} /> {lookOf(looks, state).title}</>}
            </th>
            {[...columns, undefined].map((to, column) => (
              <GridCell key={to ?? ''} {...cell({ row, column })} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface CellProps extends Section {
  flow: Flow
  words: MatrixWords
  place: Place
  isFocus: boolean
  isChosen: boolean
  onKeyDown: (event: KeyboardEvent) => void
  onClick: (event: MouseEvent) => void
}

function GridCell({ flow, words, place, view, say, isFocus, isChosen, onKeyDown, onClick }: CellProps) {
  const { t, exact, percent } = useSpeech()
  const cells = cellsOf(flow, place)
  const one = at(flow, place)
  const count = cells.reduce((sum, cell) => sum + countAt(flow, cell), 0)
  const { rows, columns } = lines(flow)
  const [from, to] = [rows[place.row], columns[place.column]]
  const whole = flow.total - flow.merged - flow.erased
  const shown = {
    count: exact(count),
    row: percent(count, from === undefined ? whole : rowSum(flow, from)),
    column: percent(count, to === undefined ? whole : columnSum(flow, to)),
  }[view.cell]
  const moving = one !== undefined && isMove(one) && count > 0
  const share = from === undefined || rowSum(flow, from) === 0 ? 0 : count / rowSum(flow, from)
  const label = one
    ? words.cell(one, count)
    : t('count.open', { count: exact(count), sentence: say({ kind: 'flow', cells }) })
  const kind = one === undefined ? 'sum' : isMove(one) ? 'move' : 'stay'
  return (
    <td
      role="gridcell"
      className={[kind, isChosen && 'chosen', count === 0 && 'nobody'].filter(Boolean).join(' ')}
      style={moving ? ({ '--share': `${Math.round(8 + 40 * Math.sqrt(share))}%` } as React.CSSProperties) : undefined}
      tabIndex={isFocus ? 0 : -1}
      aria-label={label}
      aria-selected={isChosen}
      title={`${exact(count)} · ${say({ kind: 'flow', cells })}`}
      data-place={`${place.row},${place.column}`}
      data-count={count}
      data-testid={one ? `cell-${one.from}-${one.to}` : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {moving && (
        <span className="arrow" aria-hidden>
          →
        </span>
      )}
      {shown}
    </td>
  )
}
