import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { whoJson, type Who } from '../view/view'
import { ask } from './client'
import type { Rfm } from './types'

export function useRfm(method: JsonObject, asOf: Day, who: Who) {
  return useRfmOf({ method }, asOf, who)
}

/** Of an analysis that says more than how scores are made: which events, where, and segments of one's own. */
export function useRfmOf(analysis: JsonObject, asOf: Day, who: Who, isWanted = true) {
  const body = { ...analysis, as_of: asOf, ...whoJson(who) }
  return useQuery({
    queryKey: ['rfm', body],
    queryFn: ({ signal }) => ask<Rfm>('POST', '/rfm', body, signal),
    placeholderData: keepPreviousData,
    enabled: isWanted,
    retry: false,
  })
}
