// One tag: its values and who has them, how many had it over time, where it comes from, and when it was computed.

import { FileTextOutlined, ReloadOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Progress, Skeleton } from 'antd'
import { useEffect } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useComputeTag, useDeleteTag, useJob, useTag, useTagHistory, useTagRuns, useTagValues } from '../api/tags'
import type { TagDetail, TagValues, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { tagIs, tagWithin } from '../builder/usual'
import type { Json } from '../builder/tree'
import { csv } from '../chart/csv'
import { downloadText } from '../chart/download'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { addDays, inSentence, inZone, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { Coverage, named } from './TagsPage'

interface Bar {
  key: string
  label: string
  people: number
  expression: Json
}

/** The distribution as bars, in the order of the server: values by people, parts of a range from below. */
function useBars(name: string, values: TagValues | undefined): Bar[] {
  const { exact } = useSpeech()
  if (!values) return []
  const bins = values.spread?.bins ?? []
  const shown = (value: number | string) => (typeof value === 'number' ? exact(Math.round(value * 100) / 100) : value)
  if (bins.length > 0) {
    return bins.map(({ from, to, people }, i) => ({ key: String(from), label: `${shown(from)} – ${shown(to)}`, people, expression: tagWithin(name, from, to, i === bins.length - 1) }))
  }
  return values.items.map(({ value, people }) => ({ key: value, label: value, people, expression: tagIs(name, values.kind, value) }))
}

export function TagPage({ workspace }: { workspace: Workspace }) {
  const { t, language } = useSpeech()
  const name = useParams().tag ?? ''
  usePageTitle(name)
  const { view } = useView(workspace)
  const [query, setQuery] = useAddress()
  const tag = useTag(name, view.asOf)
  const values = useTagValues(name, view.asOf)
  const bars = useBars(name, values.data)
  const opened = bars.find(({ key }) => key === query.get('open'))
  const setOpen = (open: string | null) => setQuery({ open })
  const said = ({ label }: Bar) => t('tag.said', { tag: name, value: label, date: inSentence(view.asOf, language) })
  const door: Door | undefined = opened && { expression: opened.expression, said: said(opened), name: `${name} ${opened.label} ${view.asOf}`, shown: opened.people }
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <div className="section-head page-head">
          <h1>{name}</h1>
          {tag.data && tag.data.version > 0 && !tag.error && <Change tag={tag.data} asOf={view.asOf} />}
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} isUpdating={tag.isPlaceholderData || values.isPlaceholderData} />
        {tag.error && <Failure error={tag.error} onRetry={() => void tag.refetch()} />}
        {tag.isPending && <Skeleton active className="card" />}
        {tag.data && !tag.error && <Facts tag={tag.data} asOf={view.asOf} zone={workspace.timezone} />}
        {values.error && !tag.error && <Failure error={values.error} onRetry={() => void values.refetch()} />}
        {values.data && <Distribution values={values.data} bars={bars} said={said} open={opened?.key} onOpen={setOpen} fileName={`weir-tag-${name}-${view.asOf}`} />}
        {tag.data && !tag.error && (
          <>
            <History name={name} asOf={view.asOf} />
            <Lineage tag={tag.data} zone={workspace.timezone} />
            {tag.data.origin === 'computed' && <Runs name={name} zone={workspace.timezone} />}
          </>
        )}
      </div>
      {door && <ExpressionPanel key={`${opened?.key} ${view.asOf}`} door={door} asOf={view.asOf} onClose={() => setOpen(null)} />}
    </div>
  )
}

/** What there is a definition of can be edited, and deleted while nothing names it. */
function Change({ tag, asOf }: { tag: TagDetail; asOf: Day }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const remove = useDeleteTag()
  const { name } = tag
  const isComputed = tag.origin === 'computed'
  const onDeleted = () => {
    message.success(t('tag.deleted', { name }))
    void navigate(`${base}/tags`)
  }
  // Values that were computed go with it, so it is asked first.
  const ask = () =>
    void modal.confirm({
      title: t(isComputed ? 'tag.delete_sure' : 'tag.delete_words_sure', { name }),
      okText: t('tag.delete'),
      cancelText: t('builder.cancel'),
      onOk: () => remove.mutate(name, { onSuccess: onDeleted }),
    })
  return (
    <div className="card-controls">
      {isComputed && <LinkButton to={`${base}/tags?define=${encodeURIComponent(name)}&as_of=${asOf}`}>{t('tag.edit')}</LinkButton>}
      <Button loading={remove.isPending} onClick={ask}>
        {t('tag.delete')}
      </Button>
      {remove.error && <Failure error={remove.error} />}
    </div>
  )
}

