// Where the person was met: events by entrance and channel, and by behaviour.

import type { Consumer } from '../api/types'
import { behaviorName, useNames } from '../builder/useNames'
import { useSpeech } from '../i18n'

const MOST = 8

export function Activity({ activity }: { activity: Consumer['activity'] }) {
  const { t, exact } = useSpeech()
  const names = useNames()
  const entrances = Object.entries(activity.entrances).sort((a, b) => b[1] - a[1])
  const most = Math.max(1, ...entrances.map(([, events]) => events))
  const behaviors = Object.entries(activity.behaviors).sort((a, b) => b[1] - a[1])
  const named = activity.channels.filter(({ channel }) => channel)
  const rest = named.slice(MOST)
  const without = activity.channels.find(({ channel }) => !channel)
  return (
    <section className="card" aria-labelledby="activity-title">
      <h2 id="activity-title">{t('consumer.activity')}</h2>
      {activity.events === 0 && <p className="quiet hint">{t('consumer.no_events')}</p>}
      <ul className="entrance-bars consumer-entrances" data-testid="entrances">
        {entrances.map(([entrance, events]) => (
          <li key={entrance} data-entrance={entrance} data-count={events}>
            <span className="end-name">{names.channel(entrance)}</span>
            <span className="bar-track" aria-hidden>
              <i style={{ width: `${(events / most) * 100}%`, background: `var(--weir-entrance-${entrance}, var(--weir-link))` }} />
            </span>
            <span className="figure">{exact(events)}</span>
          </li>
        ))}
      </ul>
      <dl className="consumer-counts">
        {named.slice(0, MOST).map(({ channel, events }) => (
          <div key={channel}>
            <dt title={channel ?? ''}>{names.channel(channel ?? '')}</dt>
            <dd className="figure">{exact(events)}</dd>
          </div>
        ))}
      </dl>
      {rest.length > 0 && <p className="quiet hint">{t('consumer.channels_rest', { n: rest.length, events: exact(rest.reduce((sum, { events }) => sum + events, 0)) })}</p>}
      {without && <p className="quiet hint">{t('consumer.without_channel', { n: exact(without.events) })}</p>}
      {behaviors.length > 0 && (
        <>
          <h3 className="consumer-behaviors">{t('consumer.behaviors')}</h3>
          <dl className="consumer-counts">
            {behaviors.map(([behavior, events]) => (
              <div key={behavior}>
                <dt>{behaviorName(behavior, t)}</dt>
                <dd className="figure">{exact(events)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  )
}
