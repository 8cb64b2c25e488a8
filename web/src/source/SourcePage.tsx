// One source: its health, how to connect to it, and what came in.

import { Alert, App, Button, Descriptions, Form, Popconfirm, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { useIngestStatus, useNewKey, useOrigins, useSource, useSourceAction } from '../api/sources'
import type { Source, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { stateOf } from './age'
import { Connect } from './Connect'
import { Debugger } from './Debugger'
import { ageOf, OriginsItem } from './SourcesPage'
import { Age, SourceTag } from './SourceTag'

export function SourcePage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const name = useParams().source ?? ''
  usePageTitle(name)
  const source = useSource(name)
  const [secret, setSecret] = useOnce()
  const zone = workspace.timezone
  return (
    <div className="page">
      <div className="page-main">
        <Link to={`${useBase()}/data/sources`}>← {t('sources.all')}</Link>
        <h1>{name}</h1>
        <Provenance workspace={workspace} />
        {source.error && <Failure error={source.error} onRetry={() => void source.refetch()} />}
        {source.isPending && <Skeleton active className="card" />}
        {source.data && (
          <>
            {source.data.disabled && <Alert type="warning" showIcon title={t('source.disabled_since', { time: inZone(source.data.disabled, zone) })} />}
            {source.data.revoked && source.data.kind === 'sdk' && (
              <Alert type="warning" showIcon title={t('source.revoked_since', { time: inZone(source.data.revoked, zone) })} />
            )}
            <Health source={source.data} zone={zone} onKey={setSecret} />
            {source.data.kind === 'sdk' && <Connect source={source.data} secret={secret} zone={zone} />}
            <Debugger source={name} zone={zone} />
          </>
        )}
      </div>
    </div>
  )
}

/** A key handed over by the page before; it leaves the browser's history at once. */
function useOnce(): [string | undefined, (secret: string | undefined) => void] {
  const { state, pathname } = useLocation() as { state: { key?: string } | null; pathname: string }
  const navigate = useNavigate()
  const [secret, setSecret] = useState(state?.key)
  useEffect(() => {
    if (state?.key) void navigate(pathname, { replace: true, state: null })
  }, [state, pathname, navigate])
  return [secret, setSecret]
}

function Health({ source, zone, onKey }: { source: Source; zone: string; onKey: (secret: string) => void }) {
  const { t, exact } = useSpeech()
  const seconds = ageOf(useIngestStatus().data, source.name)
  const line = (counts: { accepted: number; duplicate: number; rejected: number }) =>
    (['accepted', 'duplicate', 'rejected'] as const).map((key) => `${t(`sources.${key}`)} ${exact(counts[key])}`).join(' · ')
  return (
    <section className="card" aria-labelledby="health-title" data-testid="health">
      <div className="card-head">
        <h2 id="health-title">{t('source.health')}</h2>
        <Actions source={source} onKey={onKey} />
      </div>
      <Descriptions
        size="small"
        column={{ xs: 1, lg: 2 }}
        items={[
          { key: 'state', label: t('sources.state'), children: <SourceTag state={stateOf(source, seconds)} /> },
          { key: 'last', label: t('sources.last'), children: <Age seconds={seconds} /> },
          { key: 'now', label: t('sources.since_start'), children: <span className="figure">{line(source.since_start)}</span> },
          { key: 'ever', label: t('sources.ever'), children: <span className="figure">{line(source.total)}</span> },
          { key: 'created', label: t('source.created'), children: inZone(source.created, zone) },
          { key: 'used', label: t('source.last_used'), children: source.last_used ? inZone(source.last_used, zone) : t('sources.never') },
        ]}
      />
      <Reasons title={t('source.reasons')} counts={source.total.reasons ?? {}} none={t('source.none_refused')} />
      <Reasons title={t('source.remarks')} counts={source.total.remarks ?? {}} />
      {source.kind === 'sdk' && <Origins source={source} />}
    </section>
  )
}

function Reasons({ title, counts, none }: { title: string; counts: Record<string, number>; none?: string }) {
  const { exact } = useSpeech()
  const entries = Object.entries(counts).sort((a, b) => b[1] - a[1])
  if (entries.length === 0 && !none) return null
  return (
    <p className="quiet">
      {title}: {entries.length === 0 ? none : entries.map(([reason, n]) => `${reason} ${exact(n)}`).join(' · ')}
    </p>
  )
}

function Origins({ source }: { source: Source }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const put = useOrigins(source.name)
  const onFinish = ({ origins }: { origins?: string[] }) =>
    put.mutate(origins ?? [], { onSuccess: () => message.success(t('source.saved')) })
  return (
    <Form className="origins" layout="vertical" requiredMark={false} initialValues={{ origins: source.origins }} onFinish={onFinish}>
      <OriginsItem />
      {put.error && <Failure error={put.error} />}
      <Button htmlType="submit" loading={put.isPending}>
        {t('source.save_origins')}
      </Button>
    </Form>
  )
}

function Actions({ source, onKey }: { source: Source; onKey: (secret: string) => void }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const action = useSourceAction(source.name)
  const key = useNewKey(source.name)
  const failed = (error: Error) => void message.error(error.message)
  const act = (which: 'enable' | 'disable' | 'revoke') => action.mutate(which, { onError: failed })
  return (
    <div className="card-controls">
      {source.disabled ? (
        <Button type="primary" onClick={() => act('enable')}>
          {t('source.enable')}
        </Button>
      ) : (
        <Sure question={t('source.disable_sure')} onYes={() => act('disable')} label={t('source.disable')} />
      )}
      {source.kind === 'sdk' && (
        <>
          <Sure
            question={t('source.rotate_sure')}
            onYes={() => key.mutate(undefined, { onSuccess: (made) => onKey(made.write_key), onError: failed })}
            label={t('source.rotate')}
          />
          {!source.revoked && <Sure question={t('source.revoke_sure')} onYes={() => act('revoke')} label={t('source.revoke')} isDanger />}
        </>
      )}
    </div>
  )
}

function Sure({ question, label, onYes, isDanger }: { question: string; label: string; onYes: () => void; isDanger?: boolean }) {
  return (
    <Popconfirm title={question} okText={label} onConfirm={onYes} overlayStyle={{ maxWidth: 340 }}>
      <Button danger={isDanger}>{label}</Button>
    </Popconfirm>
  )
}
