// What flows in, who they are, what went out, and what needs somebody.

import { ArrowRightOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import { lazy, Suspense, useMemo } from 'react'
import { Link, useNavigate } from 'react-router'
import { usePeopleOf } from '../api/audiences'
import { useImports } from '../api/imports'
import { useJobsIn } from '../api/jobs'
import { usePushes, useStates } from '../api/queries'
import { useChannelReach } from '../api/reflow'
import { useIngestStatus, useSources } from '../api/sources'
import { useOpenAlerts } from '../api/tracks'
import type { ChannelReach, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { didLately, everyone, LATELY, reached } from '../builder/usual'
import { channelName } from '../builder/useNames'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { Panel } from '../door/Panel'
import { sentence } from '../door/sentence'
import { useSetting } from '../door/useSetting'
import { inSentence, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { EntranceBars, entrancesOf } from '../reflow/Entrances'
import { OfferPassword } from '../settings/OfferPassword'
import { areaDates } from '../states/area'
import { AreaSection } from '../states/AreaSection'
import { namesOf, shownCount } from '../states/shown'
import { Provenance } from '../view/Provenance'
import { Scroll } from '../view/Scroll'
import type { Selection } from '../view/selection'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { attention, type Matter } from './attention'

// Seen once in a workspace's life.
const Beginning = lazy(() => import('./Beginning').then((file) => ({ default: file.Beginning })))
// Tables are heavy, and this one is below everything else.
const PushTable = lazy(() => import('../push/PushesPage').then((file) => ({ default: file.PushTable })))

export function HomePage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const base = useBase()
  usePageTitle(t('home.title'))
  const hasData = (workspace.data?.events ?? 0) > 0
  return (
    <>
      <OfferPassword />
      {hasData ? (
        <Home workspace={workspace} />
      ) : (
        <div className="page">
          <div className="page-main">
            <h1>{t('home.title')}</h1>
            <Suspense fallback={<Skeleton active />}>
              <Beginning base={base} />
            </Suspense>
          </div>
        </div>
      )}
    </>
  )
}

function useDoors(reach: ChannelReach | undefined, asOf: Day): (key: string | null) => Door | undefined {
  const { t, language } = useSpeech()
  const date = inSentence(asOf, language)
  const door = (expression: Json, said: string, shown?: number): Door => ({ expression, said, name: `${said.slice(0, 80)} ${asOf}`, shown })
  return (key) => {
    if (key === 'known') return door(everyone, t('home.said.known', { date }))
    if (key === 'bought') return door(didLately('purchase'), t('home.said.bought', { date, n: LATELY }))
    if (key === 'messaged') return door(didLately('message_sent'), t('home.said.messaged', { date, n: LATELY }))
    if (!reach) return undefined
    if (key === 'reached') return door(reached(entrancesOf(reach).map(({ path }) => path)), t('home.said.reached', { date, n: LATELY }), reach.any)
    const found = reach.channels.find(({ path }) => path === key)
    return found && door(found.expression as Json, t('reflow.said', { channel: channelName(found.path, reach.channels, language), n: LATELY, date }), found.people)
  }
}

function Home({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const [query, setQuery] = useAddress()
  const { view, selection, select, change } = useView(workspace)
  // No flow here, so its dates are no marks.
  const shown = useMemo(() => ({ ...view, from: view.asOf, to: view.asOf }), [view])
  const firstDay = workspace.data?.first_day ?? undefined
  const dates = useMemo(() => areaDates(view.asOf, view.span, firstDay), [view.asOf, view.span, firstDay])
  const states = useStates(view, dates, true)
  const { setting, model } = useSetting(view, [])
  const reach = useChannelReach(view.asOf, LATELY)
  const doors = useDoors(reach.data, view.asOf)
  const openKey = query.get('open')
  const door = doors(openKey)
  const setOpen = (open: string | null) => setQuery({ open, sel: null })
  const names = useMemo(() => namesOf(model?.states.map(({ name }) => name), states.data), [model, states.data])
  const say = (chosen: Selection) => sentence(chosen, setting)
  const show = (chosen: Selection | undefined) => {
    if (openKey) setOpen(null)
    select(chosen)
  }
  return (
    <div className={door || selection ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <div className="section-head page-head">
          <h1>{t('home.title')}</h1>
          <LinkButton type="primary" icon={<PlusOutlined aria-hidden />} to={`${base}/audiences/new`}>
            {t('audiences.new')}
          </LinkButton>
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={reach.data?.elapsed_us} isUpdating={reach.isPlaceholderData} />
        <div className="cards">
          {(['known', 'reached', 'bought', 'messaged'] as const).map((key) => (
            <Figure key={key} which={key} door={doors(key)} asOf={view.asOf} isOpen={openKey === key} onOpen={() => setOpen(key)} />
          ))}
        </div>
        <AttentionList />
        <section className="card" aria-labelledby="entrances-title">
          <div className="card-head">
            <h2 id="entrances-title">{t('home.entrances', { n: LATELY })}</h2>
            <Link to={`${base}/reflow`}>
              {t('nav.reflow')} <ArrowRightOutlined aria-hidden />
            </Link>
          </div>
          {reach.error && <Failure error={reach.error} onRetry={() => void reach.refetch()} />}
          {reach.isPending && <Skeleton active />}
          {reach.data && <EntranceBars reach={reach.data} said={(path) => doors(path)?.said ?? path} open={openKey ?? undefined} onOpen={setOpen} />}
        </section>
        {states.error && <Failure error={states.error} onRetry={() => void states.refetch()} />}
        {states.data && (
          <AreaSection view={shown} names={names} looks={setting.looks} say={say} selection={selection} select={show} change={change} answer={states.data} dates={dates} isStale={states.isPlaceholderData} />
        )}
        <LastPushes zone={workspace.timezone} />
      </div>
      {door && <ExpressionPanel key={`${openKey} ${view.asOf}`} door={door} asOf={view.asOf} onClose={() => setOpen(null)} />}
      {!door && selection && (
        <Panel
          key={JSON.stringify(selection)}
          view={view}
          selection={selection}
          setting={setting}
          shown={shownCount(selection, states.data?.at, undefined)}
          onClose={() => select(undefined)}
          change={({ who }) => void navigate(`${base}/states?who=${encodeURIComponent(who ?? '')}&as_of=${view.asOf}`)}
        />
      )}
    </div>
  )
}

function Figure({ which, door, asOf, isOpen, onOpen }: { which: 'known' | 'reached' | 'bought' | 'messaged'; door: Door | undefined; asOf: Day; isOpen: boolean; onOpen: () => void }) {
  const { t } = useSpeech()
  const people = usePeopleOf(door?.expression, asOf)
  return (
    <div className="state-card">
      <span className="state-name">{t(`home.${which}`, { n: LATELY })}</span>
      {people.error && <span className="odd">{people.error.message}</span>}
      {people.data && door ? <Count value={people.data.count} sentence={door.said} isOpen={isOpen} onOpen={onOpen} className="big" testId={`home-${which}`} /> : !people.error && <Skeleton.Button active size="small" />}
    </div>
  )
}

function AttentionList() {
  const { t, exact } = useSpeech()
  const base = useBase()
  const matters = attention({
    status: useIngestStatus().data,
    sources: useSources().data,
    imports: useImports().data?.pages[0]?.items,
    jobs: useJobsIn('failed').data,
    alerts: useOpenAlerts().data,
    pushes: usePushes().data?.pages[0]?.items,
  })
  const said = (matter: Matter) => {
    switch (matter.kind) {
      case 'disk':
        return t('home.matter.disk', { reason: matter.reason })
      case 'source':
        return t('home.matter.source', { name: matter.name, state: matter.state })
      case 'rejects':
        return t('home.matter.rejects', { name: matter.name, n: matter.n })
      case 'import':
        return t('home.matter.import', { id: String(matter.id), n: matter.n })
      case 'job':
        return t('home.matter.job', { subject: matter.subject, message: matter.message })
      case 'alert':
        return t('home.matter.alert', { track: matter.track, rule: matter.rule, count: exact(matter.count), of: exact(matter.of) })
      case 'push':
        return t('home.matter.push', { name: matter.name, n: matter.n })
    }
  }
  return (
    <section className="card" aria-labelledby="attention-title">
      <h2 id="attention-title">{t('home.attention')}</h2>
      {matters.length === 0 && <p className="quiet">{t('home.all_well')}</p>}
      <ul className="plain-list matters" data-testid="attention">
        {matters.map((matter) => (
          <li key={JSON.stringify(matter)}>
            <span>{said(matter)}</span>
            <Link to={`${base}/${matter.path}`}>{t(`home.remedy.${matter.kind}`)}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const FEW = 5

function LastPushes({ zone }: { zone: string }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const pushes = usePushes()
  const items = (pushes.data?.pages[0]?.items ?? []).slice(0, FEW)
  return (
    <section className="card" aria-labelledby="pushes-title">
      <div className="card-head">
        <h2 id="pushes-title">{t('home.pushes')}</h2>
        <Link to={`${base}/pushes`}>
          {t('nav.pushes')} <ArrowRightOutlined aria-hidden />
        </Link>
      </div>
      {pushes.error && <Failure error={pushes.error} onRetry={() => void pushes.refetch()} />}
      {pushes.data && items.length === 0 ? (
        <>
          <p className="quiet">{t('pushes.empty.body')}</p>
          <Button onClick={() => void navigate(`${base}/states`)}>{t('nav.states')}</Button>
        </>
      ) : (
        <Scroll label={t('home.pushes')}>
          <Suspense fallback={<Skeleton active title={false} />}>
            <PushTable items={items} isLoading={pushes.isPending} zone={zone} />
          </Suspense>
        </Scroll>
      )}
    </section>
  )
}
