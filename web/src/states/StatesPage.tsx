// People by state: how many are in each state of a model, how that changed, and who moved between two dates.

import { Skeleton } from 'antd'
import { useMemo, useRef } from 'react'
import { useFlow, useStates } from '../api/queries'
import type { Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import { Panel } from '../door/Panel'
import { sentence } from '../door/sentence'
import { useSetting } from '../door/useSetting'
import { FlowSection } from '../flow/FlowSection'
import { useSpeech } from '../i18n'
import { Filters } from '../view/Filters'
import { hasEvents, NoData } from '../view/NoData'
import { Provenance } from '../view/Provenance'
import type { Selection } from '../view/selection'
import { useView } from '../view/useView'
import { Warnings } from '../view/Warnings'
import { areaDates } from './area'
import { AreaSection } from './AreaSection'
import { Definitions } from './Definitions'
import { namesOf, shownCount } from './shown'
import { StateCards } from './StateCards'

const NO_STATES: string[] = []

export function StatesPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const state = useView(workspace)
  const { view, selection, select, change } = state
  usePageTitle(t('states.title'))
  const hasData = hasEvents(workspace)
  const firstDay = workspace.data?.first_day ?? undefined
  const dates = useMemo(() => areaDates(view.asOf, view.span, firstDay), [view.asOf, view.span, firstDay])
  const asked = useMemo(() => [...new Set([...dates, view.from])].sort(), [dates, view.from])
  const states = useStates(view, asked, hasData)
  const flow = useFlow(view, hasData)
  const { setting, model } = useSetting(view, flow.data?.states ?? NO_STATES)
  const newer = useNewer(workspace, states.dataUpdatedAt)

  const names = useMemo(() => namesOf(model?.states.map(({ name }) => name), states.data), [model, states.data])
  const say = (chosen: Selection) => sentence(chosen, setting)
  const common = { view, names, looks: setting.looks, say, selection, select, change }
  const isStale = states.isPlaceholderData || flow.isPlaceholderData
  const refresh = () => void Promise.all([states.refetch(), flow.refetch()])

  return (
    <div className={selection ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('states.title')}</h1>
        <Provenance
          workspace={workspace}
          asOf={view.asOf}
          elapsed={states.data?.elapsed_us}
          model={model}
          version={states.data?.model_version ?? model?.version}
          isUpdating={isStale}
          newer={view.who.kind === 'snapshot' ? 0 : newer}
          onRefresh={refresh}
        />
        <Filters view={view} change={change} />
        <NoData workspace={workspace} />
        {states.error && <Failure error={states.error} onRetry={() => void states.refetch()} />}
        {hasData && states.isPending && <Skeleton active className="card" />}
        {states.data && (
          <>
            <Warnings of={states.data} />
            <StateCards {...common} answer={states.data} isStale={states.isPlaceholderData} />
            <AreaSection {...common} answer={states.data} dates={dates} isStale={states.isPlaceholderData} />
          </>
        )}
        {hasData && (
          <FlowSection {...common} flow={flow.data} error={flow.error} isStale={flow.isPlaceholderData} firstDay={firstDay} />
        )}
        {model && <Definitions model={model} looks={setting.looks} />}
      </div>
      {selection && (
        <Panel
          key={JSON.stringify(selection)}
          view={view}
          selection={selection}
          setting={setting}
          shown={shownCount(selection, states.data?.at, flow.data)}
          onClose={() => select(undefined)}
          change={change}
        />
      )}
    </div>
  )
}

/** How many events have come since the figures were counted. */
function useNewer(workspace: Workspace, countedAt: number): number {
  const events = workspace.data?.events ?? 0
  const then = useRef({ countedAt, events })
  // eslint-disable-next-line react-hooks/refs -- remembers the number of events that belongs to the figures shown
  if (then.current.countedAt !== countedAt) then.current = { countedAt, events }
  // eslint-disable-next-line react-hooks/refs -- see above
  return Math.max(0, events - then.current.events)
}
