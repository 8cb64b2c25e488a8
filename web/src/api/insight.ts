// Questions about the order of things.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { JsonObject } from '../builder/tree'
import type { StageJson } from '../stage/stages'
import { scopeJson, whoJson, type Scope, type Who } from '../view/view'
import { ask } from './client'
import type { Funnel, People, Retention, StageFunnel } from './types'

export interface FunnelQuestion {
  steps: JsonObject[]
  within: JsonObject | undefined
  window: JsonObject | undefined
  as_of: string
  /** By what to tell its people apart. */
  breakdown?: JsonObject
}

export function useFunnel(question: FunnelQuestion, who: Who) {
  const body = { ...question, ...whoJson(who) }
  return useQuery({
    queryKey: ['funnel', body],
    queryFn: ({ signal }) => ask<Funnel>('POST', '/funnel', body, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export interface RetentionQuestion {
  start: JsonObject
  return: JsonObject
  window: JsonObject
  period: string
  as_of: string
}

export function useRetention(question: RetentionQuestion, who: Who) {
  const body = { ...question, ...whoJson(who) }
  return useQuery({
    queryKey: ['retention', body],
    queryFn: ({ signal }) => ask<Retention>('POST', '/retention', body, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export interface RetentionCell {
  cohort: string
  later?: number
}

export function useRetentionCell(question: RetentionQuestion, who: Who, cell: RetentionCell) {
  const body = { ...question, ...whoJson(who), ...cell }
  return useQuery({
    queryKey: ['people', 'retention', body],
    queryFn: ({ signal }) => ask<People>('POST', '/retention/cell', body, signal),
    retry: false,
  })
}

export interface StageQuestion {
  stages: StageJson[] | undefined
  scope: Scope
  at: string[]
}

export function useStageFunnel({ stages, scope, at }: StageQuestion, who: Who, isReady: boolean) {
  const body = { stages, scope: scopeJson(scope), at, ...whoJson(who) }
  return useQuery({
    queryKey: ['stage-funnel', body],
    queryFn: ({ signal }) => ask<StageFunnel>('POST', '/stage-funnel', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady,
    retry: false,
  })
}
