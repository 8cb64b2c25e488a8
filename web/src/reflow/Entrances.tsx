// The entrances by which people come, each with its people as a bar and as a door.

import type { ChannelReach } from '../api/types'
import { channelName } from '../builder/useNames'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'

/** Everything else that data may bring comes after these. */
export const ENTRANCES = ['shop', 'ads', 'external', 'activity', 'audience', 'content', 'crm', 'web'] as const

export const isEntrance = (path: string): boolean => !path.includes('.')

export function entrancesOf(reach: ChannelReach): ChannelReach['channels'] {
  const rank = (path: string) => {
    const at = ENTRANCES.findIndex((one) => one === path)
    return at < 0 ? ENTRANCES.length : at
  }
  return reach.channels.filter(({ path }) => isEntrance(path)).sort((a, b) => rank(a.path) - rank(b.path))
}

export const entranceColor = (path: string): string => `var(--weir-entrance-${ENTRANCES.find((one) => one === path.split('.')[0]) ?? 'other'}, var(--weir-secondary))`

interface BarsProps {
  reach: ChannelReach
  said: (path: string) => string
  open: string | undefined
  onOpen: (path: string) => void
}

export function EntranceBars({ reach, said, open, onOpen }: BarsProps) {
  const { language, percent } = useSpeech()
  const entrances = entrancesOf(reach)
  const most = Math.max(1, ...entrances.map(({ people }) => people))
  return (
    <ul className="entrance-bars">
      {entrances.map(({ path, people }) => (
        <li key={path}>
          <span>{channelName(path, reach.channels, language)}</span>
          <span className="bar-track" aria-hidden>
            <i style={{ width: `${(people / most) * 100}%`, background: entranceColor(path) }} />
          </span>
          <Count value={people} isExact sentence={said(path)} isOpen={open === path} onOpen={() => onOpen(path)} testId={`entrance-${path}`} />
          <span className="quiet figure">{percent(people, reach.universe)}</span>
        </li>
      ))}
    </ul>
  )
}
