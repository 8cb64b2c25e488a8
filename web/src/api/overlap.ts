import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { ask } from './client'
import type { Overlap, Reach } from './types'

/** How some sets lie over each other. */
export function useOverlap(sets: readonly JsonObject[], asOf: Day, isReady: boolean) {
  const body = { sets, as_of: asOf }
  return useQuery({
    queryKey: ['overlap', body],
    queryFn: ({ signal }) => ask<Overlap>('POST', '/overlap', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady,
    retry: false,
  })
}

/** Which media reach the most people for a budget; without one, all that bring anybody. */
export function useReach(media: readonly JsonObject[], budget: string | undefined, asOf: Day, isReady: boolean) {
  const body = { media, budget, as_of: asOf }
  return useQuery({
    queryKey: ['reach', body],
    queryFn: ({ signal }) => ask<Reach>('POST', '/reach', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady,
    retry: false,
  })
}
