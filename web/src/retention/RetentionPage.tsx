// Who comes back: cohorts down, periods across. Cells that are not over yet are hatched and outside the mean.

import { FileTextOutlined } from '@ant-design/icons'
import { Alert, Button, Segmented, Select, Skeleton } from 'antd'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useNavigate } from 'react-router'
import { useRetention, useRetentionCell, type RetentionCell, type RetentionQuestion } from '../api/insight'
import type { Retention, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { JsonObject } from '../builder/tree'
import { csv } from '../chart/csv'
import { downloadText } from '../chart/download'
import { PeoplePanel } from '../door/PeoplePanel'
import { EventFilter, useSaid } from '../funnel/EventFilter'
import { readFilter } from '../funnel/funnel'
import { useSpeech } from '../i18n'
import { Field, WhoSelect } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { writeWho, type QueryChanges, type Who } from '../view/view'
import { isOpen, means, PERIODS, readCell, step, writeCell, type Cohort, type Period } from './retention'

const BOUGHT: JsonObject = { behavior: ['purchase'] }
/** Windows that make a readable table, by period. */
const WINDOWS: Record<Period, number[]> = { day: [14, 30], week: [56, 84, 182], month: [180, 365, 730] }

export function RetentionPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('retention.title'))
  const [query, setQuery] = useAddress()
  const { view } = useView(workspace)
  const period = PERIODS.find((one) => one === query.get('period')) ?? 'month'
  const days = WINDOWS[period].find((n) => String(n) === query.get('days')) ?? WINDOWS[period][0] ?? 30
  const [start, back] = [query.get('start'), query.get('return')]
  const question = useMemo<RetentionQuestion>(
    () => ({ start: readFilter(start) ?? BOUGHT, return: readFilter(back) ?? BOUGHT, window: { days }, period, as_of: view.asOf }),
    [start, back, days, period, view.asOf],
  )
  const retention = useRetention(question, view.who)
  const change = (changes: QueryChanges) => setQuery({ open: null, ...changes })
  const select = (cell: RetentionCell | undefined) => setQuery({ open: cell ? writeCell(cell) : null })
  const open = readCell(query.get('open'))
  const said = useSaid()
  const unit = query.get('unit') === 'people' ? 'people' : 'share'
  return (
    <div className={open ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('retention.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={retention.data?.elapsed_us} isUpdating={retention.isPlaceholderData} />
        <p className="quiet">{t('retention.intro')}</p>
        <div className="filters">
          <WhoSelect value={view.who} onChange={(who) => change({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
          <Field label={t('retention.period')}>
            <Segmented aria-label={t('retention.period')} value={period} options={PERIODS.map((value) => ({ value, label: t(`retention.period.${value}`) }))} onChange={(next) => change({ period: next, days: null })} />
          </Field>
          <Field label={t('retention.window')}>
            <Select aria-label={t('retention.window')} value={days} options={WINDOWS[period].map((n) => ({ value: n, label: t('funnel.window_days', { n }) }))} onChange={(n) => change({ days: String(n) })} />
          </Field>
        </div>
        <section className="card retention-events">
          {(['start', 'return'] as const).map((which) => (
            <div key={which}>
              <span className="quiet">{t(`retention.${which}`)}</span>
              <EventFilter value={question[which]} today={view.asOf} label={t('retention.edit', { what: t(`retention.${which}`) })} onChange={(next) => change({ [which]: JSON.stringify(next) })} />
            </div>
          ))}
        </section>
        {retention.error && <Failure error={retention.error} onRetry={() => void retention.refetch()} />}
        {!retention.data && retention.isPending && <Skeleton active className="card" />}
        {retention.data && !retention.error && (
          <Table answer={retention.data} isStale={retention.isPlaceholderData} unit={unit} setUnit={(next) => setQuery({ unit: next })} open={open} select={select} />
        )}
      </div>
      {open && (
        <OpenPanel
          key={`${writeCell(open)} ${view.asOf}`}
          question={question}
          who={view.who}
          cell={open}
          shown={shownOf(retention.data, open)}
          said={t(open.later === undefined ? 'retention.said_size' : 'retention.said_cell', {
            cohort: open.cohort,
            start: said(question.start),
            back: said(question.return),
            later: t('retention.later_long', { n: open.later ?? 0 }),
          })}
          onClose={() => select(undefined)}
        />
      )}
    </div>
  )
}

function shownOf(answer: Retention | undefined, { cohort, later }: RetentionCell): number | undefined {
  const found = answer?.cohorts.find(({ date }) => date === cohort)
  return later === undefined ? found?.size : found?.returned[later]
}

interface TableProps {
  answer: Retention
  isStale: boolean
  unit: 'share' | 'people'
  setUnit: (unit: 'share' | 'people') => void
  open: RetentionCell | undefined
  select: (cell: RetentionCell) => void
}

function Table({ answer, isStale, unit, setUnit, open, select }: TableProps) {
  const { t, exact, percent } = useSpeech()
  const { cohorts, as_of: asOf } = answer
  const period = answer.period as Period
  const columns = Math.max(0, ...cohorts.map(({ returned }) => returned.length))
  const mean = means(cohorts, period, asOf)
  const [focus, setFocus] = useState<[number, number]>([0, -1])
  const table = useRef<HTMLTableElement>(null)
  const save = () => {
    const header = ['cohort', 'people', ...Array.from({ length: columns }, (_, k) => `+${k}`)]
    downloadText(`weir-retention-${asOf}.csv`, csv([header, ...cohorts.map(({ date, size, returned }) => [date, size, ...returned])]), 'text/csv')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = step(event.key, focus[0], focus[1], cohorts)
    if (next) {
      event.preventDefault()
      setFocus(next)
      table.current?.querySelector<HTMLElement>(`[data-place="${next.join(',')}"]`)?.focus()
    }
    const cohort = cohorts[focus[0]]
    if ((event.key === 'Enter' || event.key === ' ') && cohort) {
      event.preventDefault()
      select(focus[1] < 0 ? { cohort: cohort.date } : { cohort: cohort.date, later: focus[1] })
    }
  }
  const cell = (cohort: Cohort, row: number, column: number) => (
    <Cell
      key={column}
      cohort={cohort}
      later={column < 0 ? undefined : column}
      isOpen={isOpen(cohort, Math.max(0, column), period, asOf)}
      isFocus={focus[0] === row && focus[1] === column}
      isChosen={open?.cohort === cohort.date && (open.later ?? -1) === column}
      unit={unit}
      place={`${row},${column}`}
      onClick={() => {
        setFocus([row, column])
        select(column < 0 ? { cohort: cohort.date } : { cohort: cohort.date, later: column })
      }}
    />
  )
  if (cohorts.every(({ size }) => size === 0)) return <Alert type="info" showIcon title={t('retention.nobody')} />
  return (
    <section className="card" aria-labelledby="cohorts-title">
      <div className="card-head">
        <h2 id="cohorts-title">{t('retention.table')}</h2>
        <div className="card-controls">
          <Segmented aria-label={t('retention.unit')} value={unit} options={(['share', 'people'] as const).map((value) => ({ value, label: t(`retention.unit.${value}`) }))} onChange={setUnit} />
          <Button aria-label={t('retention.csv')} title={t('retention.csv')} icon={<FileTextOutlined aria-hidden />} onClick={save} />
        </div>
      </div>
      <div className={isStale ? 'scroll stale' : 'scroll'} aria-busy={isStale}>
        <table ref={table} className="grid heat" role="grid" aria-label={t('retention.table')} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <th scope="col">{t('retention.cohort')}</th>
              <th scope="col">{t('retention.size')}</th>
              {Array.from({ length: columns }, (_, k) => (
                <th key={k} scope="col" title={t('retention.later_long', { n: k })}>
                  {t('retention.later', { n: String(k) })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.map((cohort, row) => (
              <tr key={cohort.date}>
                <th scope="row">{cohort.date}</th>
                {Array.from({ length: columns + 1 }, (_, k) => (k - 1 < cohort.returned.length ? cell(cohort, row, k - 1) : <td key={k - 1} aria-hidden />))}
              </tr>
            ))}
            <tr className="sum">
              <th scope="row" title={t('retention.mean_help')}>
                {t('retention.mean')}
              </th>
              <td>{exact(cohorts.reduce((sum, { size }) => sum + size, 0))}</td>
              {mean.map(({ returned, size }, k) => (
                <td key={k} data-testid={`mean-${k}`} data-returned={returned} data-size={size}>
                  {size === 0 ? '' : percent(returned, size)}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <p className="quiet hint">
        <span className="swatch hatched" aria-hidden style={{ '--swatch': 'var(--weir-secondary)' } as React.CSSProperties} /> {t('retention.open_help')} {t('retention.mean_help')} {t('retention.keys')}
      </p>
    </section>
  )
}

interface CellProps {
  cohort: Cohort
  later: number | undefined
  isOpen: boolean
  isFocus: boolean
  isChosen: boolean
  unit: 'share' | 'people'
  place: string
  onClick: () => void
}

function Cell({ cohort, later, isOpen: isInProgress, isFocus, isChosen, unit, place, onClick }: CellProps) {
  const { t, exact, percent } = useSpeech()
  const count = later === undefined ? cohort.size : (cohort.returned[later] ?? 0)
  const share = cohort.size === 0 ? 0 : count / cohort.size
  const label = t('retention.cell', {
    cohort: cohort.date,
    later: t('retention.later_long', { n: later ?? 0 }),
    count: exact(count),
    size: exact(cohort.size),
    open: isInProgress ? 'yes' : 'no',
  })
  const shown = later === undefined || unit === 'people' ? exact(count) : percent(count, cohort.size)
  return (
    <td
      role="gridcell"
      className={[later !== undefined && 'warm', isInProgress && later !== undefined && 'open', isChosen && 'chosen'].filter(Boolean).join(' ')}
      style={later === undefined ? undefined : ({ '--share': `${Math.round(share * 55)}%` } as React.CSSProperties)}
      tabIndex={isFocus ? 0 : -1}
      aria-label={label}
      aria-selected={isChosen}
      title={label}
      data-place={place}
      data-count={count}
      data-testid={`cohort-${cohort.date}${later === undefined ? '' : `-${later}`}`}
      onClick={onClick}
    >
      {shown}
    </td>
  )
}

interface PanelProps {
  question: RetentionQuestion
  who: Who
  cell: RetentionCell
  shown: number | undefined
  said: string
  onClose: () => void
}

function OpenPanel({ question, who, cell, shown, said, onClose }: PanelProps) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const people = useRetentionCell(question, who, cell)
  const later = cell.later === undefined ? '' : ` +${cell.later}`
  return (
    <PeoplePanel
      people={people}
      said={said}
      name={`${t('retention.title')} ${cell.cohort}${later}`}
      shown={shown}
      onClose={onClose}
      onFollow={(to) => void navigate(`${base}/states?who=${encodeURIComponent(to)}&as_of=${question.as_of}`)}
    />
  )
}
