// What a plan creates, and, once it is there, the ways to it.

import { SendOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { useMakePlaybook } from '../api/playbooks'
import { useAudiences, useSnapshots } from '../api/queries'
import { useTracks } from '../api/tracks'
import type { PlaybookPreview, Snapshot, Track } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import type { JsonObject } from '../builder/tree'
import { useSpeech } from '../i18n'
import { useTold } from '../track/useTold'
import { standing, targetOf } from './play'

const PushDialog = lazy(() => import('../push/PushDialog').then((file) => ({ default: file.PushDialog })))

interface PreparedPush {
  name: string
  destination: string | null
  holdout_percent: number
  salt: string
}

const pushOf = (preview: PlaybookPreview) => preview.push as unknown as PreparedPush

export function Makes({ preview, body, isReady }: { preview: PlaybookPreview; body: JsonObject; isReady: boolean }) {
  const { t } = useSpeech()
  const make = useMakePlaybook(preview.playbook)
  const { isThere, snapshot } = useWhatIsThere(preview)
  return (
    <section className="card" aria-labelledby="makes-title">
      <h2 id="makes-title">{t(isThere ? 'play.made' : 'play.makes')}</h2>
      <List preview={preview} snapshot={isThere ? snapshot : undefined} />
      {make.error && <Failure error={make.error} />}
      {isThere && isReady && snapshot ? (
        <There preview={preview} snapshot={snapshot} isNew={make.data !== undefined} />
      ) : (
        <div className="push-buttons">
          <Button type="primary" disabled={!isReady} title={isReady ? undefined : t('play.no_edit')} loading={make.isPending} onClick={() => make.mutate(body)}>
            {t('play.create')}
          </Button>
        </div>
      )}
    </section>
  )
}

/** The page asks what is there rather than remember what it made, so a reload says the same. */
function useWhatIsThere(preview: PlaybookPreview): { isThere: boolean; snapshot: Snapshot | undefined } {
  const audiences = useAudiences().data ?? []
  const snapshot = useSnapshots().data?.find(({ name }) => name === preview.snapshot)
  const hasTrack = useTracks().data?.some(({ name }) => name === preview.track.name) ?? false
  const isThere = hasTrack && snapshot !== undefined && preview.audiences.every((audience) => standing(audience, audiences) === 'same')
  return { isThere, snapshot }
}

function List({ preview, snapshot }: { preview: PlaybookPreview; snapshot: Snapshot | undefined }) {
  const { t } = useSpeech()
  const base = useBase()
  const told = useTold()
  const track = preview.track.track as unknown as Track
  const push = pushOf(preview)
  const to = (path: string, name: string) => (snapshot ? <Link to={`${base}/${path}`}>{name}</Link> : <code>{name}</code>)
  return (
    <dl className="facts">
      <dt>{t('play.makes.audiences', { n: preview.audiences.length })}</dt>
      <dd>
        <ul className="plain-list">
          {preview.audiences.map(({ name }) => (
            <li key={name}>{to(`audiences/${encodeURIComponent(name)}/edit?as_of=${preview.as_of}`, name)}</li>
          ))}
        </ul>
      </dd>
      <dt>{t('play.makes.snapshot')}</dt>
      <dd>
        {to(`states?who=${encodeURIComponent(`snapshot:${snapshot?.snapshot}`)}&as_of=${preview.as_of}`, preview.snapshot)} <span className="quiet">{t('play.makes.snapshot_of', { count: targetOf(preview)?.count ?? 0 })}</span>
      </dd>
      <dt>{t('play.makes.track')}</dt>
      <dd>
        {to(`tracks/${encodeURIComponent(preview.track.name)}`, preview.track.name)} <span className="quiet">{t('play.makes.track_of', { model: told.model(track), scope: told.scope(track), from: track.from, step: told.step(track) })}</span>
      </dd>
      <dt>{t('play.makes.push')}</dt>
      <dd>
        <code>{push.name}</code> <span className="quiet">{t('play.makes.push_of', { destination: push.destination ?? 'none', percent: push.holdout_percent })}</span>
      </dd>
    </dl>
  )
}

/** The plan is there: what remains is to push, which somebody has to want. */
function There({ preview, snapshot, isNew }: { preview: PlaybookPreview; snapshot: Snapshot; isNew: boolean }) {
  const { t } = useSpeech()
  const [isPushing, setPushing] = useState(false)
  const push = pushOf(preview)
  const people = { expression: { snapshot: snapshot.snapshot }, as_of: snapshot.as_of, count: snapshot.size }
  return (
    <>
      <Alert type={isNew ? 'success' : 'info'} showIcon title={t(isNew ? 'play.created' : 'play.is_there')} className="play-fault" />
      <div className="push-buttons">
        <Button type="primary" icon={<SendOutlined aria-hidden />} disabled={snapshot.size === 0} onClick={() => setPushing(true)}>
          {t('play.push', { count: snapshot.size })}
        </Button>
      </div>
      <Suspense>
        {isPushing && (
          <PushDialog people={people} name={push.name} plan={{ destination: push.destination ?? undefined, holdoutPercent: push.holdout_percent, salt: push.salt }} onClose={() => setPushing(false)} />
        )}
      </Suspense>
    </>
  )
}
