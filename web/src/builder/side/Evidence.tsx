// What decided a node of an expression for a person: events, values of tags, the state.

import type { Branch } from '../../api/types'
import { useSpeech } from '../../i18n'
import { behaviorName } from '../useNames'
import type { SideProps } from './Side'

export function Evidence({ branch, names }: { branch: Branch; names: SideProps['names'] }) {
  const { t } = useSpeech()
  const { events, tags, state } = branch
  return (
    <div className="evidence" data-testid="evidence">
      {events && <p>{t('why.events', { n: events.total })}</p>}
      {events && (
        <ul>
          {events.shown.map((event) => (
            <li key={`${event.time} ${event.behavior} ${event.item}`}>
              <span className="figure">{event.day}</span> {behaviorName(event.behavior ?? '', t)}{' '}
              <span className="quiet">
                {[event.channel && names.channel(event.channel), event.shop && names.shop(event.shop), event.item && names.item(event.item), event.amount]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {tags &&
        Object.entries(tags as Record<string, unknown>).map(([key, value]) => (
          <p key={key}>{t('why.tag', { key, value: value === null ? t('why.no_tag') : Array.isArray(value) ? value.join(', ') : String(value) })}</p>
        ))}
      {state && <p>{t('why.state', { state })}</p>}
    </div>
  )
}
