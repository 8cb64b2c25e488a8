// The model being edited, with one history for all of it.

import { useMemo, useReducer } from 'react'
import { addState, editModel, isSameDraft, moveState, removeState, setState, setWindow, startEditing, type DraftState, type ModelDraft } from './draft'

export interface ModelEditor {
  draft: ModelDraft
  isChanged: boolean
  canUndo: boolean
  canRedo: boolean
  revision: number
  undo: () => void
  redo: () => void
  reset: (draft: ModelDraft) => void
  setName: (name: string) => void
  setDescription: (description: string) => void
  set: (id: number, changes: Partial<DraftState>) => void
  move: (id: number, by: 1 | -1) => void
  remove: (id: number) => void
  add: (nameOf: (n: number) => string) => void
  setWindow: (from: number, to: number) => void
}

export function useEditing(first: ModelDraft, saved: ModelDraft): ModelEditor {
  const [state, act] = useReducer(editModel, first, startEditing)
  const actions = useMemo(() => {
    const edit = (edit: (draft: ModelDraft) => ModelDraft, about?: string, isAnew = false) => act({ do: 'edit', edit, about, isAnew })
    return {
      undo: () => act({ do: 'undo' }),
      redo: () => act({ do: 'redo' }),
      reset: (next: ModelDraft) => edit(() => next, undefined, true),
      setName: (name: string) => edit((draft) => ({ ...draft, name }), 'name'),
      setDescription: (description: string) => edit((draft) => ({ ...draft, description }), 'description'),
      set: (id: number, changes: Partial<DraftState>) => edit((draft) => setState(draft, id, changes), 'when' in changes ? undefined : `${id} ${Object.keys(changes).join()}`),
      move: (id: number, by: 1 | -1) => edit((draft) => moveState(draft, id, by)),
      remove: (id: number) => edit((draft) => removeState(draft, id)),
      add: (nameOf: (n: number) => string) => edit((draft) => addState(draft, nameOf)),
      setWindow: (from: number, to: number) => edit((draft) => setWindow(draft, from, to), undefined, true),
    }
  }, [])
  const { history, revision } = state
  return {
    ...actions,
    draft: history.present,
    isChanged: !isSameDraft(history.present, saved),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    revision,
  }
}
