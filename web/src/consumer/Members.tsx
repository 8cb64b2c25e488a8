// The people of an expression, one by one, each with a door to their page.

import { Button, Skeleton } from 'antd'
import { useMembers } from '../api/consumers'
import { Failure } from '../app/Failure'
import type { Json } from '../builder/tree'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { ConsumerLink } from './ConsumerLink'
import { kindName } from './kind'

export function Members({ expression, asOf, count }: { expression: Json; asOf: Day; count?: number }) {
  const { t, exact } = useSpeech()
  const members = useMembers(expression, asOf)
  const people = members.data?.pages.flatMap(({ items }) => items) ?? []
  if (members.error) return <Failure error={members.error} onRetry={() => void members.refetch()} />
  if (members.isPending) return <Skeleton active title={false} paragraph={{ rows: 3 }} />
  if (people.length === 0) return <p className="quiet">{t('consumer.members_none')}</p>
  return (
    <div className={members.isPlaceholderData ? 'stale' : undefined} data-testid="members">
      <ul className="members">
        {people.map(({ key, consumer }) => (
          <li key={key}>
            <ConsumerLink id={key} asOf={asOf}>
              {consumer.value}
            </ConsumerLink>{' '}
            <span className="quiet">{kindName(consumer.kind, t)}</span>
          </li>
        ))}
      </ul>
      <p className="quiet hint">
        {count === undefined ? t('consumer.members_shown', { n: people.length }) : t('consumer.members_of', { n: people.length, count: exact(count) })}
      </p>
      {members.hasNextPage && (
        <Button size="small" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
          {t('consumer.members_more')}
        </Button>
      )}
    </div>
  )
}
