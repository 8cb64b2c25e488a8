// How sets of people lie over each other, and which media reach the most for a budget. The address holds sets, costs and budget.

import { Alert, Button, Empty, Select, Skeleton } from 'antd'
import { useCallback, useMemo } from 'react'
import { isAbout, useOverlap, useReach } from '../api/overlap'
import { useChannelReach } from '../api/reflow'
import type { Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import { ExpressionPanel } from '../door/ExpressionPanel'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import type { QueryChanges } from '../view/view'
import { useView } from '../view/useView'
import { Combinations, type Common } from './Combinations'
import { DAYS, FEWEST_SETS, readCosts, readSets, usualSets, withCost, writeCosts, writeOpen, writeSets, type Open, type Picked } from './overlap'
import './overlap.css'
import { Pairs, UNITS } from './Pairs'
import { Planner } from './Planner'
import { Sets } from './Sets'
import { SetsField } from './SetsField'
import { doorOf, useSaid } from './useDoors'
import { useTitle } from './useTitles'

const SPANS = [7, 30, 60, 90, 180, 365]

export function OverlapPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('overlap.title'))
  const [query, setQuery] = useAddress()
  const { view } = useView(workspace)
  const { sets, days, costs, budget, example, isPending } = useAsked(query, view.asOf)
  const isReady = sets.length >= FEWEST_SETS
  const overlap = useOverlap(sets, days, view.asOf, isReady)
  const plan = useReach(sets, days, costs, budget, view.asOf, isReady)
  const title = useTitle()
  const answer = isReady ? overlap.data : undefined
  const shown = answer?.picked ?? sets
  const planned = isAbout(plan.data, shown) ? plan : { ...plan, data: undefined }
  const titles = shown.map(title)
  const said = useSaid(titles, planned.data, view.asOf)
  const change = (changes: QueryChanges) => setQuery({ open: null, ...changes })
  const setSets = (next: Picked[], more: QueryChanges = {}) => change({ sets: writeSets(next), ...more })
  const onOpen = useCallback((open: Open | undefined) => setQuery({ open: open ? writeOpen(open) : null }), [setQuery])
  const open = query.get('open') ?? undefined
  const door = answer && doorOf(query.get('open'), { overlap: answer, reach: planned.data }, said)
  const fileName = `weir-overlap-${view.asOf}`
  const common: Omit<Common, 'answer'> = { titles, open, onOpen, said, isStale: overlap.isPlaceholderData, fileName }
  const unit = UNITS.find((one) => one === query.get('unit')) ?? 'row'
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main overlap">
        <h1>{t('overlap.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={answer?.elapsed_us} isUpdating={overlap.isPlaceholderData || plan.isPlaceholderData} />
        <p className="quiet">{t('overlap.intro')}</p>
        <div className="filters">
          <div className="sets-field">
            <SetsField value={sets} title={title} onChange={setSets} />
          </div>
          <Field label={t('overlap.days')}>
            <Select aria-label={t('overlap.days')} value={days} options={SPANS.map((n) => ({ value: n, label: t('funnel.window_days', { n }) }))} onChange={(n: number) => setSets(sets, { days: String(n) })} />
          </Field>
        </div>
        {!isReady && !isPending && (
          <Empty className="card" description={<strong>{t('overlap.few')}</strong>}>
            <p className="quiet">{t('overlap.few_help')}</p>
            {example.length >= FEWEST_SETS && (
              <Button type="primary" onClick={() => setSets(example)}>
                {t('overlap.example')}
              </Button>
            )}
          </Empty>
        )}
        {overlap.error && <Failure error={overlap.error} onRetry={() => void overlap.refetch()} />}
        {!answer && !overlap.error && (isPending || isReady) && <Skeleton active className="card" />}
        {answer && !overlap.error && (
          <>
            {answer.warnings.length > 0 && <Alert type="warning" showIcon title={answer.warnings.map(({ message }) => message).join(' · ')} />}
            {answer.union === 0 ? <Alert type="info" showIcon title={t('overlap.nobody')} /> : <Combinations {...common} answer={answer} />}
            <Sets {...common} answer={answer} onRemove={(place) => setSets(shown.toSpliced(place, 1))} />
            <Pairs {...common} answer={answer} unit={unit} onUnit={(next) => setQuery({ unit: next })} />
            <Planner
              {...common}
              sets={shown}
              overlap={answer}
              costs={costs}
              budget={budget}
              currency={workspace.currency}
              plan={planned}
              onCost={(set, part) => setQuery((now) => ({ open: null, sets: writeSets(shown), costs: writeCosts(withCost(readCosts(now.get('costs')), set, part)) }))}
              onBudget={(next) => change({ budget: next ?? null, sets: writeSets(shown) })}
            />
          </>
        )}
      </div>
      {door && <ExpressionPanel key={`${open} ${view.asOf} ${writeSets(sets)} ${budget}`} door={door} asOf={view.asOf} onClose={() => onOpen(undefined)} />}
    </div>
  )
}

/** What the address asks; where it names no sets, those media that reached the most people. */
function useAsked(query: URLSearchParams, asOf: string) {
  const days = SPANS.find((n) => String(n) === query.get('days')) ?? DAYS
  const given = useMemo(() => readSets(query.get('sets')), [query])
  const reached = useChannelReach(asOf, days)
  const example = useMemo(() => (reached.data ? usualSets(reached.data) : []), [reached.data])
  const sets = given ?? example
  const costs = useMemo(() => readCosts(query.get('costs')), [query])
  const budget = query.get('budget') ?? undefined
  return { sets, days, costs, budget, example, isPending: given === undefined && reached.isPending }
}
