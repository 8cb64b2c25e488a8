// Imports: listed, looked at before, done, and taken back.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, ask, fileUrl, problemOf } from './client'
import type { Import, ImportPreview } from './types'

export function useImports() {
  return useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ signal, pageParam }) => ask<{ items: Import[]; next?: string | null }>('GET', pageParam, undefined, signal),
    initialPageParam: '/imports?limit=50',
    getNextPageParam: ({ next }) => (next ? `/imports?limit=50&after=${encodeURIComponent(next)}` : undefined),
  })
}

export function useUndoImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => ask<Import>('DELETE', `/imports/${id}`),
    // Every answer may be another one now.
    onSuccess: () => client.invalidateQueries(),
  })
}

export interface Looked {
  kind: 'events' | 'tags'
  sql?: string
  rows?: number
}

function form(file: Blob, fileName: string, fields: Record<string, string | undefined>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) data.append(name, value)
  data.append('file', file, fileName)
  return data
}

/** What an import would do; `id` stands for the file, which no key can hold. */
export function usePreview(id: string, file: Blob | undefined, fileName: string, { kind, sql, rows }: Looked, isWanted: boolean) {
  return useQuery({
    queryKey: ['import-preview', id, kind, sql, rows],
    queryFn: async ({ signal }) => {
      const body = form(file ?? new Blob(), fileName, { kind, sql, rows: rows?.toString() })
      const response = await fetch(fileUrl('/imports/preview'), { method: 'POST', body, signal, credentials: 'same-origin' })
      if (!response.ok) throw new ApiError(response.status, await problemOf(response))
      return (await response.json()) as ImportPreview
    },
    enabled: isWanted && file !== undefined,
    placeholderData: (before, query) => (query?.queryKey[1] === id && query.queryKey[2] === kind ? before : undefined),
    retry: false,
    gcTime: 0,
  })
}

/** Sends a file and waits for its ledger. Only this way of asking tells how much was sent. */
function send(body: FormData, onSent: (share: number) => void): Promise<Import> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', fileUrl('/imports'))
    request.responseType = 'text'
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0)
    request.upload.onload = () => onSent(1)
    request.onerror = () => reject(new ApiError(0, { code: 'unreachable', message: request.statusText || 'the server was not reached' }))
    request.onload = async () => {
      const response = new Response(request.responseText, { status: request.status })
      if (!response.ok) reject(new ApiError(response.status, await problemOf(response)))
      else resolve((await response.json()) as Import)
    }
    request.send(body)
  })
}

export interface NewImport {
  file: File
  fields: Record<string, string | undefined>
  onSent: (share: number) => void
}

export function useImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ file, fields, onSent }: NewImport) => send(form(file, file.name, fields), onSent),
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'import-preview' }),
  })
}
