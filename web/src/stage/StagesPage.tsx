// From the target market to those who were won back: how many stand at each stage, how many are lost on the way.

import { Alert, Select, Skeleton } from 'antd'
import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import { useStageFunnel } from '../api/insight'
import { useModels } from '../api/queries'
import type { StageFunnel, StateModel, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { BAR_HEIGHT, barsOption, MARKED, onBar, REST } from '../chart/barsOption'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { useSetting } from '../door/useSetting'
import { droppedJson } from '../funnel/funnel'
import { inSentence, type Day } from '../format/day'
import { points } from '../format/number'
import { useSpeech } from '../i18n'
import { listed, textIn } from '../i18n/text'
import { useRuleSaid } from '../model/useRuleSaid'
import { looks, lookOf } from '../states/look'
import { useTheme } from '../theme'
import { STATE_COLORS } from '../theme/tokens'
import { Field, modelTitle, ScopeSelect, WhoSelect } from '../view/Filters'
import { hasEvents, NoData } from '../view/NoData'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { Warnings } from '../view/Warnings'
import { writeScope, writeWho, type QueryChanges, type View } from '../view/view'
import { BEFORE, canBeStages, definitionOf, MARKET, readStage, readVs, rowsOf, stagesOf, vsChoice, writeStage, type OpenStage, type StageJson, type StageRow } from './stages'

export function StagesPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('stages.title'))
  const [query, setQuery] = useAddress()
  const { view } = useView(workspace)
  const { setting } = useSetting(view, [])
  const { model, stages, isReady } = useStages(query.get('of'), view)
  const vs = readVs(query.get('vs'), view.asOf)
  const funnel = useStageFunnel({ stages, scope: view.scope, at: vs ? [view.asOf, vs] : [view.asOf] }, view.who, isReady)
  const answer = funnel.data
  const change = (changes: QueryChanges) => setQuery({ open: null, ...changes })
  const open = readStage(query.get('open'))
  const select = (next: OpenStage | undefined) => setQuery({ open: next ? writeStage(next) : null })
  const tell = useTelling(answer, view, setting.scope)
  const door = answer && open && tell.door(open)
  const isEmpty = answer?.at[0]?.stages[0]?.count === 0
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('stages.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={answer?.elapsed_us} model={model} version={model?.version} isUpdating={funnel.isPlaceholderData} />
        <p className="quiet">{t('stages.intro')}</p>
        <div className="filters">
          <OfField value={model?.name ?? ''} onChange={(of) => change({ of: of || null })} />
          <ScopeSelect value={view.scope} onChange={(scope) => change({ scope: scope.kind === 'workspace' ? null : writeScope(scope) })} />
          <WhoSelect value={view.who} onChange={(who) => change({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
          <VsField value={vsChoice(query.get('vs'))} onChange={(next) => change({ vs: next })} />
        </div>
        {funnel.error && <Failure error={funnel.error} onRetry={() => void funnel.refetch()} />}
        {!answer && funnel.isPending && <Skeleton active className="card" />}
        <Warnings of={answer} />
        <NoData workspace={workspace} />
        {answer && !funnel.error && isEmpty && hasEvents(workspace) && <Alert type="info" showIcon title={t('stages.nobody')} />}
        {answer && !funnel.error && !isEmpty && <Stages answer={answer} model={model} vs={vs} isStale={funnel.isPlaceholderData} open={open} select={select} tell={tell} />}
      </div>
      {door && <ExpressionPanel key={`${query.get('open')} ${door.asOf}`} door={door} asOf={door.asOf} onClose={() => select(undefined)} />}
    </div>
  )
}

/** The stages that ship, or the states of a model. */
function useStages(of: string | null, { scope }: View): { model: StateModel | undefined; stages: StageJson[] | undefined; isReady: boolean } {
  const models = useModels().data
  const model = models?.find(({ name }) => name === of)
  const stages = useMemo(() => {
    if (!model) return undefined
    const titleOf = (state: string, hasMore: boolean, language: 'en' | 'zh') => {
      const text = textIn(language)
      if (state === MARKET) return text('stages.market')
      return text('stages.at_least', { state: lookOf(looks(model.states, language), state).title, more: hasMore ? 'yes' : 'no' })
    }
    return stagesOf(model, model.name, scope, titleOf)
  }, [model, scope])
  return { model, stages, isReady: of === null || models !== undefined }
}

function OfField({ value, onChange }: { value: string; onChange: (of: string) => void }) {
  const { t, language } = useSpeech()
  const models = (useModels().data ?? []).filter(canBeStages)
  const options = [{ value: '', label: t('stages.shipped') }, ...models.map((model) => ({ value: model.name, label: t('stages.of_model', { model: modelTitle(model, language) }) }))]
  return (
    <Field label={t('stages.of')}>
      <Select aria-label={t('stages.of')} showSearch={{ optionFilterProp: 'label' }} value={value} options={options} onChange={onChange} popupMatchSelectWidth={false} />
    </Field>
  )
}

function VsField({ value, onChange }: { value: string; onChange: (vs: string) => void }) {
  const { t } = useSpeech()
  const usual = BEFORE.map((days) => ({ value: String(days), label: t('stages.days_before', { n: days }) }))
  const own = usual.some((one) => one.value === value) || value === 'none' ? [] : [{ value, label: /^\d+$/.test(value) ? t('stages.days_before', { n: Number(value) }) : value }]
  return (
    <Field label={t('stages.vs')}>
      <Select aria-label={t('stages.vs')} value={value} options={[{ value: 'none', label: t('stages.no_vs') }, ...usual, ...own]} onChange={onChange} />
    </Field>
  )
}

interface Telling {
  title: (stage: string) => string
  definition: (stage: string) => string
  sentence: (open: OpenStage) => string
  door: (open: OpenStage) => (Door & { asOf: Day }) | undefined
}

/** Stages in words, and who is behind each of their numbers. */
function useTelling(answer: StageFunnel | undefined, view: View, scope: string): Telling {
  const { t, language } = useSpeech()
  const rule = useRuleSaid()
  const stages = answer?.stages ?? []
  const find = (name: string) => stages.findIndex((stage) => stage.name === name)
  const title = (name: string) => {
    const stage = stages[find(name)]
    return (language === 'zh' ? stage?.title_zh : stage?.title) || name
  }
  const isOfSome = view.who.kind !== 'everyone'
  const definition = (name: string) => {
    const at = find(name)
    const stage = stages[at]
    return stage ? rule(definitionOf(stage.expression as Json, at, isOfSome)) : ''
  }
  const dateOf = ({ kind }: OpenStage) => answer?.at[kind === 'then' ? 1 : 0]?.date ?? view.asOf
  const sentence = (open: OpenStage) => {
    const date = inSentence(dateOf(open), language)
    const before = stages[find(open.stage) - 1]?.name ?? ''
    if (open.kind === 'lost') return t('stages.said_lost', { stage: title(open.stage), before: title(before), date, scope })
    return t('stages.said_at', { stage: title(open.stage), definition: definition(open.stage), date, scope })
  }
  const door = (open: OpenStage) => {
    const at = find(open.stage)
    const [stage, before] = [stages[at], stages[at - 1]]
    const row = answer && rowsOf(answer)[at]
    if (!stage || !row || (open.kind === 'lost' && !before) || (open.kind === 'then' && row.then === undefined)) return undefined
    const expression = (open.kind === 'lost' ? droppedJson(before?.expression as Json, stage.expression as Json) : stage.expression) as Json
    const asOf = dateOf(open)
    const shown = { at: row.count, lost: row.lost, then: row.then }[open.kind]
    const name = open.kind === 'lost' ? `${title(before?.name ?? '')} · ${t('stages.lost')} ${asOf}` : `${title(open.stage)} ${asOf}`
    return { expression, said: sentence(open), name, shown, asOf }
  }
  return { title, definition, sentence, door }
}

interface StagesProps {
  answer: StageFunnel
  model: StateModel | undefined
  vs: Day | undefined
  isStale: boolean
  open: OpenStage | undefined
  select: (open: OpenStage | undefined) => void
  tell: Telling
}

function Stages({ answer, model, vs, isStale, open, select, tell }: StagesProps) {
  const { t, exact, percent, language } = useSpeech()
  const { theme } = useTheme()
  const rows = rowsOf(answer)
  const looksOf = useMemo(() => looks(model?.states ?? [], language), [model, language])
  const colorOf = (name: string) => {
    const look = looksOf.get(name)
    return model && look ? { color: STATE_COLORS[theme][look.slot], pattern: look.pattern } : { color: STATE_COLORS[theme][model ? 'none' : 'aware'] }
  }
  const first = rows[0]?.count ?? 0
  const bars = rows.map(({ name, count, lost, then }) => ({ title: tell.title(name), value: count, rest: lost ?? 0, mark: then, label: `${exact(count)} · ${percent(count, first)}`, ...colorOf(name) }))
  const words = { value: t('stages.people'), rest: t('stages.lost'), mark: vs && t('stages.then', { date: vs }) }
  const option = barsOption({ bars, theme, words, exact, right: 140 })
  const onReady = useCallback(
    (chart: EChartsType) =>
      onBar(chart, (part, i) => {
        const stage = rows[i]?.name
        if (stage) select({ kind: part === MARKED ? 'then' : part === REST && i > 0 ? 'lost' : 'at', stage })
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is chosen goes into the address, whichever function puts it there
    [answer],
  )
  const told = rows.map(({ name, count }) => t('stages.summary_stage', { stage: tell.title(name), count: exact(count) }))
  const table = <StageTable rows={rows} vs={vs} open={open} select={select} tell={tell} />
  return (
    <>
      <Chart
        title={t('stages.chart')}
        summary={t('stages.summary', { n: rows.length, date: answer.at[0]?.date ?? '', stages: listed(told, 'conjunction', language) })}
        option={option}
        height={rows.length * BAR_HEIGHT + 8}
        onReady={onReady}
        isStale={isStale}
        fileName={`weir-stages-${answer.at[0]?.date ?? ''}`}
        csvRows={() => [['stage', 'people', 'lost', 'then'], ...rows.map(({ name, count, lost, then }) => [name, count, lost ?? '', then ?? ''])]}
        table={table}
        hint={t('stages.hint')}
      />
      <section className={isStale ? 'card stale' : 'card'}>
        {table}
        <p className="quiet hint">{t('stages.strict')}</p>
      </section>
    </>
  )
}

function StageTable({ rows, vs, ...props }: Pick<StagesProps, 'vs' | 'open' | 'select' | 'tell'> & { rows: StageRow[] }) {
  const { t } = useSpeech()
  const columns = [t('stages.people'), t('stages.of_first'), t('stages.of_previous'), t('stages.lost'), ...(vs ? [t('stages.then', { date: vs }), t('stages.change')] : [])]
  return (
    <div className="scroll wide-table" tabIndex={0} role="region" aria-label={t('stages.title')}>
      <table className="grid rules-grid">
        <thead>
          <tr>
            <th scope="col">{t('stages.stage')}</th>
            <th scope="col" className="text">
              {t('stages.definition')}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className={vs && column.includes(vs) ? 'nowrap' : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <StageLine key={row.name} {...props} row={row} first={rows[0]} previous={rows[i - 1]} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface LineProps extends Pick<StagesProps, 'open' | 'select' | 'tell'> {
  row: StageRow
  first: StageRow | undefined
  previous: StageRow | undefined
}

function StageLine({ row, first, previous, open, select, tell }: LineProps) {
  const { t, percent } = useSpeech()
  const { name, count, lost, then } = row
  const door = (kind: OpenStage['kind'], value: number) => (
    <Count
      value={value}
      isExact
      sentence={tell.sentence({ kind, stage: name })}
      isOpen={open?.kind === kind && open.stage === name}
      onOpen={() => select({ kind, stage: name })}
      testId={writeStage({ kind, stage: name })}
    />
  )
  const share = (of: StageRow | undefined, part: 'count' | 'then') => (of?.[part] ? (row[part] ?? 0) / of[part] : 0)
  return (
    <tr>
      <th scope="row">{tell.title(name)}</th>
      <td className="text said-cell">{tell.definition(name)}</td>
      <td>{door('at', count)}</td>
      <td>{percent(count, first?.count ?? 0)}</td>
      <td>{previous && percent(count, previous.count)}</td>
      <td>{lost !== undefined && door('lost', lost)}</td>
      {then !== undefined && (
        <>
          <td>{door('then', then)}</td>
          <td title={t('stages.of_previous')}>{previous && t('states.change', { points: points(share(previous, 'then'), share(previous, 'count')) })}</td>
        </>
      )}
    </tr>
  )
}
