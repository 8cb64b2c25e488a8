// Ready plans: their parameters, what one would make, and making it.

import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { Day } from '../format/day'
import { ask } from './client'
import type { Playbook, PlaybookMade, PlaybookPreview } from './types'

const path = (name: string) => `/playbooks/${encodeURIComponent(name)}`

/** Defaults follow the data, so they are asked for anew. */
export const usePlaybooks = () =>
  useQuery({ queryKey: ['playbooks'], queryFn: async ({ signal }) => (await ask<{ items: Playbook[] }>('GET', '/playbooks', undefined, signal)).items })

export const usePlaybook = (name: string) =>
  useQuery({ queryKey: ['playbook', name], queryFn: ({ signal }) => ask<Playbook>('GET', path(name), undefined, signal), retry: false })

const preview = (name: string, given: JsonObject, asOf: Day) => {
  const body = { ...given, as_of: asOf }
  return {
    queryKey: ['playbook-preview', name, body],
    queryFn: ({ signal }: { signal: AbortSignal }) => ask<PlaybookPreview>('POST', `${path(name)}/preview`, body, signal),
    retry: false,
  }
}

export const usePlaybookPreview = (name: string, given: JsonObject, asOf: Day) => useQuery({ ...preview(name, given, asOf), placeholderData: keepPreviousData })

/** Each as its defaults have it. */
export const usePlaybookPreviews = (names: readonly string[], asOf: Day) => useQueries({ queries: names.map((name) => preview(name, {}, asOf)) })

export function useMakePlaybook(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: JsonObject) => ask<PlaybookMade>('POST', path(name), body),
    onSuccess: () => Promise.all(['audiences', 'snapshots', 'tracks', 'size'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}
