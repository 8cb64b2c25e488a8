// Everybody of an expression, in one table: rows come as one scrolls, and only those in sight are drawn.

import { Skeleton, Table, type TableProps } from 'antd'
import { useMemo, type UIEvent } from 'react'
import { useMembers } from '../api/consumers'
import type { ListedConsumer } from '../api/types'
import { Failure } from '../app/Failure'
import type { Json } from '../builder/tree'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { ConsumerLink } from './ConsumerLink'
import { kindName } from './kind'

/** The most that the server gives at a time. */
const PAGE = 1000
const HEIGHT = 480
/** So far before the end more is asked for. */
const AHEAD = 8000

interface Row extends ListedConsumer {
  number: number
}

export function MembersTable({ expression, asOf, count }: { expression: Json; asOf: Day; count: number | undefined }) {
  const { t, exact } = useSpeech()
  const { data, error, isPending, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useMembers(expression, asOf, PAGE)
  const rows = useMemo<Row[]>(() => (data?.pages.flatMap(({ items }) => items) ?? []).map((one, i) => ({ ...one, number: i + 1 })), [data])
  const columns = useMemo<TableProps<Row>['columns']>(
    () => [
      { title: '#', dataIndex: 'number', width: 96, align: 'right', render: (number: number) => <span className="figure quiet">{exact(number)}</span> },
      {
        title: t('consumers.person'),
        key: 'person',
        render: (_, { key, consumer }) => (
          <ConsumerLink id={key} asOf={asOf}>
            {consumer.value}
          </ConsumerLink>
        ),
      },
      { title: t('consumers.kind'), key: 'kind', width: 180, render: (_, { consumer }) => <span className="quiet">{kindName(consumer.kind, t)}</span> },
    ],
    [asOf, exact, t],
  )
  const onScroll = ({ currentTarget }: UIEvent<HTMLElement>) => {
    const left = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight
    if (left < AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton active title={false} paragraph={{ rows: 3 }} />
  if (rows.length === 0) return <p className="quiet">{t('consumer.members_none')}</p>
  return (
    <div className={isPlaceholderData ? 'members-table stale' : 'members-table'} data-testid="members" data-rows={rows.length}>
      <Table<Row> virtual size="small" rowKey="key" columns={columns} dataSource={rows} pagination={false} scroll={{ y: HEIGHT }} onScroll={onScroll} />
      <p className="quiet hint" role="status">
        {count === undefined ? t('consumer.members_shown', { n: rows.length }) : t('consumer.members_of', { n: exact(rows.length), count: exact(count) })}
        {isFetchingNextPage && ` · ${t('app.loading')}`}
      </p>
    </div>
  )
}
