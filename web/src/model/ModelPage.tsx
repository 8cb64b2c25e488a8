// One state model: its rules and what each does as of the day, what would be if, its versions, and who uses it.

import { CopyOutlined, DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { App, Button, Select, Skeleton } from 'antd'
import { useMemo } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useDeleteModel, useModel, useModelCheck, useModelVersions, usePutModel } from '../api/models'
import { useModelVersion } from '../api/tracks'
import type { StateModel, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSetting } from '../door/useSetting'
import { useSpeech } from '../i18n'
import { looks as looksOf } from '../states/look'
import { Field, modelTitle, ScopeSelect, WhoSelect } from '../view/Filters'
import { NoData } from '../view/NoData'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { Warnings } from '../view/Warnings'
import { writeScope, writeWho, type QueryChanges, type View } from '../view/view'
import { CompareSection, useOther } from './CompareSection'
import { DoorPanel, useSay } from './DoorPanel'
import { readOpened, writeOpened, type Opened } from './doors'
import type { Use } from './rules'
import { RulesSection } from './RulesSection'
import { UsesSection } from './UsesSection'
import { useUses } from './useUses'
import { VersionsSection } from './VersionsSection'

const NO_STATES: string[] = []

export function ModelPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const base = useBase()
  const name = useParams().model ?? ''
  usePageTitle(name)
  const [query] = useAddress()
  const version = /^\d+$/.test(query.get('v') ?? '') ? query.get('v') : null
  const reference = version === null ? name : `${name}@${version}`
  const latest = useModel(name)
  const older = useModelVersion(reference)
  const shown = version === null ? latest.data : older.data
  const error = latest.error ?? (version === null ? null : older.error)
  if (shown && latest.data && !error) return <Shown key={reference} workspace={workspace} model={shown} latest={latest.data} reference={reference} />
  return (
    <div className="page">
      <div className="page-main">
        <Link to={`${base}/models`}>← {t('models.all')}</Link>
        <h1>{name}</h1>
        {error ? <Failure error={error} onRetry={() => void latest.refetch()} /> : <Skeleton active aria-label={t('app.loading')} />}
      </div>
    </div>
  )
}

interface ShownProps {
  workspace: Workspace
  model: StateModel
  latest: StateModel
  reference: string
}

function Shown({ workspace, model, latest, reference }: ShownProps) {
  const { t, language } = useSpeech()
  const base = useBase()
  const [query, setQuery] = useAddress()
  const { view: addressed, selection, select, change } = useView(workspace)
  const view = useMemo<View>(() => ({ ...addressed, model: reference }), [addressed, reference])
  const { setting } = useSetting(view, NO_STATES)
  const looks = useMemo(() => looksOf(model.states, language), [model, language])
  const opened = selection ? undefined : readOpened(query.get('open'))
  const check = useModelCheck(reference, view)
  const versions = useModelVersions(model.name).data ?? []
  const uses = useUses()(model.name)
  const say = useSay(model.states, view, setting)
  const { a, b } = useOther(model, reference)
  const sides = b && { a, b }
  // A door shuts the other one: of both kinds one is open at most.
  const open = (next: Opened) => setQuery({ sel: null, open: writeOpened(next) })
  const isOpen = selection !== undefined || opened !== undefined
  const alter = (changes: QueryChanges) => change({ open: null, ...changes })
  const title = modelTitle(model, language)
  return (
    <div className={isOpen ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <Link to={`${base}/models`}>← {t('models.all')}</Link>
        <Head model={model} latest={latest} uses={uses} />
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={check.data?.elapsed_us} model={model} version={model.version} isUpdating={check.isPlaceholderData} />
        {!model.preset && model.description && <p className="quiet">{model.description}</p>}
        <div className="filters">
          <ScopeSelect value={view.scope} onChange={(scope) => alter({ scope: scope.kind === 'workspace' ? null : writeScope(scope) })} />
          <WhoSelect value={view.who} onChange={(who) => alter({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
          {versions.length > 1 && <VersionSelect latest={latest} versions={versions} value={model.version} onChange={(v) => alter({ v })} />}
        </div>
        <NoData workspace={workspace} />
        {check.error && <Failure error={check.error} onRetry={() => void check.refetch()} />}
        <Warnings of={check.data} />
        {check.isPending && <Skeleton active className="card" />}
        {check.data && !check.error && (
          <RulesSection
            title={title}
            states={model.states}
            check={check.data}
            looks={looks}
            isStale={check.isPlaceholderData}
            selection={selection}
            opened={opened}
            select={(states) => select({ kind: 'band', date: view.asOf, states })}
            open={open}
            say={say}
            fileName={`weir-model-${model.name}-${view.asOf}`}
          />
        )}
        <CompareSection model={model} reference={reference} looks={looks} view={view} selection={selection} select={select} change={alter} scope={setting.scope} />
        <VersionsSection model={latest} versions={versions} uses={uses} view={view} />
        <UsesSection uses={uses} />
      </div>
      {isOpen && (
        <DoorPanel
          key={`${query.get('sel')} ${query.get('open')}`}
          states={model.states}
          model={reference}
          view={view}
          setting={setting}
          check={check.data}
          selection={selection}
          opened={opened}
          sides={sides}
          onClose={() => setQuery({ sel: null, open: null })}
        />
      )}
    </div>
  )
}

function VersionSelect({ latest, versions, value, onChange }: { latest: StateModel; versions: StateModel[]; value: number; onChange: (version: string | null) => void }) {
  const { t } = useSpeech()
  const label = (version: number) => (version === latest.version ? t('models.latest', { version }) : version === 0 ? t('models.version_shipped') : String(version))
  return (
    <Field label={t('models.shown_version')}>
      <Select
        aria-label={t('models.shown_version')}
        value={value}
        options={versions.map(({ version }) => ({ value: version, label: label(version) }))}
        onChange={(version: number) => onChange(version === latest.version ? null : String(version))}
      />
    </Field>
  )
}

function Head({ model, latest, uses }: { model: StateModel; latest: StateModel; uses: Use[] }) {
  const { t, language } = useSpeech()
  const base = useBase()
  const title = modelTitle(model, language)
  return (
    <div className="section-head page-head">
      <h1>
        {title} {title !== model.name && <code className="quiet model-code">{model.name}</code>}
      </h1>
      <div className="card-controls">
        <LinkButton type="primary" icon={latest.preset ? <CopyOutlined aria-hidden /> : <EditOutlined aria-hidden />} to={`${base}/models/${encodeURIComponent(model.name)}/edit`}>
          {t(latest.preset ? 'models.copy' : 'models.edit')}
        </LinkButton>
        {!latest.preset && <Remove model={latest} isUsed={uses.length > 0} />}
      </div>
    </div>
  )
}

function Remove({ model, isUsed }: { model: StateModel; isUsed: boolean }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const { notification, message } = App.useApp()
  const remove = useDeleteModel()
  const put = usePutModel()
  const { name, states, description, owner, role, labels } = model
  const restore = () => {
    notification.destroy(name)
    put.mutate({ name, body: { states, description, owner, role, labels } }, { onError: (error) => message.error(error.message) })
  }
  const onDelete = () =>
    remove.mutate(name, {
      onSuccess: () => {
        void navigate(`${base}/models`)
        notification.info({
          key: name,
          title: t('models.deleted', { name }),
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
    <Button icon={<DeleteOutlined aria-hidden />} disabled={isUsed} title={isUsed ? t('models.delete_used') : undefined} loading={remove.isPending} onClick={onDelete}>
      {t('models.delete')}
    </Button>
  )
}
