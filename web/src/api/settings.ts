// Settings: asked for, and changed.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import { ask } from './client'
import type { Password, Token, TokenRecord, Workspace } from './types'

export interface SettingsChange {
  timezone?: string
  currency?: string
  retention_days?: number | string
  disk_limit?: string
  disk_reserve?: string
}

export function usePutWorkspace() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: SettingsChange) => ask<Workspace>('PUT', '/workspace', change),
    onSuccess: (workspace) => client.setQueryData(['workspace'], workspace),
  })
}

export function useMappings() {
  return useQuery({ queryKey: ['mappings'], queryFn: ({ signal }) => ask<JsonObject>('GET', '/ingest/mappings', undefined, signal) })
}

export function usePutMappings() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (tables: JsonObject) => ask<JsonObject>('PUT', '/ingest/mappings', tables),
    onSuccess: (tables) => client.setQueryData(['mappings'], tables),
  })
}

export function usePassword() {
  return useQuery({ queryKey: ['password'], queryFn: ({ signal }) => ask<Password>('GET', '/password', undefined, signal), staleTime: Infinity })
}

export function usePutPassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: { password: string; current?: string }) => ask<undefined>('PUT', '/password', change),
    // Sessions of other browsers have ended.
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['password'] }), client.invalidateQueries({ queryKey: ['tokens'] })]),
  })
}

export function useTokens() {
  return useInfiniteQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal, pageParam }) => ask<{ items: TokenRecord[]; next?: string | null }>('GET', pageParam, undefined, signal),
    initialPageParam: '/tokens?limit=200',
    getNextPageParam: ({ next }) => (next ? `/tokens?limit=200&after=${encodeURIComponent(next)}` : undefined),
  })
}

export function useNewToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => ask<Token>('POST', '/tokens', { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => ask<TokenRecord>('DELETE', `/tokens/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}
