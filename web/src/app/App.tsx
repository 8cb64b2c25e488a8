// Routes. Every page lives below its workspace, so that a link says which one it means.

import { Button, Flex, Result, Spin } from 'antd'
import { lazy } from 'react'
import { Link, Navigate, Route, Routes, useParams } from 'react-router'
import { ApiError } from '../api/client'
import { useWorkspace } from '../api/queries'
import type { Workspace } from '../api/types'
import { HomePage } from '../home/HomePage'
import { useSpeech } from '../i18n'
import { Failure } from './Failure'
import { Login } from './Login'
import { Shell } from './Shell'

// The first page comes with the frame; every other one when somebody goes there.
const StatesPage = lazy(() => import('../states/StatesPage').then((file) => ({ default: file.StatesPage })))
const ReflowPage = lazy(() => import('../reflow/ReflowPage').then((file) => ({ default: file.ReflowPage })))
const AudiencesPage = lazy(() => import('../audiences/AudiencesPage').then((file) => ({ default: file.AudiencesPage })))
const BuilderPage = lazy(() => import('../builder/BuilderPage').then((file) => ({ default: file.BuilderPage })))
const SourcesPage = lazy(() => import('../source/SourcesPage').then((file) => ({ default: file.SourcesPage })))
const SourcePage = lazy(() => import('../source/SourcePage').then((file) => ({ default: file.SourcePage })))
const ImportsPage = lazy(() => import('../import/ImportsPage').then((file) => ({ default: file.ImportsPage })))
const ImportWizard = lazy(() => import('../import/ImportWizard').then((file) => ({ default: file.ImportWizard })))
const PlaybooksPage = lazy(() => import('../play/PlaybooksPage').then((file) => ({ default: file.PlaybooksPage })))
const PlaybookPage = lazy(() => import('../play/PlaybookPage').then((file) => ({ default: file.PlaybookPage })))
const JobsPage = lazy(() => import('../job/JobsPage').then((file) => ({ default: file.JobsPage })))
const OverlapPage = lazy(() => import('../overlap/OverlapPage').then((file) => ({ default: file.OverlapPage })))
const PortraitPage = lazy(() => import('../portrait/PortraitPage').then((file) => ({ default: file.PortraitPage })))
const RfmPage = lazy(() => import('../rfm/RfmPage').then((file) => ({ default: file.RfmPage })))
const TagsPage = lazy(() => import('../tag/TagsPage').then((file) => ({ default: file.TagsPage })))
const TagPage = lazy(() => import('../tag/TagPage').then((file) => ({ default: file.TagPage })))
const ConsumersPage = lazy(() => import('../consumer/ConsumersPage').then((file) => ({ default: file.ConsumersPage })))
const ConsumerPage = lazy(() => import('../consumer/ConsumerPage').then((file) => ({ default: file.ConsumerPage })))
const ListsPage = lazy(() => import('../list/ListsPage').then((file) => ({ default: file.ListsPage })))
const ModelsPage = lazy(() => import('../model/ModelsPage').then((file) => ({ default: file.ModelsPage })))
const ModelPage = lazy(() => import('../model/ModelPage').then((file) => ({ default: file.ModelPage })))
const ModelEditorPage = lazy(() => import('../model/EditorPage').then((file) => ({ default: file.EditorPage })))
const TracksPage = lazy(() => import('../track/TracksPage').then((file) => ({ default: file.TracksPage })))
const TrackPage = lazy(() => import('../track/TrackPage').then((file) => ({ default: file.TrackPage })))
const StagesPage = lazy(() => import('../stage/StagesPage').then((file) => ({ default: file.StagesPage })))
const FunnelPage = lazy(() => import('../funnel/FunnelPage').then((file) => ({ default: file.FunnelPage })))
const RetentionPage = lazy(() => import('../retention/RetentionPage').then((file) => ({ default: file.RetentionPage })))
const SettingsPage = lazy(() => import('../settings/SettingsPage').then((file) => ({ default: file.SettingsPage })))
const PushesPage = lazy(() => import('../push/PushesPage').then((file) => ({ default: file.PushesPage })))
const PushPage = lazy(() => import('../push/PushPage').then((file) => ({ default: file.PushPage })))

