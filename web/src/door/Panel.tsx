// What lies behind a number of the states and flows, and what can be done with these people.

import { usePeople } from '../api/queries'
import type { Selection } from '../view/selection'
import type { ViewState } from '../view/useView'
import type { View } from '../view/view'
import { PeoplePanel } from './PeoplePanel'
import { sentence, suggestedName, type Setting } from './sentence'

interface Props {
  view: View
  selection: Selection
  setting: Setting
  /** What the page says this selection counts. */
  shown: number | undefined
  onClose: () => void
  change: ViewState['change']
}

export function Panel({ view, selection, setting, shown, onClose, change }: Props) {
  const people = usePeople(view, selection)
  return (
    <PeoplePanel
      people={people}
      said={sentence(selection, setting)}
      name={suggestedName(selection, setting)}
      shown={shown}
      onClose={onClose}
      onFollow={(who) => change({ who, sel: null })}
      lens={view.rules === undefined ? { model: view.model, scope: view.scope } : undefined}
    />
  )
}
