// The tree being edited: its history, the node that has the focus, and whether that is open for editing.

import { useMemo, useReducer } from 'react'
import { add, childrenOf, dissolve, enclose, find, lines, move, negate, parentOf, remove, replace, setOp, to, type Direction, type Where } from './edit'
import { begin, change, redo, undo, type History } from './history'
import { read, wrap, type Json, type JsonObject, type Node, type Op, type Wrap } from './tree'

interface Step {
  root: Node
  focus: number
}

interface State {
  history: History<Step>
  isEditing: boolean
}

type Action =
  | { do: 'edit'; edit: (step: Step) => Step; isEditing?: boolean }
  | { do: 'focus'; id: number; isEditing?: boolean }
  | { do: 'undo' | 'redo' }
  | { do: 'restart'; root: Node }

export const start = (json: Json): State => {
  const root = read(json)
  return { history: begin({ root, focus: root.id }), isEditing: false }
}

export function reduce(state: State, action: Action): State {
  const { history } = state
  const { root } = history.present
  switch (action.do) {
    case 'edit': {
      const next = action.edit(history.present)
      if (next.root === root) return state
      return { history: change(history, sound(next)), isEditing: action.isEditing ?? state.isEditing }
    }
    case 'focus': {
      const present = sound({ root, focus: action.id })
      const isEditing = action.isEditing ?? (state.isEditing && present.focus === history.present.focus)
      return { history: { ...history, present }, isEditing }
    }
    case 'undo':
      return { history: undo(history), isEditing: false }
    case 'redo':
      return { history: redo(history), isEditing: false }
    case 'restart':
      return { history: change(history, { root: action.root, focus: action.root.id }), isEditing: false }
  }
}

/** The focus is always on a node that is there. */
const sound = ({ root, focus }: Step): Step => ({ root, focus: find(root, focus) ? focus : root.id })

/** Where the focus goes when a node goes: to its neighbour, else up. */
export function afterRemoval(root: Node, id: number): number {
  const place = parentOf(root, id)
  if (!place) return root.id
  if (place.parent.kind === 'wrap') return afterRemoval(root, place.parent.id)
  const siblings = childrenOf(place.parent)
  return (siblings[place.index + 1] ?? siblings[place.index - 1] ?? place.parent).id
}

export interface Builder extends Step {
  isEditing: boolean
  canUndo: boolean
  canRedo: boolean
  focusOn: (id: number, isEditing?: boolean) => void
  add: (node: Node) => void
  around: (kind: Wrap, rest: JsonObject) => void
  remove: (id: number) => void
  enclose: (id: number) => void
  dissolve: (id: number) => void
  negate: (id: number) => void
  move: (id: number, direction: Direction) => void
  drop: (id: number, target: number, where: Where) => void
  setOp: (id: number, op: Op) => void
  setValue: (id: number, value: Json) => void
  setRest: (id: number, rest: JsonObject) => void
  replaceAll: (json: Json) => void
  undo: () => void
  redo: () => void
}

export function useBuilder(initial: Json): Builder {
  const [state, act] = useReducer(reduce, initial, start)
  const actions = useMemo(() => {
    const edit = (change: (root: Node, focus: number) => Node, focusOf?: (before: Node, after: Node, focus: number) => number, isEditing?: boolean) =>
      act({
        do: 'edit',
        edit: ({ root, focus }) => {
          const after = change(root, focus)
          return { root: after, focus: focusOf ? focusOf(root, after, focus) : focus }
        },
        isEditing,
      })
    return {
      focusOn: (id: number, isEditing?: boolean) => act({ do: 'focus', id, isEditing }),
      add: (node: Node) => edit((root, focus) => add(root, focus, node), () => node.id, node.kind === 'leaf'),
      around: (kind: Wrap, rest: JsonObject) => edit((root, focus) => replace(root, focus, (of) => wrap(kind, rest, of))),
      remove: (id: number) => edit((root) => remove(root, id), (before) => afterRemoval(before, id), false),
      enclose: (id: number) => edit((root) => enclose(root, id)),
      dissolve: (id: number) =>
        edit((root) => dissolve(root, id), (before) => {
          const [first] = childrenOf(find(before, id) ?? before)
          return first?.id ?? before.id
        }),
      negate: (id: number) => edit((root) => negate(root, id), (before, after) => (find(after, id) ? id : (childrenOf(find(before, id) ?? before)[0]?.id ?? after.id))),
      move: (id: number, direction: Direction) => edit((root) => move(root, id, direction)),
      drop: (id: number, target: number, where: Where) => edit((root) => to(root, id, target, where), () => id),
      setOp: (id: number, op: Op) => edit((root) => setOp(root, id, op)),
      setValue: (id: number, value: Json) => edit((root) => replace(root, id, (node) => (node.kind === 'leaf' ? { ...node, value } : node))),
      setRest: (id: number, rest: JsonObject) => edit((root) => replace(root, id, (node) => (node.kind === 'wrap' ? { ...node, rest } : node))),
      replaceAll: (json: Json) => act({ do: 'restart', root: read(json) }),
      undo: () => act({ do: 'undo' }),
      redo: () => act({ do: 'redo' }),
    }
  }, [])
  const { history, isEditing } = state
  return {
    ...actions,
    ...history.present,
    isEditing,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
  }
}

/** The node that a key takes the focus to. */
export function neighbour(root: Node, id: number, key: string): number | undefined {
  const all = lines(root)
  const at = all.findIndex(({ node }) => node.id === id)
  switch (key) {
    case 'ArrowDown':
      return all[at + 1]?.node.id
    case 'ArrowUp':
      return all[at - 1]?.node.id
    case 'ArrowLeft':
      return parentOf(root, id)?.parent.id
    case 'ArrowRight':
      return childrenOf(all[at]?.node ?? root)[0]?.id
    case 'Home':
      return root.id
    case 'End':
      return all.at(-1)?.node.id
    default:
      return undefined
  }
}
