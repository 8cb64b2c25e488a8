// What every section of the page is given.

import type { Selection } from '../view/selection'
import type { ViewState } from '../view/useView'
import type { View } from '../view/view'
import type { Looks } from './look'

export interface Section {
  view: View
  /** States in the model's order, `none` last. */
  names: string[]
  looks: Looks
  /** What a selection is, in a sentence. */
  say: (selection: Selection) => string
  selection: Selection | undefined
  select: ViewState['select']
  change: ViewState['change']
}

export function isBand(selection: Selection | undefined, date: string, state: string): boolean {
  return selection?.kind === 'band' && selection.date === date && selection.states.length === 1 && selection.states[0] === state
}
