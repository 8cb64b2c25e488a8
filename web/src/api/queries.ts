// What the pages ask for, each with its key: the same question is asked once.

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Day } from '../format/day'
import type { Selection } from '../view/selection'
import { scopeJson, whoJson, type ScopeKind, type View } from '../view/view'
import { ask, askAll } from './client'
import type {
  Audience,
  CatalogEntry,
  Destination,
  Flow,
  NewDestination,
  NewPush,
  People,
  Push,
  Snapshot,
  StateModel,
  States,
  Workspace,
} from './types'

/** How often to look whether there are newer events. */
const LOOK_EVERY = 30_000
/** How often to look at a push that is under way. */
const FOLLOW_EVERY = 1_000

export function useWorkspace() {
  return useQuery({
    queryKey: ['workspace'],
    queryFn: ({ signal }) => ask<Workspace>('GET', '/workspace', undefined, signal),
    refetchInterval: LOOK_EVERY,
    retry: false,
  })
}

/** With a token, or with the password of a workspace; without one named it is the server's usual one. */
export type Credentials = { token: string } | { password: string; workspace?: string }

export function useLogin() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (credentials: Credentials) => ask<undefined>('POST', '/session', credentials),
    onSuccess: () => client.resetQueries(),
  })
}

export function useLogout() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ask<undefined>('DELETE', '/session'),
    onSettled: () => client.resetQueries(),
  })
}

function useListing<T>(key: string[], path: string) {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => askAll<T>(path, signal) })
}

export const useModels = () => useListing<StateModel>(['models'], '/state-models')
export const useAudiences = () => useListing<Audience>(['audiences'], '/audiences')
export const useSnapshots = () => useListing<Snapshot>(['snapshots'], '/snapshots')
export const useDestinations = () => useListing<Destination>(['destinations'], '/destinations')

export function useCatalog(kind: ScopeKind) {
  return useListing<CatalogEntry>(['catalog', kind], `/catalog?kind=${kind}&limit=1000`)
}

/** Part of every question about states. */
export function lens({ model, rules, scope, who }: Pick<View, 'model' | 'rules' | 'scope' | 'who'>) {
  return { model: rules ?? model, scope: scopeJson(scope), ...whoJson(who) }
}

export function useStates(view: View, dates: readonly Day[], isReady: boolean) {
  const body = { ...lens(view), at: dates }
  return useQuery({
    queryKey: ['states', body],
    queryFn: ({ signal }) => ask<States>('POST', '/states', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady && dates.length > 0,
  })
}

export function useFlow(view: View, isReady: boolean) {
  const { from, to } = view
  const body = { ...lens(view), from, to }
  return useQuery({
    queryKey: ['flow', body],
    queryFn: ({ signal }) => ask<Flow>('POST', '/flow', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady && from < to,
  })
}

/** The people behind a selection: the server makes the expression, so that list and figure cannot disagree. */
export function usePeople(view: View, selection: Selection) {
  const [path, own] = asked(view, selection)
  const body = { ...lens(view), ...own }
  return useQuery({
    queryKey: ['people', path, body],
    queryFn: ({ signal }) => ask<People>('POST', path, body, signal),
    retry: false,
  })
}

function asked({ from, to }: View, selection: Selection): [string, object] {
  switch (selection.kind) {
    case 'band':
      return ['/states/band', { date: selection.date, states: selection.states }]
    case 'flow':
      return ['/flow/cell', { from, to, cells: selection.cells }]
    case 'path':
      return ['/paths/cell', { dates: selection.stops.map(({ date }) => date), paths: [selection.stops.map(({ state }) => state)] }]
  }
}

export function useSaveAudience() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (audience: { name: string; expression: unknown; description: string }) =>
      ask<Audience>('POST', '/audiences', audience),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audiences'] }),
  })
}

export function useFreeze() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (snapshot: { name: string; as_of: Day; expression: unknown }) =>
      ask<Snapshot>('POST', '/snapshots', snapshot),
    onSuccess: () => client.invalidateQueries({ queryKey: ['snapshots'] }),
  })
}

export function useNewDestination() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (destination: NewDestination) =>
      ask<Destination>('POST', '/destinations', destination),
    onSuccess: () => client.invalidateQueries({ queryKey: ['destinations'] }),
  })
}

export function useStartPush() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (push: NewPush) => ask<Push>('POST', '/pushes', push),
    onSuccess: () => client.invalidateQueries({ queryKey: ['pushes'] }),
  })
}

export function usePush(id: string) {
  return useQuery({
    queryKey: ['push', id],
    queryFn: ({ signal }) => ask<Push>('GET', `/pushes/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'sending' ? FOLLOW_EVERY : false),
  })
}

export function usePushes() {
  return useInfiniteQuery({
    queryKey: ['pushes'],
    queryFn: ({ signal, pageParam }) => ask<{ items: Push[]; next?: string | null }>('GET', pageParam, undefined, signal),
    initialPageParam: '/pushes',
    getNextPageParam: ({ next }) => (next ? `/pushes?after=${encodeURIComponent(next)}` : undefined),
    refetchInterval: ({ state }) => {
      const isSending = state.data?.pages.some(({ items }) => items.some((push) => push.state === 'sending'))
      return isSending ? FOLLOW_EVERY : false
    },
  })
}
