// What the person did, the latest first, a page at a time.

import { Alert, Button, Checkbox, Select, Skeleton } from 'antd'
import { useConsumerEvents } from '../api/consumers'
import type { Consumer, ConsumerEvent } from '../api/types'
import { Failure } from '../app/Failure'
import { behaviorName, useNames } from '../builder/useNames'
import { inZone, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { DayPicker } from '../view/DayPicker'
import { Field } from '../view/Filters'
import { useAddress } from '../view/useAddress'
import type { QueryChanges } from '../view/view'
import { byDay, timeOfDay, type DayOfEvents } from './days'
import { channelsAbove, isFiltered, NO_FILTERS, readFilters, type EventFilters } from './filters'
import { kindName } from './kind'

interface Props {
  id: string
  person: Consumer
  asOf: Day
  zone: string
  isUnmasked: boolean
}

export function Timeline({ id, person, asOf, zone, isUnmasked }: Props) {
  const { t, exact } = useSpeech()
  const [query, change] = useAddress()
  const filters = readFilters(query)
  const events = useConsumerEvents(id, filters, filters.isLater ? undefined : asOf, isUnmasked)
  const shown = events.data?.pages.flatMap(({ items }) => items) ?? []
  const { later } = person.activity
  return (
    <section className="card" aria-labelledby="timeline-title">
      <div className="card-head">
        <h2 id="timeline-title">{t('consumer.timeline')}</h2>
        {later > 0 && (
          <Checkbox checked={filters.isLater} onChange={({ target }) => change({ later: target.checked ? '1' : null })}>
            {t('consumer.later', { n: exact(later) })}
          </Checkbox>
        )}
      </div>
      <TimelineFilters filters={filters} person={person} asOf={asOf} zone={zone} change={change} />
      {events.error && <Failure error={events.error} onRetry={() => void events.refetch()} />}
      {events.isPending && <Skeleton active />}
      {events.data && shown.length === 0 && (
        <Alert
          type="info"
          showIcon
          title={t(isFiltered(filters) ? 'consumer.none_fits' : 'consumer.no_events')}
          action={isFiltered(filters) && <Button size="small" onClick={() => change(NO_FILTERS)}>{t('consumer.clear')}</Button>}
        />
      )}
      <ol className="timeline" data-testid="timeline">
        {byDay(shown).map((day) => (
          <DayItem key={day.day} day={day} isLater={day.day > asOf} canonical={person.key} />
        ))}
      </ol>
      {shown.length > 0 && (
        <p className="quiet hint" data-testid="timeline-shown" data-count={shown.length}>
          {t(events.hasNextPage ? 'consumer.shown_more' : 'consumer.shown_all', { n: shown.length })}
        </p>
      )}
      {events.hasNextPage && (
        <Button loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {t('consumer.older')}
        </Button>
      )}
    </section>
  )
}

interface FilterProps {
  filters: EventFilters
  person: Consumer
  asOf: Day
  zone: string
  change: (changes: QueryChanges) => void
}

function TimelineFilters({ filters, person, asOf, zone, change }: FilterProps) {
  const { t } = useSpeech()
  const names = useNames()
  const { activity } = person
  // Until somebody chooses, the fields say what there is.
  const first = activity.first ? inZone(activity.first, zone).slice(0, 10) : asOf
  const any = { value: '', label: t('consumer.any') }
  const behaviors = Object.keys(activity.behaviors).map((behavior) => ({ value: behavior, label: behaviorName(behavior, t) }))
  const channels = channelsAbove(activity.channels.map(({ channel }) => channel)).map((path) => ({ value: path, label: names.channel(path) }))
  const select = (name: 'behavior' | 'channel', options: { value: string; label: string }[]) => (
    <Field label={t(`consumer.${name}`)}>
      <Select
        aria-label={t(`consumer.${name}`)}
        showSearch={{ optionFilterProp: 'label' }}
        value={filters[name] ?? ''}
        options={[any, ...options]}
        onChange={(value: string) => change({ [name]: value || null })}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
  return (
    <div className="filters timeline-filters">
      {select('behavior', behaviors)}
      {select('channel', channels)}
      <Field label={t('consumer.from')}>
        <DayPicker label={t('consumer.from')} value={filters.since ?? first} onChange={(since) => change({ since })} />
      </Field>
      <Field label={t('consumer.to')}>
        <DayPicker label={t('consumer.to')} value={filters.until ?? asOf} onChange={(until) => change({ until })} />
      </Field>
      {isFiltered(filters) && (
        <Button className="timeline-clear" onClick={() => change(NO_FILTERS)}>
          {t('consumer.clear')}
        </Button>
      )}
    </div>
  )
}

function DayItem({ day: { day, events }, isLater, canonical }: { day: DayOfEvents; isLater: boolean; canonical: string }) {
  const { t } = useSpeech()
  return (
    <li>
      <h3 className="figure">
        {day} {isLater && <span className="quiet">{t('consumer.after_as_of')}</span>}
      </h3>
      <ol>
        {events.map((event, i) => (
          <EventItem key={`${event.time} ${event.message_id ?? ''} ${event.item ?? ''} ${i}`} event={event} canonical={canonical} />
        ))}
      </ol>
    </li>
  )
}

function EventItem({ event, canonical }: { event: ConsumerEvent; canonical: string }) {
  const { t } = useSpeech()
  const names = useNames()
  const about = [
    event.channel && names.channel(event.channel),
    event.shop && names.shop(event.shop),
    event.item && names.item(event.item),
    !event.item && event.category && names.category(event.category),
    event.campaign && names.campaign(event.campaign),
  ].filter(Boolean)
  const from = [
    event.order && t('consumer.order', { order: event.order }),
    event.source && (event.import ? t('consumer.source', { source: event.source, id: event.import }) : t('consumer.source_log', { source: event.source })),
    event.identifier_key !== canonical && t('consumer.came_as', { kind: kindName(event.identifier.kind, t), value: event.identifier.value }),
  ].filter(Boolean)
  const entrance = event.channel?.split('.')[0]
  return (
    <li className="event" data-behavior={event.behavior}>
      <time className="figure" dateTime={event.local_time}>
        {timeOfDay(event.local_time)}
      </time>
      <i className="event-mark" style={{ background: entrance ? `var(--weir-entrance-${entrance}, var(--weir-secondary))` : 'var(--weir-secondary)' }} aria-hidden />
      <p>
        <strong>{behaviorName(event.behavior ?? '', t)}</strong> {about.join(' · ')}
        {event.amount && <span className="figure event-amount"> {t('consumer.amount', { amount: event.amount, currency: names.currency })}</span>}
      </p>
      <p className="quiet event-from">{from.join(' · ')}</p>
    </li>
  )
}
