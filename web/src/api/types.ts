// Names for the shapes of the API that the console uses.

import type { components } from './schema'

type Schemas = components['schemas']

export type States = Schemas['States'] & { model_version?: number; elapsed_us?: number }
export type Flow = Schemas['Flow'] & { model_version?: number; elapsed_us?: number }
export type Audience = Schemas['Audience']
export type Snapshot = Schemas['Snapshot']
export type StateModel = Schemas['StateModel']

export interface Extent {
  events: number
  consumers: number
  first_day?: string | null
  last_day?: string | null
  last_time?: string | null
}

export type Workspace = Schemas['Workspace'] & { data?: Extent | null }

export interface CatalogEntry {
  kind: string
  id: string
  name?: string | null
  name_zh?: string | null
}

/** The people behind a number. */
export interface People {
  expression: unknown
  as_of: string
  count: number
}

export interface Destination {
  name: string
  kind: 'file' | 'webhook'
  format?: string | null
  url?: string | null
  identifiers?: string[]
}

export type NewDestination =
  | { name: string; kind: 'file'; format: string; identifiers?: string[] }
  | { name: string; kind: 'webhook'; url: string; identifiers?: string[] }

export interface Push {
  push: string
  name?: string | null
  destination: string
  audience?: string | null
  as_of: string
  state: 'sending' | 'done' | 'stopped'
  created: string
  size: number
  planned: number
  sent: number
  pending: number
  suppressed: Record<string, number>
  failed: Record<string, number>
  unknown: number
  holdout: number
}
