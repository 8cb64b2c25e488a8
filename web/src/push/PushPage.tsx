// One push: what was asked, and what became of it.

import { Button, Descriptions } from 'antd'
import { Link, useParams } from 'react-router'
import { fileUrl } from '../api/client'
import { useDestinations, usePush } from '../api/queries'
import type { Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { Ledger } from './Ledger'
import { StateTag } from './PushesPage'

export function PushPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const push = usePush(useParams().push ?? '')
  const destinations = useDestinations()
  const name = push.data?.name || push.data?.push || t('pushes.title')
  usePageTitle(name)
  const isFile = destinations.data?.find((one) => one.name === push.data?.destination)?.kind === 'file'
  return (
    <div className="page">
      <div className="page-main narrow">
        <Link to={`/w/${encodeURIComponent(workspace.workspace)}/pushes`}>← {t('pushes.back')}</Link>
        <h1>{name}</h1>
        <Provenance workspace={workspace} asOf={push.data?.as_of} />
        {push.error && <Failure error={push.error} onRetry={() => void push.refetch()} />}
        {push.data && (
          <section className="card">
            <Descriptions
              size="small"
              column={{ xs: 1, md: 2 }}
              items={[
                { key: 'to', label: t('pushes.destination'), children: push.data.destination },
                { key: 'state', label: t('pushes.state'), children: <StateTag state={push.data.state} /> },
                { key: 'who', label: t('pushes.audience'), children: push.data.audience || t('pushes.expression') },
                { key: 'when', label: t('pushes.created'), children: inZone(push.data.created, workspace.timezone) },
              ]}
            />
            <Ledger push={push.data} />
            {isFile && push.data.state === 'done' && (
              <Button type="primary" href={fileUrl(`/pushes/${encodeURIComponent(push.data.push)}/file`)} download>
                {t('push.download')}
              </Button>
            )}
          </section>
        )}
      </div>
    </div>
  )
}
