// One person, and the people of an expression.

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { EventFilters } from '../consumer/filters'
import type { Json } from '../builder/tree'
import type { Day } from '../format/day'
import type { Scope } from '../view/view'
import { ask } from './client'
import type { Consumer, ConsumerEvent, ListedConsumer } from './types'

/** Events of one page. */
const EVENTS = 30
/** People of one page, where a few will do. */
const PEOPLE = 20

interface Page<T> {
  items: T[]
  next?: string | null
}

const path = (id: string) => `/consumers/${encodeURIComponent(id)}`

/** What the address of the API takes as scope. */
const scopeText = (scope: Scope) => (scope.kind === 'workspace' ? 'workspace' : `${scope.kind}=${scope.id}`)

export interface Asked {
  id: string
  asOf: Day
  model: string
  scope: Scope
  isUnmasked: boolean
}

export function useConsumer({ id, asOf, model, scope, isUnmasked }: Asked) {
  const query = new URLSearchParams({ as_of: asOf, model, scope: scopeText(scope), ...(isUnmasked && { unmasked: 'true' }) })
  return useQuery({
    queryKey: ['consumer', id, query.toString()],
    queryFn: ({ signal }) => ask<Consumer>('GET', `${path(id)}?${query}`, undefined, signal),
    // Another person is not shown in the place of this one.
    placeholderData: (before, last) => (last?.queryKey[1] === id ? before : undefined),
    retry: false,
  })
}

export function useConsumerEvents(id: string, filters: EventFilters, asOf: Day | undefined, isUnmasked: boolean) {
  const { behavior, channel, since, until } = filters
  const wanted = { limit: String(EVENTS), as_of: asOf, behavior, channel, from: since, to: until, unmasked: isUnmasked ? 'true' : undefined }
  const given = Object.entries(wanted).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const first = `${path(id)}/events?${new URLSearchParams(given)}`
  return useInfiniteQuery({
    queryKey: ['consumer-events', first],
    queryFn: ({ signal, pageParam }) => ask<Page<ConsumerEvent>>('GET', pageParam, undefined, signal),
    initialPageParam: first,
    getNextPageParam: ({ next }) => (next ? `${first}&after=${encodeURIComponent(next)}` : undefined),
    retry: false,
  })
}

/** The people of an expression, a page at a time. */
export function useMembers(expression: Json, asOf: Day, limit = PEOPLE) {
  return useInfiniteQuery({
    queryKey: ['members', expression, asOf, limit],
    queryFn: ({ signal, pageParam }) =>
      ask<Page<ListedConsumer>>('POST', '/consumers', { expression, as_of: asOf, limit, ...(pageParam && { after: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

interface Pair {
  a: string
  b: string
  reason?: string
}

/** Takes links between two identifiers out of account, or back. Whoever is one person then changes every figure. */
export function useStateLinks(counts: boolean) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (pair: Pair) => ask<{ one_person: boolean }>('POST', counts ? '/identity/relink' : '/identity/unlink', pair),
    onSuccess: () => client.invalidateQueries(),
  })
}
