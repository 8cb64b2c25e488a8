// Every push with its ledger, the newest first.

import { Badge, Button, Empty, Table } from 'antd'
import { Link } from 'react-router'
import { usePushes } from '../api/queries'
import type { Push, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { balances, failedOf, suppressedOf } from './ledger'

const STATE_DOTS = { sending: 'processing', done: 'success', stopped: 'warning' } as const

export function StateTag({ state }: { state: Push['state'] }) {
  const { t } = useSpeech()
  return <Badge status={STATE_DOTS[state]} text={t(`push.state.${state}`)} />
}

export function PushesPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const pushes = usePushes()
  usePageTitle(t('pushes.title'))
  const items = pushes.data?.pages.flatMap((page) => page.items) ?? []
  const isEmpty = pushes.data !== undefined && items.length === 0
  return (
    <div className="page">
      <div className="page-main">
        <h1>{t('pushes.title')}</h1>
        <Provenance workspace={workspace} />
        <p className="quiet">{t('pushes.intro')}</p>
        {pushes.error && <Failure error={pushes.error} onRetry={() => void pushes.refetch()} />}
        {isEmpty ? (
          <Empty className="card" description={<strong>{t('pushes.empty.title')}</strong>}>
            <p className="quiet">{t('pushes.empty.body')}</p>
            <Link to={`/w/${encodeURIComponent(workspace.workspace)}/states`}>
              <Button type="primary">{t('app.home')}</Button>
            </Link>
          </Empty>
        ) : pushes.error ? null : (
          <PushTable items={items} isLoading={pushes.isPending} zone={workspace.timezone} />
        )}
        {pushes.hasNextPage && (
          <Button loading={pushes.isFetchingNextPage} onClick={() => void pushes.fetchNextPage()}>
            {t('pushes.more')}
          </Button>
        )}
      </div>
    </div>
  )
}

export function PushTable({ items, isLoading, zone }: { items: Push[]; isLoading: boolean; zone: string }) {
  const { t, exact } = useSpeech()
  const base = useBase()
  const count = (title: string, of: (push: Push) => number) => ({
    title,
    align: 'right' as const,
    className: 'figure',
    render: (_: unknown, push: Push) => exact(of(push)),
  })
  return (
    <Table<Push>
      className="pushes"
      rowKey="push"
      size="middle"
      loading={isLoading}
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('pushes.name'),
          render: (_, push) => (
            <Link to={`${base}/pushes/${encodeURIComponent(push.push)}`}>
              {push.name || push.push}
            </Link>
          ),
        },
        { title: t('pushes.destination'), dataIndex: 'destination' },
        { title: t('pushes.created'), render: (_, push) => inZone(push.created, zone), className: 'figure' },
        { title: t('pushes.state'), render: (_, { state }) => <StateTag state={state} /> },
        count(t('ledger.audience'), ({ size }) => size),
        count(t('ledger.suppressed_all'), suppressedOf),
        count(t('ledger.holdout'), ({ holdout }) => holdout),
        count(t('ledger.planned'), ({ planned }) => planned),
        count(t('ledger.sent'), ({ sent }) => sent),
        count(t('ledger.failed_none'), failedOf),
        count(t('ledger.unknown'), ({ unknown }) => unknown),
        count(t('ledger.pending'), ({ pending }) => pending),
        {
          title: t('pushes.balance'),
          align: 'center',
          render: (_, push) => (balances(push) ? <span className="even">✓</span> : <span className="odd">≠</span>),
        },
      ]}
    />
  )
}
