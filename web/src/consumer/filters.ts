// Which events of a person the page shows, as its address says it.
//
// `behavior`  one of them   `channel`  a channel and those below it   `since`, `until`  local dates
// `later`     1: also events after the date that the page is as of

import { isDay, type Day } from '../format/day'

export interface EventFilters {
  behavior?: string
  channel?: string
  since?: Day
  until?: Day
  isLater: boolean
}

export function readFilters(query: URLSearchParams): EventFilters {
  const day = (name: string) => {
    const text = query.get(name)
    return isDay(text) ? text : undefined
  }
  return {
    behavior: query.get('behavior') || undefined,
    channel: query.get('channel') || undefined,
    since: day('since'),
    until: day('until'),
    isLater: query.get('later') === '1',
  }
}

/** Whether anything is left out. */
export const isFiltered = ({ behavior, channel, since, until }: EventFilters): boolean => Boolean(behavior || channel || since || until)

/** What takes all filters out of the address. */
export const NO_FILTERS = { behavior: null, channel: null, since: null, until: null }

/** The channels of a person's events, and whatever is above them, in order. */
export function channelsAbove(paths: readonly (string | null | undefined)[]): string[] {
  const all = paths.flatMap((path) => {
    const words = path ? path.split('.') : []
    return words.map((_, i) => words.slice(0, i + 1).join('.'))
  })
  return [...new Set(all)].sort()
}

/** Whether an id tells how to reach somebody: such a one does not stay in the address. */
export const isPersonal = (id: string): boolean => /^(phone|mobile|email):/.test(id)

/** Whether some text may be an identifier: no two words, and more than two letters. */
export function mayBeIdentifier(text: string): boolean {
  return /^\S{3,}$/.test(text.trim())
}
