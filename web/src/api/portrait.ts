import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { whoJson, type Who } from '../view/view'
import { ask } from './client'
import type { Portrait } from './types'

/** How some people differ from others; without `cuts` by everything usual. */
export function usePortrait(subject: Who, base: Who, cuts: readonly JsonObject[], asOf: Day, isReady: boolean) {
  const body = { ...whoJson(subject), base: whoJson(base), as_of: asOf, ...(cuts.length > 0 ? { cuts } : {}) }
  return useQuery({
    queryKey: ['portrait', body],
    queryFn: ({ signal }) => ask<Portrait>('POST', '/portrait', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady,
    retry: false,
  })
}
