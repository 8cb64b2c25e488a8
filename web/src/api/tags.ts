// The tag market: what is known about people, of how many, how fresh, from where.

import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { ask, askAll } from './client'
import type { Job, List, Tag, TagCoverage, TagDetail, TagRun, TagValues } from './types'

const path = (name: string) => `/tags/${encodeURIComponent(name)}`

const detail = (name: string, asOf: Day) => ({
  queryKey: ['tag', name, asOf],
  queryFn: ({ signal }: { signal: AbortSignal }) => ask<TagDetail>('GET', `${path(name)}?as_of=${asOf}`, undefined, signal),
  retry: false,
})

export const useTag = (name: string, asOf: Day, isWanted = true) => useQuery({ ...detail(name, asOf), placeholderData: keepPreviousData, enabled: isWanted })

export const useTagDetails = (names: readonly string[], asOf: Day) => useQueries({ queries: names.map((name) => detail(name, asOf)) })

/** So many values are shown; the rest is counted. */
const MOST_VALUES = 50

export function useTagValues(name: string, asOf: Day) {
  return useQuery({
    queryKey: ['tag-values', name, asOf],
    queryFn: ({ signal }) => ask<TagValues>('GET', `${path(name)}/values?as_of=${asOf}&limit=${MOST_VALUES}`, undefined, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** Values to choose from: of those that most people have, as many as the server gives at once. */
export function useTagOptions(name: string, asOf: Day, isWanted: boolean) {
  return useQuery({
    queryKey: ['tag-options', name, asOf],
    queryFn: ({ signal }) => ask<TagValues>('GET', `${path(name)}/values?as_of=${asOf}&limit=1000`, undefined, signal),
    enabled: isWanted,
    retry: false,
  })
}

export function useTagHistory(name: string, dates: readonly Day[]) {
  return useQuery({
    queryKey: ['tag-history', name, dates],
    queryFn: async ({ signal }) => (await ask<{ items: TagCoverage[] }>('GET', `${path(name)}/history?at=${dates.join(',')}`, undefined, signal)).items,
    retry: false,
  })
}

export const useTagRuns = (name: string) => useQuery({ queryKey: ['tag-runs', name], queryFn: ({ signal }) => askAll<TagRun>(`${path(name)}/runs`, signal) })

/** Begins a run; the job tells when it is done. */
export const useComputeTag = (name: string) =>
  useMutation({ mutationFn: (asOf: Day) => ask<Job>('POST', `${path(name)}/runs`, { as_of: [asOf], background: true }) })

/** A rule may change what others know, so whatever is known of tags is asked for anew. */
function useTagMutation<T, R>(mutationFn: (input: T) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('tag') }) })
}

export const usePutTag = () => useTagMutation(({ name, body }: { name: string; body: JsonObject }) => ask<Tag>('PUT', path(name), body))

/** What was known of it is not asked for once more: it is not there. */
export function useDeleteTag() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => ask<undefined>('DELETE', path(name)),
    onSuccess: (_, name) => {
      client.setQueryData<Tag[]>(['tags'], (tags) => tags?.filter((tag) => tag.name !== name))
      void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('tag'), refetchType: 'none' })
      return client.invalidateQueries({ queryKey: ['tags'] })
    },
  })
}

const FOLLOW_EVERY = 500

/** A job until it is over. */
export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => ask<Job>('GET', `/jobs/${encodeURIComponent(id ?? '')}`, undefined, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? FOLLOW_EVERY : false),
  })
}

export function useDeleteList() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (list: List['name']) => ask<undefined>('DELETE', `/lists/${encodeURIComponent(list)}`),
    // Whoever was on it may be in other answers.
    onSuccess: () => client.invalidateQueries(),
  })
}
