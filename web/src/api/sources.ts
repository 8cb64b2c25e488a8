// What the pages of sources ask for.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, askAll } from './client'
import type { IngestStatus, SeenMessage, Source, WriteKey } from './types'

const LOOK_EVERY = 2_000

export function useSources() {
  return useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => askAll<Source>('/sources', signal), refetchInterval: LOOK_EVERY })
}

const pathOf = (name: string) => `/sources/${encodeURIComponent(name)}`

export function useSource(name: string) {
  return useQuery({
    queryKey: ['source', name],
    queryFn: ({ signal }) => ask<Source>('GET', pathOf(name), undefined, signal),
    refetchInterval: LOOK_EVERY,
  })
}

export function useIngestStatus() {
  return useQuery({
    queryKey: ['ingest-status'],
    queryFn: ({ signal }) => ask<IngestStatus>('GET', '/ingest/status', undefined, signal),
    refetchInterval: LOOK_EVERY,
  })
}

/** The messages that the server remembers, latest last. */
export function useSeen(name: string, isLive: boolean) {
  return useQuery({
    queryKey: ['seen', name],
    queryFn: async ({ signal }) => (await ask<{ items: SeenMessage[] }>('GET', `${pathOf(name)}/events`, undefined, signal)).items,
    refetchInterval: isLive ? 1_000 : false,
  })
}

function useChange<Answer, Change>(change: (change: Change) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['sources'] }), client.invalidateQueries({ queryKey: ['source'] })]),
  })
}

export const useNewSource = () => useChange((source: { name: string; origins: string[] }) => ask<WriteKey>('POST', '/sources', source))

export const useNewKey = (name: string) => useChange(() => ask<WriteKey>('POST', `${pathOf(name)}/key`))

export const useSourceAction = (name: string) =>
  useChange((action: 'enable' | 'disable' | 'revoke') => ask<Source>('POST', `${pathOf(name)}/${action}`))

export const useOrigins = (name: string) => useChange((origins: string[]) => ask<Source>('PUT', pathOf(name), { origins }))
