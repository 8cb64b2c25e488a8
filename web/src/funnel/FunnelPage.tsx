// How far people come along some steps. The address holds the question; every number is a door.

import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, InputNumber, Select, Skeleton } from 'antd'
import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import { useNavigate } from 'react-router'
import { usePeopleOf } from '../api/audiences'
import { useFunnel } from '../api/insight'
import type { Funnel, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { Json, JsonObject } from '../builder/tree'
import { BAR_HEIGHT, barsOption, onBar, REST } from '../chart/barsOption'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { PeoplePanel } from '../door/PeoplePanel'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { useTheme } from '../theme'
import { STATE_COLORS } from '../theme/tokens'
import { Field, WhoSelect } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { writeWho, type QueryChanges } from '../view/view'
import { cutJson, readBy, readRow, writeRow, type OpenRow } from './breakdown'
import { BreakdownPanel, BreakdownSection, ByField } from './Breakdown'
import { EventFilter, useSaid } from './EventFilter'
import { dropped, droppedJson, FEWEST_STEPS, MOST_STEPS, readFunnel, readOpen, writeDays, writeOpen, type FunnelView, type Open } from './funnel'

export function FunnelPage({ workspace }: { workspace: Workspace }) {
  const { t, language } = useSpeech()
  usePageTitle(t('funnel.title'))
  const [query, setQuery] = useAddress()
  const { view } = useView(workspace)
  const asked = useMemo(() => readFunnel(query), [query])
  const said = useSaid()
  const change = (changes: QueryChanges) => setQuery({ open: null, row: null, ...changes })
  const setSteps = (steps: JsonObject[]) => change({ steps: JSON.stringify(steps) })
  const by = readBy(query.get('by'))
  const days = (n: number | undefined) => (n === undefined ? undefined : { days: n })
  const funnel = useFunnel({ steps: asked.steps, within: days(asked.within), window: days(asked.window), as_of: view.asOf, breakdown: by && cutJson(by) }, view.who)
  const answer = funnel.data
  const open = answer && readOpen(query.get('open'), answer.steps.length)
  const row = open ? undefined : readRow(query.get('row'))
  // One door at a time: a step of the whole funnel, or of one of its parts.
  const select = (next: Open | undefined) => setQuery({ row: null, open: next ? writeOpen(next) : null })
  const selectRow = (next: OpenRow | undefined) => setQuery({ open: null, row: next ? writeRow(next) : null })
  const titles = asked.steps.map((step, i) => `${i + 1} ${said(step)}`)
  const sentence = ({ kind, step }: Open) =>
    t(kind === 'converted' ? 'funnel.said_converted' : 'funnel.said_dropped', {
      n: String(step + 1),
      before: String(step),
      steps: listed(asked.steps.slice(0, step + 1).map(said), 'conjunction', language),
    })
  return (
    <div className={open || (row && by) ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('funnel.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={answer?.elapsed_us} isUpdating={funnel.isPlaceholderData} />
        <p className="quiet">{t('funnel.intro')}</p>
        <div className="filters">
          <WhoSelect value={view.who} onChange={(who) => change({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
          <DaysField label={t('funnel.within')} value={asked.within} kind="funnel.within" onChange={(within) => change({ within: writeDays(within) })} />
          <DaysField label={t('funnel.window')} value={asked.window} kind="funnel.window" onChange={(window) => change({ window: writeDays(window) })} />
          <ByField value={by} onChange={(next) => change({ by: next })} />
        </div>
        <Steps asked={asked} today={view.asOf} onChange={setSteps} />
        {funnel.error && <Failure error={funnel.error} onRetry={() => void funnel.refetch()} />}
        {!answer && funnel.isPending && <Skeleton active className="card" />}
        {answer && !funnel.error && (
          <Bars answer={answer} asked={asked} isStale={funnel.isPlaceholderData} open={open} select={select} sentence={sentence} fileName={`weir-funnel-${view.asOf}`} />
        )}
        {answer && by && !funnel.error && <BreakdownSection answer={answer} by={by} titles={titles} isStale={funnel.isPlaceholderData} open={row} select={selectRow} />}
      </div>
      {open && answer && (
        <OpenPanel key={`${writeOpen(open)} ${view.asOf}`} answer={answer} open={open} said={sentence(open)} onClose={() => select(undefined)} />
      )}
      {row && by && answer && <BreakdownPanel key={`${writeRow(row)} ${view.asOf}`} answer={answer} by={by} titles={titles} open={row} onClose={() => selectRow(undefined)} />}
    </div>
  )
}

const USUAL_DAYS = [7, 14, 30, 60, 90, 180, 365]

function DaysField({ label, value, kind, onChange }: { label: string; value: number | undefined; kind: 'funnel.within' | 'funnel.window'; onChange: (days: number | undefined) => void }) {
  const { t } = useSpeech()
  const options = [...new Set([...USUAL_DAYS, ...(value === undefined ? [] : [value])])].sort((a, b) => a - b)
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        value={value ?? 0}
        options={[{ value: 0, label: t(kind === 'funnel.within' ? 'funnel.within_any' : 'funnel.window_ever') }, ...options.map((n) => ({ value: n, label: t(`${kind}_days`, { n }) }))]}
        onChange={(n: number) => onChange(n === 0 ? undefined : n)}
        popupRender={(menu) => (
          <>
            {menu}
            <InputNumber aria-label={`${label}: ${t('funnel.days')}`} className="days-input" placeholder={t('funnel.days')} min={1} max={10_000} precision={0} onPressEnter={({ currentTarget }) => Number(currentTarget.value) > 0 && onChange(Number(currentTarget.value))} />
          </>
        )}
      />
    </Field>
  )
}

function Steps({ asked, today, onChange }: { asked: FunnelView; today: string; onChange: (steps: JsonObject[]) => void }) {
  const { t } = useSpeech()
  const { steps } = asked
  const swap = (i: number, j: number) => onChange(steps.with(i, steps[j] ?? {}).with(j, steps[i] ?? {}))
  return (
    <section className="card" aria-labelledby="steps-title">
      <h2 id="steps-title">{t('funnel.steps')}</h2>
      <ol className="funnel-steps">
        {steps.map((step, i) => {
          const n = String(i + 1)
          return (
            <li key={i}>
              <div className="funnel-step">
                <span className="quiet">{n}</span>
                <div className="funnel-filter">
                  <EventFilter value={step} today={today} label={t('funnel.edit', { n })} onChange={(next) => onChange(steps.with(i, next))} />
                </div>
                <Button type="text" size="small" disabled={i === 0} aria-label={t('funnel.up', { n })} icon={<ArrowUpOutlined aria-hidden />} onClick={() => swap(i, i - 1)} />
                <Button type="text" size="small" disabled={i === steps.length - 1} aria-label={t('funnel.down', { n })} icon={<ArrowDownOutlined aria-hidden />} onClick={() => swap(i, i + 1)} />
                <Button type="text" size="small" disabled={steps.length <= FEWEST_STEPS} aria-label={t('funnel.remove', { n })} icon={<DeleteOutlined aria-hidden />} onClick={() => onChange(steps.toSpliced(i, 1))} />
              </div>
            </li>
          )
        })}
      </ol>
      <Button size="small" disabled={steps.length >= MOST_STEPS} icon={<PlusOutlined aria-hidden />} onClick={() => onChange([...steps, { behavior: ['purchase'] }])}>
        {t('funnel.add')}
      </Button>
    </section>
  )
}

interface BarsProps {
  answer: Funnel
  asked: FunnelView
  isStale: boolean
  open: Open | undefined
  select: (open: Open | undefined) => void
  sentence: (open: Open) => string
  fileName: string
}

function Bars({ answer, asked, isStale, open, select, sentence, fileName }: BarsProps) {
  const { t, language, exact, percent } = useSpeech()
  const { theme } = useTheme()
  const said = useSaid()
  const counts = answer.steps.map(({ count }) => count)
  const titles = asked.steps.slice(0, counts.length).map((step, i) => `${i + 1} ${said(step)}`)
  const color = STATE_COLORS[theme].aware
  const label = (count: number) => `${exact(count)} · ${percent(count, counts[0] ?? 0)}`
  const bars = counts.map((value, i) => ({ title: titles[i] ?? '', value, rest: dropped(counts, i), label: label(value), color }))
  const option = barsOption({ bars, theme, words: { value: t('funnel.converted'), rest: t('funnel.dropped') }, exact })
  const onReady = useCallback(
    (chart: EChartsType) => onBar(chart, (part, step) => select({ kind: part === REST && step > 0 ? 'dropped' : 'converted', step })),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is chosen goes into the address, whichever function puts it there
    [],
  )
  if (counts[0] === 0) return <Alert type="info" showIcon title={t('funnel.nobody')} />
  const rows = answer.steps.map((step, i) => ({ step, i, title: titles[i] ?? '' }))
  const steps = listed(rows.map(({ title, step }) => t('funnel.summary_step', { step: title, count: exact(step.count) })), 'conjunction', language)
  const table = <FunnelTable answer={answer} titles={titles} open={open} select={select} sentence={sentence} />
  return (
    <>
      <Chart
        title={t('funnel.chart')}
        summary={t('funnel.summary', { n: counts.length, steps })}
        option={option}
        height={counts.length * BAR_HEIGHT + 8}
        onReady={onReady}
        isStale={isStale}
        fileName={fileName}
        csvRows={() => [
          ['step', 'people', 'dropped', 'of_first', 'of_previous'],
          ...rows.map(({ step, i, title }) => [title, step.count, dropped(counts, i), step.of_first ?? '', step.of_previous ?? '']),
        ]}
        table={table}
        hint={t('funnel.hint')}
      />
      <section className={isStale ? 'card stale' : 'card'}>
        {table}
        <p className="quiet hint">
          {t('funnel.rule', { within: asked.within ?? 0, window: asked.window ?? 0 })}
        </p>
      </section>
    </>
  )
}

function FunnelTable({ answer, titles, open, select, sentence }: Pick<BarsProps, 'answer' | 'open' | 'select' | 'sentence'> & { titles: string[] }) {
  const { t, percent } = useSpeech()
  const counts = answer.steps.map(({ count }) => count)
  const door = (which: Open, value: number) => (
    <Count
      value={value}
      isExact
      sentence={sentence(which)}
      isOpen={open?.kind === which.kind && open.step === which.step}
      onOpen={() => select(which)}
      testId={writeOpen(which)}
    />
  )
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('funnel.chart')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('funnel.steps')}</th>
            <th scope="col">{t('funnel.converted')}</th>
            <th scope="col">{t('funnel.of_first')}</th>
            <th scope="col">{t('funnel.of_previous')}</th>
            <th scope="col">{t('funnel.dropped')}</th>
          </tr>
        </thead>
        <tbody>
          {counts.map((count, i) => (
            <tr key={i}>
              <th scope="row" className="said-cell">
                {titles[i]}
              </th>
              <td>{door({ kind: 'converted', step: i }, count)}</td>
              <td>{percent(count, counts[0] ?? 0)}</td>
              <td>{i === 0 ? '' : percent(count, counts[i - 1] ?? 0)}</td>
              <td>{i === 0 ? '' : door({ kind: 'dropped', step: i }, dropped(counts, i))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OpenPanel({ answer, open, said, onClose }: { answer: Funnel; open: Open; said: string; onClose: () => void }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const now = answer.steps[open.step]
  const before = answer.steps[open.step - 1]
  const json = (open.kind === 'converted' || !before ? now?.expression : droppedJson(before.expression as Json, now?.expression as Json)) as Json | undefined
  const shown = open.kind === 'converted' ? now?.count : dropped(answer.steps.map(({ count }) => count), open.step)
  const people = usePeopleOf(json, answer.as_of)
  return (
    <PeoplePanel
      people={people}
      said={said}
      name={`${t('funnel.title')} · ${t(`funnel.${open.kind}`)} · ${t('funnel.step', { n: String(open.step + 1) })} · ${answer.as_of}`}
      shown={shown}
      onClose={onClose}
      onFollow={(who) => void navigate(`${base}/states?who=${encodeURIComponent(who)}&as_of=${answer.as_of}`)}
    />
  )
}
