// Says in the top bar that something is at work; nothing where nothing is.

import { SyncOutlined } from '@ant-design/icons'
import { Link } from 'react-router'
import { useJobsIn } from '../api/jobs'
import { useBase } from '../app/useBase'
import { useSpeech } from '../i18n'

export function Running() {
  const { t } = useSpeech()
  const base = useBase()
  const jobs = useJobsIn('running').data ?? []
  return (
    <span role="status">
      {jobs.length > 0 && (
        <Link to={`${base}/data/jobs`} title={jobs.map(({ subject }) => subject).join(', ')}>
          <SyncOutlined spin aria-hidden /> {t('jobs.running', { n: jobs.length })}
        </Link>
      )}
    </span>
  )
}
