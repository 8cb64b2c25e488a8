// What a page about states shows, for its parts to agree on.

import type { States } from '../api/types'
import { cellsSum, type Flow } from '../flow/matrix'
import type { Selection } from '../view/selection'
import type { Distribution } from './area'

/** The order of the model; names alone would come in the order of a JSON object, which puts digits first. */
export function namesOf(states: string[] | undefined, answer: States | undefined): string[] {
  if (states) return [...states, 'none']
  return Object.keys(answer?.at[0]?.states ?? {})
}

/** What the page says a selection counts, to compare with what is behind it. */
export function shownCount(selection: Selection, at: Distribution[] | undefined, flow: Flow | undefined): number | undefined {
  if (selection.kind === 'flow') return flow && cellsSum(flow, selection.cells)
  if (selection.kind === 'path') return undefined
  const found = at?.find(({ date }) => date === selection.date)
  return found && selection.states.reduce((sum, state) => sum + (found.states[state] ?? 0), 0)
}
