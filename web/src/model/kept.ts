// What was not saved yet, kept by the browser so that nothing is lost when the page goes.

import { isObject, type Json, type JsonObject } from '../builder/tree'
import { draftState, statesOf, type ModelDraft } from './draft'

const key = (workspace: string, model: string | undefined) => `weir.model.${workspace}.${model ?? ''}`

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '')

function stateIn(json: JsonObject) {
  return draftState({ name: text(json.name), title: text(json.title), title_zh: text(json.title_zh), slot: text(json.slot), when: (isObject(json.when) ? json.when : {}) as JsonObject })
}

/** Nothing where the text is none of ours. */
export function draftIn(written: string | null): ModelDraft | undefined {
  try {
    const json = JSON.parse(written ?? 'null') as Json
    if (!isObject(json) || !Array.isArray(json.states) || json.states.length === 0) return undefined
    return { name: text(json.name), description: text(json.description), states: json.states.filter(isObject).map(stateIn) }
  } catch {
    return undefined
  }
}

export const draftText = (draft: ModelDraft): string => JSON.stringify({ name: draft.name, description: draft.description, states: statesOf(draft) })

export function readModelDraft(workspace: string, model: string | undefined): ModelDraft | undefined {
  try {
    return draftIn(localStorage.getItem(key(workspace, model)))
  } catch {
    return undefined
  }
}

export function keepModelDraft(workspace: string, model: string | undefined, draft: ModelDraft | undefined): void {
  try {
    if (draft) localStorage.setItem(key(workspace, model), draftText(draft))
    else localStorage.removeItem(key(workspace, model))
  } catch {
    // A full or forbidden storage: the page works without.
  }
}