function Facts({ tag, asOf, zone }: { tag: TagDetail; asOf: Day; zone: string }) {
  const { t, exact, percent } = useSpeech()
  const { people, universe } = tag.coverage
  const { last_statement: stated, next_due: due } = tag.freshness
  return (
    <section className="card" aria-labelledby="facts-title">
      <div className="card-head">
        <h2 id="facts-title">{t('tag.facts')}</h2>
        {tag.origin === 'computed' && <Compute name={tag.name} asOf={asOf} />}
      </div>
      {tag.description && <p>{tag.description}</p>}
      <dl className="facts">
        <dt>{t('tags.kind')}</dt>
        <dd>
          {named('tags.kind', tag.kind, t)} · {named('tags.origin', tag.origin, t)}
        </dd>
        <dt>{t('tags.coverage')}</dt>
        <dd data-testid="tag-coverage" data-count={people}>
          {t('tag.has', { people: exact(people), universe: exact(universe) })} <Coverage people={people} universe={universe} text={percent(people, universe)} />
        </dd>
        <dt>{t('tags.fresh')}</dt>
        <dd>{stated ?? t('tag.never')}</dd>
        {tag.refresh && (
          <>
            <dt>{t('tracks.refresh')}</dt>
            <dd>
              {tag.refresh}
              {due && <> · {t('tag.due', { time: inZone(due, zone) })}</>}
            </dd>
          </>
        )}
        {tag.value && (
          <>
            <dt>{t('tag.rule')}</dt>
            <dd>
              <code>{JSON.stringify(tag.value)}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

/** Computes it as of the page's date, and follows the job. */
function Compute({ name, asOf }: { name: string; asOf: Day }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const compute = useComputeTag(name)
  const job = useJob(compute.data?.job).data
  const isRunning = compute.isPending || job?.state === 'running'
  const state = job?.state
  useEffect(() => {
    if (state !== 'done') return
    void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('tag') })
  }, [client, state])
  return (
    <div className="card-controls">
      {job?.state === 'running' && <Progress type="circle" size={22} percent={job.total ? Math.round((job.done / job.total) * 100) : undefined} aria-label={t('tag.computing')} />}
      {compute.error && <span className="odd">{compute.error.message}</span>}
      {job?.error && <span className="odd">{job.error.message}</span>}
      {state === 'done' && (
        <span className="even" role="status">
          {t('tag.computed')}
        </span>
      )}
      <Button icon={<ReloadOutlined aria-hidden />} loading={isRunning} onClick={() => compute.mutate(asOf)}>
        {t('tag.compute', { date: asOf })}
      </Button>
    </div>
  )
}

interface DistributionProps {
  values: TagValues
  bars: Bar[]
  said: (bar: Bar) => string
  open: string | undefined
  onOpen: (key: string) => void
  fileName: string
}

function Distribution({ values, bars, said, open, onOpen, fileName }: DistributionProps) {
  const { t, exact, percent } = useSpeech()
  const most = Math.max(1, ...bars.map(({ people }) => people))
  const save = () => downloadText(`${fileName}.csv`, csv([['value', 'people'], ...bars.map(({ label, people }) => [label, people])]), 'text/csv')
  const shown = (value: number | string) => (typeof value === 'number' ? exact(Math.round(value * 100) / 100) : value)
  const { spread, rest } = values
  return (
    <section className="card" aria-labelledby="values-title">
      <div className="card-head">
        <h2 id="values-title">{t('tag.values')}</h2>
        <Button aria-label={t('chart.csv')} title={t('chart.csv')} icon={<FileTextOutlined aria-hidden />} onClick={save} />
      </div>
      {bars.length === 0 && <Alert type="info" showIcon title={t('tag.nobody')} />}
      {spread && (
        <p className="quiet figure">
          {t('tag.spread', { least: shown(spread.least), median: shown(spread.quantiles.find(({ percent }) => percent === 50)?.value ?? ''), mean: shown(spread.mean), greatest: shown(spread.greatest) })}
        </p>
      )}
      <ul className="entrance-bars value-bars">
        {bars.map((bar) => (
          <li key={bar.key}>
            <span className="end-name" title={bar.label}>
              {bar.label}
            </span>
            <span className="bar-track" aria-hidden>
              <i style={{ width: `${(bar.people / most) * 100}%`, background: 'var(--weir-link)' }} />
            </span>
            <Count value={bar.people} isExact sentence={said(bar)} isOpen={open === bar.key} onOpen={() => onOpen(bar.key)} testId={`value-${bar.key}`} />
            <span className="quiet figure">{percent(bar.people, values.people)}</span>
          </li>
        ))}
      </ul>
      {rest.values > 0 && <p className="quiet hint">{t('tag.rest', { n: rest.values, people: exact(rest.people) })}</p>}
    </section>
  )
}

const WEEKS = 12

function History({ name, asOf }: { name: string; asOf: Day }) {
  const { t, exact, percent } = useSpeech()
  const dates = Array.from({ length: WEEKS + 1 }, (_, i) => addDays(asOf, -7 * (WEEKS - i)))
  const history = useTagHistory(name, dates)
  return (
    <section className="card" aria-labelledby="history-title">
      <h2 id="history-title">{t('tag.history')}</h2>
      {history.error && <Failure error={history.error} />}
      <div className="scroll" tabIndex={0} role="region" aria-label={t('tag.history')}>
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">{t('area.date')}</th>
              <th scope="col">{t('tags.people')}</th>
              <th scope="col">{t('tags.coverage')}</th>
            </tr>
          </thead>
          <tbody>
            {(history.data ?? []).toReversed().map(({ as_of, people, universe }) => (
              <tr key={as_of}>
                <th scope="row">{as_of}</th>
                <td>{exact(people)}</td>
                <td>
                  <Coverage people={people} universe={universe} text={percent(people, universe)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Lineage({ tag, zone }: { tag: TagDetail; zone: string }) {
  const { t } = useSpeech()
  const { sources, names, used_by: users } = tag.lineage
  return (
    <section className="card" aria-labelledby="lineage-title">
      <h2 id="lineage-title">{t('tag.lineage')}</h2>
      <dl className="facts">
        <dt>{t('tag.from')}</dt>
        <dd>
          {sources.length === 0 && <span className="quiet">–</span>}
          <ul className="plain-list">
            {sources.slice(0, 20).map(({ import: id, source, finished }) => (
              <li key={id}>{t('tag.source', { id: String(id), source, time: inZone(finished, zone) })}</li>
            ))}
          </ul>
        </dd>
        {Object.entries(names).map(([kind, list]) => (
          <Named key={kind} kind={kind} list={list} />
        ))}
        <dt>{t('tag.used_by')}</dt>
        <dd>{users.length === 0 ? <span className="quiet">{t('tag.unused')}</span> : users.join(', ')}</dd>
      </dl>
    </section>
  )
}

function Named({ kind, list }: { kind: string; list: string[] }) {
  const { t } = useSpeech()
  return (
    <>
      <dt>{t('tag.names', { kind })}</dt>
      <dd>{list.join(', ')}</dd>
    </>
  )
}

function Runs({ name, zone }: { name: string; zone: string }) {
  const { t, exact } = useSpeech()
  const runs = useTagRuns(name).data ?? []
  return (
    <section className="card" aria-labelledby="runs-title">
      <h2 id="runs-title">{t('tag.runs')}</h2>
      {runs.length === 0 && <p className="quiet">{t('tag.no_runs')}</p>}
      {runs.length > 0 && (
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">{t('view.as_of')}</th>
              <th scope="col">{t('tags.people')}</th>
              <th scope="col">{t('tag.stated')}</th>
              <th scope="col">{t('tag.when')}</th>
            </tr>
          </thead>
          <tbody>
            {runs.slice(0, 50).map(({ run, as_of, people, stated, finished }) => (
              <tr key={`${run} ${as_of}`}>
                <th scope="row">{as_of}</th>
                <td>{exact(people)}</td>
                <td>{exact(stated)}</td>
                <td>{inZone(finished, zone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
