// A model while it is edited: states with a number each, so that fields can hold on to them while names and order change. Pure.

import type { NewStateModel, State, StateModel } from '../api/types'
import { begin, change, redo, undo, type History } from '../builder/history'
import type { Json } from '../builder/tree'
import { withWindow } from './rules'

export interface DraftState {
  id: number
  name: string
  title: string
  title_zh: string
  slot: string
  when: Json
}

export interface ModelDraft {
  name: string
  description: string
  states: DraftState[]
}

let last = 0

export const draftState = ({ name, title, title_zh, slot, when }: State): DraftState => ({
  id: (last += 1),
  name,
  title: title ?? '',
  title_zh: title_zh ?? '',
  slot: slot ?? '',
  when: when as Json,
})

export const draftOf = ({ name, description, states }: Pick<StateModel, 'name' | 'description' | 'states'>): ModelDraft => ({
  name,
  description: description ?? '',
  states: states.map(draftState),
})

/** States as the API takes them: what says nothing is left out. */
export function statesOf({ states }: Pick<ModelDraft, 'states'>): State[] {
  const said = (key: string, text: string) => (text.trim() === '' ? {} : { [key]: text.trim() })
  return states.map(({ name, title, title_zh, slot, when }) => ({ name, ...said('title', title), ...said('title_zh', title_zh), ...said('slot', slot), when: when as State['when'] }))
}

/** What counts of it: names and rules. */
export const rulesOf = ({ states }: Pick<ModelDraft, 'states'>): State[] => states.map(({ name, when }) => ({ name, when: when as State['when'] }))

/** What is saved: the draft, and what is not edited here as it was. */
export function bodyOf(draft: ModelDraft, before: StateModel | undefined): NewStateModel {
  const { owner, role, labels } = before ?? {}
  return { states: statesOf(draft), description: draft.description.trim() || null, owner, role, labels }
}

export const isSameDraft = (a: ModelDraft, b: ModelDraft): boolean => plain(a) === plain(b)

const plain = (draft: ModelDraft) => JSON.stringify([draft.name, draft.description, statesOf(draft)])

// --- changes ---

export function setState(draft: ModelDraft, id: number, changes: Partial<DraftState>): ModelDraft {
  return { ...draft, states: draft.states.map((state) => (state.id === id ? { ...state, ...changes } : state)) }
}

export function moveState(draft: ModelDraft, id: number, by: 1 | -1): ModelDraft {
  const at = draft.states.findIndex((state) => state.id === id)
  const [here, there] = [draft.states[at], draft.states[at + by]]
  if (!here || !there) return draft
  return { ...draft, states: draft.states.with(at, there).with(at + by, here) }
}

export function removeState(draft: ModelDraft, id: number): ModelDraft {
  return draft.states.length > 1 ? { ...draft, states: draft.states.filter((state) => state.id !== id) } : draft
}

/** A new state comes last, where it takes nobody from another. */
export function addState(draft: ModelDraft, nameOf: (n: number) => string): ModelDraft {
  const isTaken = (name: string) => draft.states.some((state) => state.name === name)
  let n = draft.states.length + 1
  while (isTaken(nameOf(n))) n += 1
  const when = { did: { behavior: ['view'], within: { days: 30 } } }
  return { ...draft, states: [...draft.states, draftState({ name: nameOf(n), when })] }
}

export const setWindow = (draft: ModelDraft, from: number, to: number): ModelDraft => ({
  ...draft,
  states: draft.states.map((state) => ({ ...state, when: withWindow(state.when, from, to) })),
})

// --- history ---

export interface Editing {
  history: History<ModelDraft>
  /** What the last change was about: typing in one field is one step. */
  about: string | undefined
  /** Grows when something was taken back, so that fields begin anew. */
  revision: number
}

/** `isAnew`: the change came from outside the fields of a rule, which begin anew with it. */
export type EditAction = { do: 'edit'; edit: (draft: ModelDraft) => ModelDraft; about?: string; isAnew?: boolean } | { do: 'undo' | 'redo' }

export const startEditing = (draft: ModelDraft): Editing => ({ history: begin(draft), about: undefined, revision: 0 })

export function editModel(state: Editing, action: EditAction): Editing {
  const { history, revision } = state
  if (action.do !== 'edit') {
    const next = (action.do === 'undo' ? undo : redo)(history)
    return next === history ? state : { history: next, about: undefined, revision: revision + 1 }
  }
  const next = action.edit(history.present)
  if (next === history.present) return state
  const isSameField = action.about !== undefined && action.about === state.about
  const after = isSameField ? { ...history, present: next, future: [] } : change(history, next)
  return { history: after, about: action.about, revision: action.isAnew ? revision + 1 : revision }
}

/** Where an error is: of `/model/states/2/when/did`, rule 2 and the rest. */
export function stateAt(pointer: string | undefined): number | undefined {
  const [, index] = /\/states\/(\d+)(\/|$)/.exec(pointer ?? '') ?? []
  return index === undefined ? undefined : Number(index)
}
