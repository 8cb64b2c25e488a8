// What happened to one person: who they are, what is known of them, their states over time, what they did, in which audiences
// they are and which pushes they were in.

import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons'
import { Alert, Button, Skeleton, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { ApiError } from '../api/client'
import { useConsumer } from '../api/consumers'
import type { Consumer, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { inSentence, inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { useView } from '../view/useView'
import { Activity } from './Activity'
import { Audiences } from './Audiences'
import { Search } from './ConsumersPage'
import { isPersonal } from './filters'
import { Identity } from './Identity'
import { kindName } from './kind'
import { Pushes } from './Pushes'
import { StateStrip } from './StateStrip'
import { Timeline } from './Timeline'

export function ConsumerPage({ workspace }: { workspace: Workspace }) {
  const id = useParams().consumer ?? ''
  // Whoever is shown unmasked is so until the page is left, and never by a link.
  return <Person key={id} id={id} workspace={workspace} />
}

function Person({ id, workspace }: { id: string; workspace: Workspace }) {
  const { t } = useSpeech()
  const base = useBase()
  const { view, change } = useView(workspace)
  const [isUnmasked, setUnmasked] = useState(false)
  const consumer = useConsumer({ id, asOf: view.asOf, model: view.model, scope: view.scope, isUnmasked })
  const person = consumer.data
  usePageTitle(person ? person.consumer.value : t('nav.consumers'))
  usePrivateAddress(id, person?.key)
  const isUnknown = consumer.error instanceof ApiError && consumer.error.code === 'unknown_consumer'
  return (
    <div className="page">
      <div className="page-main">
        <Link to={`${base}/consumers?as_of=${view.asOf}`}>← {t('consumers.back')}</Link>
        <h1>{person ? person.consumer.value : t('consumer.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} isUpdating={consumer.isPlaceholderData} />
        {consumer.error && <Failure error={consumer.error} onRetry={isUnknown ? undefined : () => void consumer.refetch()} />}
        {isUnknown && <Search asOf={view.asOf} />}
        {consumer.isPending && <Skeleton active className="card" />}
        {person && !consumer.error && (
          <>
            {!person.known && (
              <Alert type="info" showIcon title={t('consumer.unknown_then', { date: person.as_of, since: person.known_since ?? '' })} />
            )}
            <Header person={person} zone={workspace.timezone} isUnmasked={isUnmasked} setUnmasked={setUnmasked} />
            <StateStrip person={person} view={view} change={change} isStale={consumer.isPlaceholderData} />
            <div className="consumer-columns">
              <div className="page-main">
                <Timeline id={person.key} person={person} asOf={view.asOf} zone={workspace.timezone} isUnmasked={isUnmasked} />
              </div>
              <div className="page-main">
                <Activity activity={person.activity} />
                <Audiences person={person} asOf={view.asOf} />
                <Pushes pushes={person.pushes} zone={workspace.timezone} />
              </div>
            </div>
            <Identity person={person} zone={workspace.timezone} />
          </>
        )}
      </div>
    </div>
  )
}

/** A phone number that was looked for is not left in the address, nor in what the browser remembers of it. */
function usePrivateAddress(id: string, key: string | undefined) {
  const base = useBase()
  const navigate = useNavigate()
  const { search } = useLocation()
  useEffect(() => {
    if (key && isPersonal(id)) void navigate(`${base}/consumers/${key}${search}`, { replace: true })
  }, [base, id, key, navigate, search])
}

interface HeaderProps {
  person: Consumer
  zone: string
  isUnmasked: boolean
  setUnmasked: (is: boolean) => void
}

function Header({ person, zone, isUnmasked, setUnmasked }: HeaderProps) {
  const { t, exact, language } = useSpeech()
  const { activity } = person
  return (
    <section className="card" aria-labelledby="known-title">
      <div className="card-head">
        <h2 id="known-title">{t('consumer.known')}</h2>
        <Button icon={isUnmasked ? <EyeInvisibleOutlined aria-hidden /> : <EyeOutlined aria-hidden />} aria-pressed={isUnmasked} onClick={() => setUnmasked(!isUnmasked)}>
          {t(isUnmasked ? 'consumer.mask' : 'consumer.reveal')}
        </Button>
      </div>
      {isUnmasked && <p className="quiet hint">{t('consumer.reveal_noted')}</p>}
      <dl className="facts">
        <dt>{t('consumer.identifiers')}</dt>
        <dd>
          <ul className="chips" data-testid="identifiers">
            {person.identifiers.map(({ key, kind, value }) => (
              <li key={key}>
                <span className="quiet">{kindName(kind, t)}</span> <span className="figure">{value}</span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('consumer.tags')}</dt>
        <dd>
          {person.tags.length === 0 && <span className="quiet">{t('consumer.no_tags')}</span>}
          <ul className="chips" data-testid="tags">
            {person.tags.map((tag) => (
              <TagChip key={tag.name} {...tag} />
            ))}
          </ul>
        </dd>
        <dt>{t('consumer.since')}</dt>
        <dd>
          {person.known_since ? inSentence(person.known_since, language) : t('consumer.since_undated')}
          {activity.first && activity.last && (
            <>
              {' '}
              · <span data-testid="event-count" data-count={activity.events}>{t('consumer.events_total', { n: exact(activity.events) })}</span>
              {' · '}
              {t('consumer.events_between', { first: inZone(activity.first, zone), last: inZone(activity.last, zone) })}
            </>
          )}
        </dd>
        {activity.retention_days && (
          <>
            <dt>{t('consumer.kept')}</dt>
            <dd>{t('consumer.kept_days', { n: activity.retention_days })}</dd>
          </>
        )}
      </dl>
    </section>
  )
}

function TagChip({ name, value, since }: Consumer['tags'][number]) {
  const { t, exact } = useSpeech()
  const base = useBase()
  const shown = Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? exact(value) : value
  return (
    <li>
      <Tag variant="filled" title={since ? t('consumer.tag_since', { date: since }) : t('consumer.tag_undated')}>
        <Link to={`${base}/tags/${encodeURIComponent(name)}`}>{name}</Link> {shown}
        {since && <span className="quiet figure"> {since}</span>}
      </Tag>
    </li>
  )
}
