// Events of a person by day, in the order of the server.

import type { ConsumerEvent } from '../api/types'
import type { Day } from '../format/day'

export interface DayOfEvents {
  day: Day
  events: ConsumerEvent[]
}

export function byDay(events: readonly ConsumerEvent[]): DayOfEvents[] {
  const days: DayOfEvents[] = []
  for (const event of events) {
    const last = days.at(-1)
    if (last?.day === event.day) last.events.push(event)
    else days.push({ day: event.day, events: [event] })
  }
  return days
}

/** The time of day of `2024-11-11T20:00:01+08:00`. */
export const timeOfDay = (local: string): string => local.slice(11, 19)
