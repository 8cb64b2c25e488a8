// Whom channels reached, and what can be asked about one.

import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { Json, JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { ask } from './client'
import type { ChannelAudience, ChannelForm, ChannelReach, States } from './types'

function reach(asOf: Day, days: number) {
  return {
    queryKey: ['channel-reach', asOf, days],
    queryFn: ({ signal }: { signal: AbortSignal }) => ask<ChannelReach>('POST', '/channels/reach', { as_of: asOf, days }, signal),
    retry: false,
  }
}

export const useChannelReach = (asOf: Day, days: number, isReady = true) =>
  useQuery({ ...reach(asOf, days), placeholderData: keepPreviousData, enabled: isReady })

/** The same at several dates, each of the days before it. */
export const useReachSeries = (dates: readonly Day[], days: number) => useQueries({ queries: dates.map((date) => reach(date, days)) })

/** States of the people of some expressions, each asked for by itself. */
export function useStatesOf(expressions: readonly Json[], asOf: Day) {
  return useQueries({
    queries: expressions.map((expression) => ({
      queryKey: ['states-of', expression, asOf],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask<States>('POST', '/states', { model: 'pno', scope: { workspace: true }, at: [asOf], expression }, signal),
      retry: false,
    })),
  })
}

export function useChannelForm(path: string | undefined, asOf: Day) {
  return useQuery({
    queryKey: ['channel-form', path, asOf],
    queryFn: ({ signal }) => ask<ChannelForm>('GET', `/channels/${encodeURIComponent(path ?? '')}/conditions?as_of=${asOf}`, undefined, signal),
    enabled: path !== undefined,
    retry: false,
  })
}

/** What the form means, and how many that are. */
export function useChannelAudience(path: string, conditions: JsonObject | undefined, asOf: Day) {
  return useQuery({
    queryKey: ['channel-audience', path, conditions, asOf],
    queryFn: ({ signal }) => ask<ChannelAudience>('POST', `/channels/${encodeURIComponent(path)}/audience`, { conditions, as_of: asOf }, signal),
    placeholderData: keepPreviousData,
    enabled: conditions !== undefined,
    retry: false,
  })
}
