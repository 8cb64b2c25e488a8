// One track: how its people are distributed, where they went, which ways they took, and what should be noticed.

import { DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { App, Button, Skeleton } from 'antd'
import { useMemo, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useFlow } from '../api/queries'
import { useDeleteTrack, useNewTrack, usePaths, useTrackReport } from '../api/tracks'
import type { Track, TrackReport, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { Panel } from '../door/Panel'
import { sentence } from '../door/sentence'
import { useSetting } from '../door/useSetting'
import { FlowSection } from '../flow/FlowSection'
import { MOST_DATES, PathsSection } from '../flow/PathsSection'
import { stopsCount } from '../flow/ways'
import { useSpeech } from '../i18n'
import { AreaSection } from '../states/AreaSection'
import { Definitions } from '../states/Definitions'
import { namesOf, shownCount } from '../states/shown'
import { StateCards } from '../states/StateCards'
import { Provenance } from '../view/Provenance'
import type { Selection } from '../view/selection'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { writeWho } from '../view/view'
import { AlertsSection } from './AlertsSection'
import { CompareSection } from './CompareSection'
import { ReportsSection } from './ReportsSection'
import { pathDates, viewOf, withAlerts } from './track'
import { TrackDialog } from './TrackForm'
import { useTold } from './useTold'

export function TrackPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const name = useParams().track ?? ''
  usePageTitle(name)
  const { view } = useView(workspace)
  const report = useTrackReport(name, view.asOf)
  if (report.data && !report.error) return <Report workspace={workspace} report={report.data} isStale={report.isPlaceholderData} />
  return (
    <div className="page">
      <div className="page-main">
        <h1>{name}</h1>
        {report.error ? <Failure error={report.error} onRetry={() => void report.refetch()} /> : <Skeleton active aria-label={t('app.loading')} />}
      </div>
    </div>
  )
}

function Report({ workspace, report, isStale }: { workspace: Workspace; report: TrackReport; isStale: boolean }) {
  const { track, states } = report
  const [query] = useAddress()
  const base = useBase()
  const navigate = useNavigate()
  const { view: addressed, selection, select, change } = useView(workspace)
  const view = useMemo(() => viewOf(track, addressed, query.has('from')), [track, addressed, query])
  const flow = useFlow(view, true)
  const asked = query.get('dates')
  const dates = useMemo(() => pathDates(asked, track.from, view.asOf, MOST_DATES), [asked, track.from, view.asOf])
  const paths = usePaths(view, dates, true)
  const { setting, model } = useSetting(view, flow.data?.states ?? [])
  const names = useMemo(() => namesOf(model?.states.map((state) => state.name), states), [model, states])
  const say = (chosen: Selection) => sentence(chosen, setting)
  const common = { view, names, looks: setting.looks, say, selection, select, change }
  const shown = selection && (selection.kind === 'path' ? paths.data && stopsCount(paths.data, selection.stops) : shownCount(selection, states.at, flow.data))
  return (
    <div className={selection ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <Head track={track} to={report.to} />
        <Provenance workspace={workspace} asOf={report.to} elapsed={report.elapsed_us} model={model} version={states.model_version} isUpdating={isStale} />
        <About track={track} />
        <StateCards {...common} answer={states} isStale={isStale} />
        <AreaSection {...common} answer={states} dates={states.at.map(({ date }) => date)} isStale={isStale} hasSpan={false} />
        <FlowSection {...common} flow={flow.data} error={flow.error} isStale={flow.isPlaceholderData} firstDay={track.from} />
        <PathsSection {...common} ways={paths.data} error={paths.error} isStale={paths.isPlaceholderData} dates={dates} setDates={(next) => change({ dates: next.join(',') })} />
        <AlertsSection {...common} track={track} states={report.alerts} to={report.to} />
        <ReportsSection track={track} to={report.to} zone={workspace.timezone} />
        <CompareSection {...common} track={track} to={report.to} />
        {model && <Definitions model={model} looks={setting.looks} />}
      </div>
      {selection && (
        <Panel
          key={JSON.stringify(selection)}
          view={view}
          selection={selection}
          setting={setting}
          shown={shown}
          onClose={() => select(undefined)}
          change={(changes) => void navigate(`${base}/states?${new URLSearchParams({ who: changes.who ?? writeWho({ kind: 'everyone' }), as_of: view.asOf })}`)}
        />
      )}
    </div>
  )
}

function Head({ track, to }: { track: Track; to: string }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const { notification, message } = App.useApp()
  const [isEditing, setEditing] = useState(false)
  const remove = useDeleteTrack()
  const create = useNewTrack()
  const restore = () => {
    notification.destroy(track.name)
    create.mutate(withAlerts(track, track.alerts), { onError: (error) => message.error(error.message) })
  }
  const onDelete = () =>
    remove.mutate(track.name, {
      onSuccess: () => {
        void navigate(`${base}/tracks`)
        notification.info({
          key: track.name,
          title: t('track.deleted', { name: track.name }),
          duration: 10,
          actions: (
            <Button type="primary" size="small" onClick={restore}>
              {t('audiences.undo')}
            </Button>
          ),
        })
      },
      onError: (error) => message.error(error.message),
    })
  return (
    <div className="section-head page-head">
      <h1>{track.name}</h1>
      <div className="card-controls">
        <Button icon={<EditOutlined aria-hidden />} onClick={() => setEditing(true)}>
          {t('track.edit')}
        </Button>
        <Button icon={<DeleteOutlined aria-hidden />} loading={remove.isPending} onClick={onDelete}>
          {t('track.delete')}
        </Button>
      </div>
      {isEditing && <TrackDialog before={track} from={to} onClose={() => setEditing(false)} onDone={() => setEditing(false)} />}
    </div>
  )
}

function About({ track }: { track: Track }) {
  const { t } = useSpeech()
  const told = useTold()
  return (
    <p className="quiet">
      {track.description && <>{track.description} · </>}
      {t('track.about', { whom: told.whom(track), scope: told.scope(track), from: track.from, step: told.step(track) })}
    </p>
  )
}
