// An empty workspace: a file, a source, or the demo merchant.

import { Button, Empty, Progress, Radio } from 'antd'
import { useState } from 'react'
import { useDemo } from '../api/jobs'
import type { Job } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useSpeech } from '../i18n'

/** Three ways to begin. */
export function Beginning({ base }: { base: string }) {
  const { t } = useSpeech()
  return (
    <Empty className="card" description={<strong>{t('home.empty.title')}</strong>}>
      <div className="beginnings">
        <div>
          <h2>{t('home.empty.file')}</h2>
          <p className="quiet">{t('home.empty.file_help')}</p>
          <LinkButton type="primary" to={`${base}/data/imports/new`}>
            {t('home.empty.file_go')}
          </LinkButton>
        </div>
        <div>
          <h2>{t('home.empty.sdk')}</h2>
          <p className="quiet">{t('home.empty.sdk_help')}</p>
          <LinkButton to={`${base}/data/sources`}>{t('home.empty.sdk_go')}</LinkButton>
        </div>
        <div>
          <h2>{t('home.empty.demo')}</h2>
          <p className="quiet">{t('home.empty.demo_help')}</p>
          <Demo />
        </div>
      </div>
    </Empty>
  )
}

/** Small enough to wait for, and large enough to believe. */
const SIZES = [20_000, 200_000] as const

function Demo() {
  const { t, exact } = useSpeech()
  const [consumers, setConsumers] = useState<number>(SIZES[0])
  const demo = useDemo()
  const isRunning = demo.isPending || demo.job?.state === 'running'
  if (isRunning) return <DemoProgress job={demo.job} />
  return (
    <>
      {demo.error && <Failure error={demo.error} />}
      {demo.job?.error && <p className="odd">{demo.job.error.message}</p>}
      <Radio.Group className="demo-sizes" aria-label={t('home.empty.demo_size')} value={consumers} onChange={({ target }) => setConsumers(target.value as number)}>
        {SIZES.map((size) => (
          <Radio key={size} value={size}>
            {t('home.empty.demo_people', { n: exact(size) })}
          </Radio>
        ))}
      </Radio.Group>
      <Button onClick={() => demo.load(consumers)}>{t('home.empty.demo_go')}</Button>
    </>
  )
}

function DemoProgress({ job }: { job: Job | undefined }) {
  const { t, exact } = useSpeech()
  const percent = job?.total ? Math.floor((100 * job.done) / job.total) : undefined
  return (
    <div role="status" data-testid="demo-progress">
      <Progress percent={percent ?? 100} status="active" showInfo={percent !== undefined} aria-label={t('home.empty.demo_loading')} />
      <p className="quiet">{job?.stage ? t('home.empty.demo_stage', { stage: job.stage, n: exact(job.done) }) : t('home.empty.demo_loading')}</p>
    </div>
  )
}
