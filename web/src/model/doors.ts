// Every number of a model, the question that tells who is behind it, and how the address says it. Pure.

import type { State } from '../api/types'
import type { Day } from '../format/day'
import { escape, unescape, type Cell } from '../view/selection'

/** A model by its name or a version of it; or rules that nobody has saved. */
export type ModelRef = string | { states: readonly State[] }

/** What the API takes as a model. */
export const modelJson = (model: ModelRef): string | { states: readonly State[] } => (typeof model === 'string' ? model : { states: model.states })

export type Door =
  /** In these states. */
  | { kind: 'decided'; model: ModelRef; states: readonly string[] }
  /** Whom a rule matches by itself. */
  | { kind: 'matched'; rule: State }
  /** Whom it matches, but rules before it have decided. */
  | { kind: 'taken'; model: ModelRef; rule: State; by: readonly string[] }
  /** In these cells of two models. */
  | { kind: 'cells'; a: ModelRef; b: ModelRef; cells: readonly Cell[] }

interface About {
  scope: Record<string, unknown>
  at: Day
}

/** One rule as a model of its own: so a scope reaches into it. */
const alone = (rule: State) => ({ states: [rule] })

export function askedOf(door: Door, about: About): [string, object] {
  const { at, ...others } = about
  switch (door.kind) {
    case 'decided':
      return ['/states/band', { ...others, date: at, model: modelJson(door.model), states: door.states }]
    case 'matched':
      return ['/states/band', { ...others, date: at, model: alone(door.rule), states: [door.rule.name] }]
    case 'taken': {
      const cells = door.by.map((a) => ({ a, b: door.rule.name }))
      return ['/state-models/compare/cell', { ...about, a: modelJson(door.model), b: alone(door.rule), cells }]
    }
    case 'cells': {
      const cells = door.cells.map(({ from, to }) => ({ a: from, b: to }))
      return ['/state-models/compare/cell', { ...about, a: modelJson(door.a), b: modelJson(door.b), cells }]
    }
  }
}

/** What is open of a rule, as the address says it: `matched~new`. */
export interface Opened {
  kind: 'matched' | 'taken'
  state: string
}

export const writeOpened = ({ kind, state }: Opened): string => `${kind}~${state}`

export function readOpened(text: string | null): Opened | undefined {
  const [kind, ...name] = (text ?? '').split('~')
  const state = name.join('~')
  return (kind === 'matched' || kind === 'taken') && state !== '' ? { kind, state } : undefined
}

/** `pno~old`: of a list of models, the one whose number is open. */
export const writeListed = (model: string, states: readonly string[]): string => [model, ...states].map(escape).join('~')

export function readListed(text: string | null): { model: string; states: string[] } | undefined {
  const [model, ...states] = (text ?? '').split('~').map(unescape)
  const isSound = model && states.length > 0 && states.every((state) => state !== undefined)
  return isSound ? { model, states } : undefined
}
