// State models: what each rule does, what changed, and two side by side.

import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { askedOf, modelJson, type Door, type ModelRef } from '../model/doors'
import type { Day } from '../format/day'
import { scopeJson, whoJson, type Scope, type View, type Who } from '../view/view'
import { ask, askAll } from './client'
import type { ModelCheck, ModelComparison, ModelDiff, NewStateModel, People, StateModel, States } from './types'

export const modelPath = (name: string): string => `/state-models/${encodeURIComponent(name)}`

export const useModel = (name: string) =>
  useQuery({ queryKey: ['model', name], queryFn: ({ signal }) => ask<StateModel>('GET', modelPath(name), undefined, signal), enabled: name !== '', retry: false })

/** The latest first. */
export const useModelVersions = (name: string) =>
  useQuery({ queryKey: ['model', name, 'versions'], queryFn: ({ signal }) => askAll<StateModel>(`${modelPath(name)}/versions`, signal), enabled: name !== '', retry: false })

/** Over what, when, for whom. */
export type Question = Pick<View, 'scope' | 'who' | 'asOf'>

const about = ({ scope, who, asOf }: { scope: Scope; who: Who; asOf: Day }) => ({ scope: scopeJson(scope), at: asOf, ...whoJson(who) })

/** What every rule does; a draft is counted like any model. */
export function useModelCheck(model: ModelRef, question: Question) {
  const body = { model: modelJson(model), ...about(question) }
  return useQuery({
    queryKey: ['model-check', body],
    queryFn: ({ signal }) => ask<ModelCheck>('POST', '/state-models/check', body, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export function useModelComparison(a: ModelRef, b: ModelRef, question: Question) {
  const body = { a: modelJson(a), b: modelJson(b), ...about(question) }
  return useQuery({
    queryKey: ['model-compare', body],
    queryFn: ({ signal }) => ask<ModelComparison>('POST', '/state-models/compare', body, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export function useModelDiff(before: ModelRef, after: ModelRef) {
  const body = { before: modelJson(before), after: modelJson(after) }
  return useQuery({
    queryKey: ['model-diff', body],
    queryFn: ({ signal }) => ask<ModelDiff>('POST', '/state-models/diff', body, signal),
    retry: false,
  })
}

/** How everybody is distributed under several models, each asked for by itself. */
export function useDistributions(models: readonly string[], { scope, asOf }: Pick<View, 'scope' | 'asOf'>) {
  return useQueries({
    queries: models.map((model) => {
      const body = { model, scope: scopeJson(scope), at: [asOf] }
      return {
        queryKey: ['states', body],
        queryFn: ({ signal }: { signal: AbortSignal }) => ask<States>('POST', '/states', body, signal),
        retry: false,
      }
    }),
  })
}

/** The people behind a number of a model: the server makes the expression. */
export function useModelDoor(door: Door, question: Question) {
  const [path, body] = askedOf(door, about(question))
  return useQuery({ queryKey: ['people', path, body], queryFn: ({ signal }) => ask<People>('POST', path, body, signal), retry: false })
}

function useModelMutation<T, R>(mutationFn: (input: T) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => Promise.all(['models', 'model', 'model-version', 'model-check', 'model-diff', 'model-compare', 'states', 'flow'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

export const usePutModel = () =>
  useModelMutation(({ name, body }: { name: string; body: NewStateModel }) => ask<StateModel>('PUT', modelPath(name), body))

export const useRestoreModel = (name: string) =>
  useModelMutation((version: number) => ask<StateModel>('POST', `${modelPath(name)}/versions/${version}/restore`))

export const useDeleteModel = () => useModelMutation((name: string) => ask<undefined>('DELETE', modelPath(name)))
