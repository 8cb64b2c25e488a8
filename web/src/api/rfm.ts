import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { whoJson, type Who } from '../view/view'
import { ask } from './client'
import type { Rfm } from './types'

export function useRfm(method: JsonObject, asOf: Day, who: Who) {
  const body = { method, as_of: asOf, ...whoJson(who) }
  return useQuery({
    queryKey: ['rfm', body],
    queryFn: ({ signal }) => ask<Rfm>('POST', '/rfm', body, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}
