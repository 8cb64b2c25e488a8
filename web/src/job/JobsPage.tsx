// Work that takes long: how far it is, who ends it, what became of it.

import { Badge, Button, Empty, Progress, Table } from 'antd'
import { useCancelJob, useJobs } from '../api/jobs'
import type { Job, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { isKey } from '../i18n/text'
import { Provenance } from '../view/Provenance'
import { Scroll } from '../view/Scroll'

const DOTS: Record<string, 'processing' | 'success' | 'error' | 'default' | 'warning'> = {
  running: 'processing',
  done: 'success',
  failed: 'error',
  cancelled: 'default',
  interrupted: 'warning',
}

export function JobsPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('jobs.title'))
  const jobs = useJobs()
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="page">
      <div className="page-main">
        <h1>{t('jobs.title')}</h1>
        <Provenance workspace={workspace} />
        <p className="quiet">{t('jobs.intro')}</p>
        {jobs.error && <Failure error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {jobs.data && items.length === 0 && <Empty className="card" description={t('jobs.none')} />}
        {!jobs.error && items.length > 0 && (
          <Scroll label={t('jobs.title')}>
            <JobTable items={items} zone={workspace.timezone} />
          </Scroll>
        )}
        {jobs.hasNextPage && (
          <Button loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            {t('imports.more')}
          </Button>
        )}
      </div>
    </div>
  )
}

function JobTable({ items, zone }: { items: Job[]; zone: string }) {
  const { t } = useSpeech()
  const word = (kind: 'state' | 'kind', name: string) => {
    const key = `jobs.${kind}.${name}`
    return isKey(key) ? t(key) : name
  }
  return (
    <Table<Job>
      className="jobs"
      rowKey="job"
      size="middle"
      dataSource={items}
      pagination={false}
      columns={[
        { title: t('jobs.id'), dataIndex: 'job', className: 'figure' },
        { title: t('jobs.kind'), render: (_, { kind }) => word('kind', kind) },
        { title: t('jobs.subject'), dataIndex: 'subject' },
        { title: t('jobs.state'), render: (_, { state }) => <Badge status={DOTS[state] ?? 'default'} text={word('state', state)} /> },
        { title: t('jobs.progress'), render: (_, job) => <How job={job} /> },
        { title: t('jobs.started'), className: 'figure nowrap', render: (_, { started }) => inZone(started, zone) },
        { title: t('jobs.ended'), className: 'figure nowrap', render: (_, { ended }) => (ended ? inZone(ended, zone) : '') },
        { title: '', align: 'right', render: (_, job) => job.state === 'running' && <Cancel job={job} /> },
      ]}
    />
  )
}

/** How far it is, or why it failed. */
function How({ job }: { job: Job }) {
  const { t, exact } = useSpeech()
  const { state, stage, done, total, error } = job
  if (error) return <span className="odd">{[error.message, error.help].filter(Boolean).join(' · ')}</span>
  if (state !== 'running') return <span className="figure">{exact(done)}</span>
  const text = total ? t('jobs.of', { stage: stage ?? '', done: exact(done), total: exact(total) }) : t('jobs.so_far', { stage: stage ?? '', done: exact(done) })
  return (
    <>
      {total ? <Progress percent={Math.round((done / total) * 100)} size="small" aria-label={text} /> : null}
      <span className="figure">{text}</span>
    </>
  )
}

function Cancel({ job }: { job: Job }) {
  const { t } = useSpeech()
  const cancel = useCancelJob()
  return (
    <Button size="small" loading={cancel.isPending} aria-label={t('jobs.cancel_one', { job: job.job })} onClick={() => cancel.mutate(job.job)}>
      {t('jobs.cancel')}
    </Button>
  )
}
