// What needs somebody: each with the page that remedies it. Pure.

import type { AlertRecord, Import, IngestStatus, Job, Push, Source } from '../api/types'
import { stateOf } from '../source/age'

export type Matter =
  | { kind: 'disk'; reason: string; path: string }
  | { kind: 'source'; state: 'quiet' | 'waiting' | 'revoked'; name: string; path: string }
  | { kind: 'rejects'; name: string; n: number; path: string }
  | { kind: 'import'; id: number; n: number; path: string }
  | { kind: 'job'; subject: string; message: string; path: string }
  | { kind: 'alert'; track: string; rule: string; count: number; of: number; path: string }
  | { kind: 'push'; name: string; n: number; path: string }

export interface Found {
  status?: IngestStatus
  sources?: Source[]
  imports?: Import[]
  jobs?: Job[]
  alerts?: AlertRecord[]
  pushes?: Push[]
}

const at = (...parts: string[]) => parts.map(encodeURIComponent).join('/')

/** The worst first: what stops data, then what went wrong, then what should be noticed. */
export function attention({ status, sources = [], imports = [], jobs = [], alerts = [], pushes = [] }: Found): Matter[] {
  const full: Matter[] = status?.disk?.is_full ? [{ kind: 'disk', reason: status.disk.reason ?? '', path: 'data/sources' }] : []
  return [
    ...full,
    ...jobs.map(({ subject, error }): Matter => ({ kind: 'job', subject, message: error?.message ?? '', path: 'data/jobs' })),
    ...alerts.map(({ track, rule, count, of }): Matter => ({ kind: 'alert', track, rule, count, of, path: at('tracks', track) })),
    ...sources.flatMap((source) => ofSource(source, status)),
    ...pushes.flatMap(ofPush),
    ...imports
      .filter(({ rejected, state }) => rejected > 0 && state === 'done')
      .map(({ import: id, rejected }): Matter => ({ kind: 'import', id, n: rejected, path: 'data/imports' })),
  ]
}

function ofSource(source: Source, status: IngestStatus | undefined): Matter[] {
  const age = status?.sources.find((one) => one.source === source.name)?.age_seconds ?? undefined
  const state = stateOf(source, age)
  const path = at('data', 'sources', source.name)
  const silent: Matter[] = state === 'quiet' || state === 'waiting' || state === 'revoked' ? [{ kind: 'source', state, name: source.name, path }] : []
  const rejected = source.since_start.rejected
  return rejected > 0 ? [...silent, { kind: 'rejects', name: source.name, n: rejected, path }] : silent
}

function ofPush({ push, name, failed, unknown }: Push): Matter[] {
  const n = unknown + Object.values(failed).reduce((sum, count) => sum + count, 0)
  return n > 0 ? [{ kind: 'push', name: name || push, n, path: at('pushes', push) }] : []
}
