// Work that takes long: what is under way, and what became of it.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from './client'
import type { Job } from './types'

type Page = { items: Job[]; next?: string | null }

const LOOK_EVERY = 1_000
const LOOK_IDLE = 10_000

const isRunning = (jobs: readonly Job[] | undefined) => jobs?.some(({ state }) => state === 'running') ?? false

export function useJobs() {
  return useInfiniteQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal, pageParam }) => ask<Page>('GET', pageParam, undefined, signal),
    initialPageParam: '/jobs?limit=50',
    getNextPageParam: ({ next }) => (next ? `/jobs?limit=50&after=${encodeURIComponent(next)}` : undefined),
    refetchInterval: ({ state }) => (isRunning(state.data?.pages.flatMap(({ items }) => items)) ? LOOK_EVERY : LOOK_IDLE),
  })
}

/** Those in a state, a few: for what only tells that there are some. */
export function useJobsIn(state: 'running' | 'failed') {
  return useQuery({
    queryKey: ['jobs', state],
    queryFn: async ({ signal }) => (await ask<Page>('GET', `/jobs?state=${state}&limit=20`, undefined, signal)).items,
    refetchInterval: ({ state }) => (isRunning(state.data) ? LOOK_EVERY : LOOK_IDLE),
  })
}

export function useCancelJob() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask<Job>('POST', `/jobs/${encodeURIComponent(id)}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