export function App() {
  const workspace = useWorkspace()
  const { t } = useSpeech()
  if (workspace.error instanceof ApiError && workspace.error.status === 401) return <Login />
  if (workspace.data) return <Pages workspace={workspace.data} />
  if (workspace.error) {
    return (
      <main className="alone">
        <Failure error={workspace.error} onRetry={() => void workspace.refetch()} />
      </main>
    )
  }
  return (
    <Flex className="alone" justify="center" role="status" aria-label={t('app.loading')}>
      <Spin />
    </Flex>
  )
}

function Pages({ workspace }: { workspace: Workspace }) {
  const home = `/w/${encodeURIComponent(workspace.workspace)}`
  return (
    <Routes>
      <Route path="/w/:workspace" element={<Own workspace={workspace} />}>
        <Route index element={<HomePage workspace={workspace} />} />
        <Route path="reflow" element={<ReflowPage workspace={workspace} />} />
        <Route path="playbooks" element={<PlaybooksPage workspace={workspace} />} />
        <Route path="playbooks/:playbook" element={<PlaybookPage workspace={workspace} />} />
        <Route path="states" element={<StatesPage workspace={workspace} />} />
        <Route path="audiences" element={<AudiencesPage workspace={workspace} />} />
        <Route path="audiences/new" element={<BuilderPage workspace={workspace} />} />
        <Route path="audiences/:audience/edit" element={<BuilderPage workspace={workspace} />} />
        <Route path="pushes" element={<PushesPage workspace={workspace} />} />
        <Route path="pushes/:push" element={<PushPage workspace={workspace} />} />
        <Route path="tags" element={<TagsPage workspace={workspace} />} />
        <Route path="tags/:tag" element={<TagPage workspace={workspace} />} />
        <Route path="lists" element={<ListsPage workspace={workspace} />} />
        <Route path="consumers" element={<ConsumersPage workspace={workspace} />} />
        <Route path="consumers/:consumer" element={<ConsumerPage workspace={workspace} />} />
        <Route path="tracks" element={<TracksPage workspace={workspace} />} />
        <Route path="tracks/:track" element={<TrackPage workspace={workspace} />} />
        <Route path="models" element={<ModelsPage workspace={workspace} />} />
        <Route path="models/new" element={<ModelEditorPage workspace={workspace} />} />
        <Route path="models/:model" element={<ModelPage workspace={workspace} />} />
        <Route path="models/:model/edit" element={<ModelEditorPage workspace={workspace} />} />
        <Route path="insight/portrait" element={<PortraitPage workspace={workspace} />} />
        <Route path="insight/overlap" element={<OverlapPage workspace={workspace} />} />
        <Route path="insight/funnel" element={<FunnelPage workspace={workspace} />} />
        <Route path="insight/stages" element={<StagesPage workspace={workspace} />} />
        <Route path="insight/retention" element={<RetentionPage workspace={workspace} />} />
        <Route path="insight/rfm" element={<RfmPage workspace={workspace} />} />
        <Route path="settings" element={<SettingsPage workspace={workspace} />} />
        <Route path="data/imports" element={<ImportsPage workspace={workspace} />} />
        <Route path="data/imports/new" element={<ImportWizard workspace={workspace} />} />
        <Route path="data/jobs" element={<JobsPage workspace={workspace} />} />
        <Route path="data/sources" element={<SourcesPage workspace={workspace} />} />
        <Route path="data/sources/:source" element={<SourcePage workspace={workspace} />} />
        <Route path="*" element={<Unknown home={home} />} />
      </Route>
      <Route path="/" element={<Navigate to={home} replace />} />
      <Route path="*" element={<Unknown home={home} />} />
    </Routes>
  )
}

/** The shell, if the address means the workspace that the session belongs to. */
function Own({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const wanted = useParams().workspace ?? ''
  const own = workspace.workspace
  if (wanted === own) return <Shell workspace={workspace} />
  return (
    <Result
      status="warning"
      title={t('app.other_workspace', { own, wanted })}
      extra={
        <Link to={`/w/${encodeURIComponent(own)}`}>
          <Button type="primary">{t('app.open_workspace', { own })}</Button>
        </Link>
      }
    />
  )
}

function Unknown({ home }: { home: string }) {
  const { t } = useSpeech()
  return <Result status="info" title={t('app.unknown_page')} extra={<Link to={home}>{t('app.home')}</Link>} />
}
