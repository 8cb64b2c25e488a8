// What the builder asks for.

import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Json } from '../builder/tree'
import type { Day } from '../format/day'
import { ask, askAll } from './client'
import type { Audience, CatalogEntry, Channel, Estimate, List, People, Tag, Why } from './types'

const LONG = 600_000

/** The whole catalogue may be large; who needs more than the first of it types an id. */
const MOST_ENTRIES = 1000

export const useChannels = () =>
  useQuery({ queryKey: ['channels'], queryFn: ({ signal }) => askAll<Channel>('/channels', signal), staleTime: LONG })

export const useTags = () => useQuery({ queryKey: ['tags'], queryFn: ({ signal }) => askAll<Tag>('/tags', signal) })

export const useLists = () => useQuery({ queryKey: ['lists'], queryFn: ({ signal }) => askAll<List>('/lists', signal) })

export type CatalogKind = 'shop' | 'brand' | 'category' | 'campaign' | 'item'

export function useEntries(kind: CatalogKind) {
  return useQuery({
    queryKey: ['entries', kind],
    queryFn: async ({ signal }) => {
      const page = await ask<{ items: CatalogEntry[] }>('GET', `/catalog?kind=${kind}&limit=${MOST_ENTRIES}`, undefined, signal)
      return page.items
    },
    staleTime: LONG,
  })
}

export function useAudience(name: string | undefined) {
  return useQuery({
    queryKey: ['audience', name],
    queryFn: ({ signal }) => ask<Audience>('GET', `/audiences/${encodeURIComponent(name ?? '')}`, undefined, signal),
    enabled: name !== undefined,
    // What is being edited must not change under the editor's hands.
    staleTime: Infinity,
    gcTime: 0,
  })
}

/** Every version of an audience, the latest first. */
export function useAudienceVersions(name: string | undefined) {
  return useQuery({
    // Saving asks for audiences anew, and so for these.
    queryKey: ['audiences', 'versions', name],
    queryFn: ({ signal }) => askAll<Audience>(`/audiences/${encodeURIComponent(name ?? '')}/versions`, signal),
    enabled: name !== undefined,
  })
}

export function estimate(expression: Json, asOf: Day, signal?: AbortSignal): Promise<Estimate> {
  return ask<Estimate>('POST', '/audiences/estimate', { expression, as_of: asOf, nodes: true }, signal)
}

/** How many an expression has, and each of its nodes. */
export function useEstimate(expression: Json, asOf: Day, isWanted = true) {
  return useQuery({
    queryKey: ['estimate', expression, asOf],
    queryFn: ({ signal }) => estimate(expression, asOf, signal),
    enabled: isWanted,
    retry: false,
    placeholderData: undefined,
  })
}

/** The sizes of several, each asked for by itself, so that one that cannot be counted leaves the others. */
export function useSizes(expressions: readonly Json[], asOf: Day) {
  return useQueries({
    queries: expressions.map((expression) => ({
      queryKey: ['size', expression, asOf],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask<Estimate>('POST', '/audiences/estimate', { expression, as_of: asOf }, signal),
      retry: false,
    })),
  })
}

/** An expression as the people behind a number. */
export function usePeopleOf(expression: Json | undefined, asOf: Day) {
  return useQuery({
    queryKey: ['people-of', expression, asOf],
    queryFn: async ({ signal }): Promise<People> => {
      const { count, as_of } = await ask<Estimate>('POST', '/audiences/estimate', { expression, as_of: asOf }, signal)
      return { expression: expression as People['expression'], as_of, count }
    },
    enabled: expression !== undefined,
    retry: false,
  })
}

export function useWhy() {
  return useMutation({
    mutationFn: (question: { consumer: string; expression: Json; as_of: Day }) => ask<Why>('POST', '/why', question),
  })
}

/** What stands beside an expression and is not edited here; it must not be lost. */
export type Beside = Pick<Audience, 'owner' | 'role' | 'labels' | 'refresh'>

export const besideOf = ({ owner, role, labels, refresh }: Audience): Beside => ({ owner, role, labels, refresh })

interface Saving {
  name: string
  expression: Json
  description: string
  beside: Beside | undefined
  isNew: boolean
}

/** A new audience must not overwrite one that has the name already; a known one gets its next version. */
export function usePutAudience() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, expression, description, beside, isNew }: Saving) => {
      const body = { ...beside, expression, description: description || null }
      if (isNew) return ask<Audience>('POST', '/audiences', { ...body, name })
      return ask<Audience>('PUT', `/audiences/${encodeURIComponent(name)}`, body)
    },
    onSuccess: (audience) => {
      client.setQueryData(['audience', audience.name], audience)
      return Promise.all([client.invalidateQueries({ queryKey: ['audiences'] }), client.invalidateQueries({ queryKey: ['size'] })])
    },
  })
}

export function useDeleteAudience() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => ask<undefined>('DELETE', `/audiences/${encodeURIComponent(name)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audiences'] }),
  })
}
