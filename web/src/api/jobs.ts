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

/** The job that loads the demo merchant; once begun it is looked at until it ends, and then everything is asked anew. */
export function useDemo() {
  const client = useQueryClient()
  const begun = useMutation({ mutationFn: (consumers: number) => ask<Job>('POST', '/demo', { consumers }) })
  const id = begun.data?.job
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: async ({ signal }) => {
      const now = await ask<Job>('GET', `/jobs/${encodeURIComponent(id ?? '')}`, undefined, signal)
      if (now.state !== 'running') await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'job' })
      return now
    },
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? LOOK_EVERY : false),
  })
  return { load: begun.mutate, job: job.data ?? begun.data, error: begun.error ?? job.error, isPending: begun.isPending }
}
