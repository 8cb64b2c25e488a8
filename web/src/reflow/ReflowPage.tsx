// By which entrances people come: whom each reached, who they are, and its channels with a form for each.

import { Alert, Select, Skeleton } from 'antd'
import { useMemo } from 'react'
import { Link } from 'react-router'
import { useChannelReach, useReachSeries, useStatesOf } from '../api/reflow'
import type { ChannelReach, States, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { channelName } from '../builder/useNames'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { useSetting } from '../door/useSetting'
import { addDays, inSentence, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { lookOf, type Looks } from '../states/look'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import type { QueryChanges } from '../view/view'
import { useView } from '../view/useView'
import { ChannelFormSection } from './ChannelForm'
import { entranceColor, entrancesOf } from './Entrances'

const SPANS = [7, 30, 60, 90, 180, 365]
const USUAL = 30
const BARS = 10

export function ReflowPage({ workspace }: { workspace: Workspace }) {
  const { t, language } = useSpeech()
  usePageTitle(t('reflow.title'))
  const base = useBase()
  const [query, change] = useAddress()
  const { view } = useView(workspace)
  const days = SPANS.find((n) => String(n) === query.get('days')) ?? USUAL
  const reach = useChannelReach(view.asOf, days)
  const chosen = query.get('channel') ?? undefined
  const openPath = query.get('open') ?? undefined
  const date = inSentence(view.asOf, language)
  const said = (path: string) => t('reflow.said', { channel: channelName(path, reach.data?.channels ?? [], language), n: days, date })
  const opened = reach.data?.channels.find(({ path }) => path === openPath)
  const door: Door | undefined = opened && { expression: opened.expression as Json, said: said(opened.path), name: `${channelName(opened.path, reach.data?.channels ?? [], language)} ${view.asOf}`, shown: opened.people }
  const common = { reach: reach.data, days, asOf: view.asOf, chosen, openPath, said, change }
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <div className="section-head page-head">
          <h1>{t('reflow.title')}</h1>
          <Link to={`${base}/playbooks?as_of=${view.asOf}`}>{t('plays.link')} →</Link>
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={reach.data?.elapsed_us} isUpdating={reach.isPlaceholderData} />
        <p className="quiet">{t('reflow.intro')}</p>
        <div className="filters">
          <Field label={t('reflow.days')}>
            <Select aria-label={t('reflow.days')} value={days} options={SPANS.map((n) => ({ value: n, label: t('funnel.window_days', { n }) }))} onChange={(n) => change({ days: String(n) })} />
          </Field>
        </div>
        {reach.error && <Failure error={reach.error} onRetry={() => void reach.refetch()} />}
        {reach.isPending && <Skeleton active className="card" />}
        {reach.data && reach.data.channels.length === 0 && <Alert type="info" showIcon title={t('reflow.none')} />}
        {reach.data && reach.data.channels.length > 0 && (
          <div className={reach.isPlaceholderData ? 'reflow stale' : 'reflow'}>
            <Cards {...common} reach={reach.data} model={view.model} workspace={workspace} />
            <Tree {...common} reach={reach.data} />
          </div>
        )}
        {reach.data && chosen && <ChannelFormSection key={chosen} path={chosen} name={channelName(chosen, reach.data.channels, language)} asOf={view.asOf} />}
      </div>
      {door && <ExpressionPanel key={`${openPath} ${days} ${view.asOf}`} door={door} asOf={view.asOf} onClose={() => change({ open: null })} />}
    </div>
  )
}

interface Common {
  reach: ChannelReach
  days: number
  asOf: Day
  chosen: string | undefined
  openPath: string | undefined
  said: (path: string) => string
  change: (changes: QueryChanges) => void
}

function Cards({ reach, days, asOf, chosen, openPath, said, change, workspace }: Common & { model: string; workspace: Workspace }) {
  const { t, language, percent } = useSpeech()
  const { view } = useView(workspace)
  const { setting } = useSetting(view, [])
  const entrances = entrancesOf(reach)
  const expressions = useMemo(() => entrances.map(({ expression }) => expression as Json), [entrances])
  const states = useStatesOf(expressions, asOf)
  const step = Math.max(1, Math.ceil(days / BARS))
  const dates = Array.from({ length: Math.max(1, Math.floor(days / step)) }, (_, i) => addDays(asOf, -step * i)).reverse()
  const series = useReachSeries(dates, step)
  return (
    <section aria-label={t('reflow.entrances')} className="entrance-cards">
      {entrances.map(({ path, people }, i) => {
        const name = channelName(path, reach.channels, language)
        const heights = series.map(({ data }) => data?.channels.find((one) => one.path === path)?.people ?? 0)
        return (
          <article key={path} className={chosen?.split('.')[0] === path ? 'card entrance-card chosen' : 'card entrance-card'} style={{ '--entrance': entranceColor(path) } as React.CSSProperties}>
            <h2>
              <button type="button" className="link-button" aria-pressed={chosen === path} onClick={() => change({ channel: path, form: null })}>
                {name}
              </button>
            </h2>
            <p>
              <Count value={people} className="big" sentence={said(path)} isOpen={openPath === path} onOpen={() => change({ open: path })} testId={`entrance-${path}`} />{' '}
              <span className="quiet">{percent(people, reach.universe)}</span>
            </p>
            <Bars dates={dates} heights={heights} step={step} />
            <Strip answer={states[i]?.data} looks={setting.looks} />
          </article>
        )
      })}
    </section>
  )
}

/** How many it reached in each part of the time, the latest last. */
function Bars({ dates, heights, step }: { dates: Day[]; heights: number[]; step: number }) {
  const { t, exact, language } = useSpeech()
  const most = Math.max(1, ...heights)
  const told = listed(heights.map(exact), 'conjunction', language)
  return (
    <div className="spark" role="img" aria-label={t('reflow.bars', { step, counts: told })}>
      {heights.map((height, i) => (
        <i key={dates[i]} title={`${dates[i]}: ${exact(height)}`} style={{ height: `${Math.max(height > 0 ? 4 : 0, (height / most) * 100)}%` }} />
      ))}
    </div>
  )
}

/** Which states its people are in. */
function Strip({ answer, looks }: { answer: States | undefined; looks: Looks }) {
  const { exact, language } = useSpeech()
  const at = answer?.at[0]
  if (!at) return <div className="strip" />
  const parts = Object.entries(at.states).filter(([, count]) => count > 0)
  const told = listed(parts.map(([state, count]) => `${lookOf(looks, state).title} ${exact(count)}`), 'conjunction', language)
  return (
    <div className="strip" role="img" aria-label={told} title={told}>
      {parts.map(([state, count]) => (
        <i key={state} style={{ flexGrow: count, background: `var(--weir-state-${lookOf(looks, state).slot})` }} />
      ))}
    </div>
  )
}

/** Every channel with its people, parents above what belongs to them. */
function Tree({ reach, chosen, openPath, said, change }: Common) {
  const { t, language, percent } = useSpeech()
  const entrance = chosen?.split('.')[0]
  const shown = [...reach.channels].sort((a, b) => (a.path < b.path ? -1 : 1)).filter(({ path }) => !path.includes('.') || entrance === undefined || path.startsWith(`${entrance}.`))
  const most = Math.max(1, ...reach.channels.map(({ people }) => people))
  return (
    <section className="card" aria-labelledby="channels-title">
      <h2 id="channels-title">{t('reflow.channels')}</h2>
      <p className="quiet">{t(entrance ? 'reflow.channels_of' : 'reflow.channels_all')}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('reflow.channels')}>
        <table className="grid texts channel-tree">
          <thead>
            <tr>
              <th scope="col">{t('settings.channel')}</th>
              <th scope="col" aria-hidden />
              <th scope="col">{t('alerts.people')}</th>
              <th scope="col">{t('alerts.share')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ path, people }) => {
              const depth = path.split('.').length - 1
              return (
                <tr key={path} className={chosen === path ? 'chosen' : undefined}>
                  <th scope="row" style={{ paddingInlineStart: 10 + depth * 22 }}>
                    <button type="button" className="link-button" aria-pressed={chosen === path} onClick={() => change({ channel: path, form: null })}>
                      {channelName(path, reach.channels, language)}
                    </button>
                  </th>
                  <td aria-hidden className="bar-cell">
                    <span className="bar-track">
                      <i style={{ width: `${(people / most) * 100}%`, background: entranceColor(path) }} />
                    </span>
                  </td>
                  <td>
                    <Count value={people} isExact sentence={said(path)} isOpen={openPath === path} onOpen={() => change({ open: path })} testId={`channel-${path}`} />
                  </td>
                  <td>{percent(people, reach.universe)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
