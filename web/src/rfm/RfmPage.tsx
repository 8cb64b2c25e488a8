// Who bought how recently, how often, for how much: a grid whose figures are people and whose shade is money, by mouse and by keyboard.

import { FileTextOutlined } from '@ant-design/icons'
import { Alert, Button, Segmented, Skeleton } from 'antd'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useRfm } from '../api/rfm'
import type { Rfm, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { anyOf } from '../builder/usual'
import { csv } from '../chart/csv'
import { downloadText } from '../chart/download'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { inSentence } from '../format/day'
import { useSpeech } from '../i18n'
import { Field, WhoSelect } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { writeWho, type QueryChanges } from '../view/view'
import { Thresholds } from './Thresholds'
import { useGroupName } from './useGroupName'
import { cellAt, methodJson, METHODS, readBlock, readFixed, scoresOf, squares, stepTo, writeBlock, writeFixed, type Square } from './rfm'

export function RfmPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('rfm.title'))
  const [query, setQuery] = useAddress()
  const { view } = useView(workspace)
  const method = METHODS.find((one) => one === query.get('method')) ?? 'quantile'
  const fixed = readFixed(query.get('fixed'))
  const rfm = useRfm(methodJson(method, fixed), view.asOf, view.who)
  const change = (changes: QueryChanges) => setQuery({ open: null, ...changes })
  const open = query.get('open')
  const onOpen = (next: string | null, isRefinement = false) => setQuery({ open: next }, { replace: isRefinement })
  const door = useDoor(rfm.data, open)
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('rfm.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={rfm.data?.elapsed_us} isUpdating={rfm.isPlaceholderData} />
        <p className="quiet">{t('rfm.intro')}</p>
        <div className="filters">
          <WhoSelect value={view.who} onChange={(who) => change({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
          <Field label={t('rfm.method')}>
            <Segmented aria-label={t('rfm.method')} value={method} options={METHODS.map((value) => ({ value, label: t(`rfm.method.${value}`) }))} onChange={(next) => change({ method: next })} />
          </Field>
          {method === 'fixed' && <Thresholds fixed={fixed} onChange={(next) => change({ fixed: writeFixed(next) })} />}
        </div>
        {rfm.error && <Failure error={rfm.error} onRetry={() => void rfm.refetch()} />}
        {rfm.isPending && <Skeleton active className="card" />}
        {rfm.data && !rfm.error && rfm.data.scored === 0 && <Alert type="info" showIcon title={t('rfm.nobody')} />}
        {rfm.data && !rfm.error && rfm.data.scored > 0 && (
          <div className={rfm.isPlaceholderData ? 'reflow stale' : 'reflow'}>
            <Grid answer={rfm.data} most={scoresOf(rfm.data, method)} open={open} onOpen={onOpen} asOf={view.asOf} />
            <Groups answer={rfm.data} kind="segment" open={open} onOpen={onOpen} />
            <Groups answer={rfm.data} kind="class" open={open} onOpen={onOpen} />
          </div>
        )}
      </div>
      {door && <ExpressionPanel key={`${open} ${view.asOf} ${method}`} door={door} asOf={view.asOf} onClose={() => onOpen(null)} />}
    </div>
  )
}

/** `5.1-4.2`: a block of the grid. `segment:new`, `class:general_keep`: a row of the tables. */
function useDoor(answer: Rfm | undefined, open: string | null): Door | undefined {
  const { t, language } = useSpeech()
  const name = useGroupName()
  if (!answer || !open) return undefined
  const date = inSentence(answer.as_of, language)
  const block = readBlock(open)
  if (block) {
    const cells = squares(...block).map((square) => cellAt(answer, square))
    const expressions = cells.flatMap((cell) => cell.expressions)
    if (expressions.length === 0) return undefined
    const [a, b] = block
    const scores = { r: said(a.r, b.r), f: said(a.f, b.f), date }
    return { expression: anyOf(expressions), said: t('rfm.said_cells', scores), name: `RFM R${scores.r} F${scores.f} ${answer.as_of}`, shown: cells.reduce((sum, { people }) => sum + people, 0) }
  }
  const [kind, key] = open.split(':')
  const found = kind === 'class' ? answer.classes.find((one) => one.class === key) : answer.segments.find((one) => one.segment === key)
  const title = name(kind === 'class' ? 'class' : 'segment', key ?? '')
  return found && { expression: found.expression as Json, said: t('rfm.said_group', { name: title, date }), name: `${title} ${answer.as_of}`, shown: found.people }
}

const said = (a: number, b: number) => (a === b ? String(a) : `${Math.min(a, b)}–${Math.max(a, b)}`)

interface GridProps {
  answer: Rfm
  most: Square
  open: string | null
  onOpen: (open: string | null, isRefinement?: boolean) => void
  asOf: string
}

function Grid({ answer, most, open, onOpen, asOf }: GridProps) {
  const { t, exact } = useSpeech()
  const [focus, setFocus] = useState<Square>({ r: most.r, f: most.f })
  const anchor = useRef<Square>({ r: most.r, f: most.f })
  const table = useRef<HTMLTableElement>(null)
  const block = readBlock(open)
  const chosen = block ? squares(...block) : []
  const rows = Array.from({ length: most.r }, (_, i) => most.r - i)
  const columns = Array.from({ length: most.f }, (_, i) => i + 1)
  const cells = rows.map((r) => columns.map((f) => cellAt(answer, { r, f })))
  const richest = Math.max(1, ...cells.flat().map(({ money }) => money))
  const take = (square: Square, isBlock: boolean) => {
    if (!isBlock) anchor.current = square
    setFocus(square)
    onOpen(writeBlock(anchor.current, square), isBlock)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepTo(event.key, focus, most)
    if (next) {
      event.preventDefault()
      setFocus(next)
      table.current?.querySelector<HTMLElement>(`[data-place="${next.r}.${next.f}"]`)?.focus()
      if (event.shiftKey) take(next, true)
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      take(focus, event.shiftKey)
    }
  }
  const save = () =>
    downloadText(`weir-rfm-${asOf}.csv`, csv([['r', 'f', 'm', 'people', 'money'], ...answer.cells.map(({ r, f, m, people, money }) => [r, f, m, people, Number(money)])]), 'text/csv')
  return (
    <section className="card" aria-labelledby="rfm-grid-title">
      <div className="card-head">
        <h2 id="rfm-grid-title">{t('rfm.grid')}</h2>
        <Button aria-label={t('chart.csv')} title={t('chart.csv')} icon={<FileTextOutlined aria-hidden />} onClick={save} />
      </div>
      <div className="scroll">
        <table ref={table} className="grid heat rfm-grid" role="grid" aria-label={t('rfm.grid')} aria-multiselectable onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <th scope="col">{t('rfm.corner')}</th>
              {columns.map((f) => (
                <th key={f} scope="col">
                  F{f}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells.map((row, i) => (
              <tr key={rows[i]}>
                <th scope="row">R{rows[i]}</th>
                {row.map((cell) => {
                  const isChosen = chosen.some(({ r, f }) => r === cell.r && f === cell.f)
                  const label = t('rfm.cell', { r: cell.r, f: cell.f, people: exact(cell.people), money: exact(Math.round(cell.money)) })
                  return (
                    <td
                      key={cell.f}
                      role="gridcell"
                      className={isChosen ? 'warm chosen' : 'warm'}
                      style={{ '--share': `${Math.round((cell.money / richest) * 55)}%` } as React.CSSProperties}
                      tabIndex={focus.r === cell.r && focus.f === cell.f ? 0 : -1}
                      aria-label={label}
                      aria-selected={isChosen}
                      title={label}
                      data-place={`${cell.r}.${cell.f}`}
                      data-count={cell.people}
                      data-testid={`rfm-${cell.r}-${cell.f}`}
                      onClick={(event) => take(cell, event.shiftKey)}
                      onMouseDown={(event) => {
                        if (!event.shiftKey) anchor.current = cell
                      }}
                      onMouseUp={(event) => {
                        const isDrag = anchor.current.r !== cell.r || anchor.current.f !== cell.f
                        if (isDrag && !event.shiftKey) take(cell, true)
                      }}
                    >
                      {exact(cell.people)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet hint">
        {t('rfm.hint')} {t('rfm.thresholds', { r: answer.r.thresholds.join(', '), f: answer.f.thresholds.join(', '), m: answer.m.thresholds.join(', ') })}
      </p>
      <p className="balance">{t('rfm.balance', { scored: exact(answer.scored), total: exact(answer.total) })}</p>
    </section>
  )
}

function Groups({ answer, kind, open, onOpen }: { answer: Rfm; kind: 'segment' | 'class'; open: string | null; onOpen: (open: string) => void }) {
  const { t, exact, percent, language } = useSpeech()
  const name = useGroupName()
  const rows = kind === 'class' ? answer.classes.map((one) => ({ ...one, key: one.class })) : answer.segments.map((one) => ({ ...one, key: one.segment }))
  if (rows.length === 0) return null
  return (
    <section className="card" aria-labelledby={`rfm-${kind}-title`}>
      <h2 id={`rfm-${kind}-title`}>{t(kind === 'class' ? 'rfm.classes' : 'rfm.segments')}</h2>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('tracks.name')}</th>
            <th scope="col">{t('alerts.people')}</th>
            <th scope="col">{t('alerts.share')}</th>
            <th scope="col">{t('rfm.money')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, people, money }) => (
            <tr key={key}>
              <th scope="row">{name(kind, key)}</th>
              <td>
                <Count value={people} isExact sentence={t('rfm.said_group', { name: name(kind, key), date: inSentence(answer.as_of, language) })} isOpen={open === `${kind}:${key}`} onOpen={() => onOpen(`${kind}:${key}`)} testId={`${kind}-${key}`} />
              </td>
              <td>{percent(people, answer.scored)}</td>
              <td>{exact(Number(money))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
