// The address as the page's state: read it, change it.

import { useCallback, useMemo } from 'react'
import type { Workspace } from '../api/types'
import { today, type Day } from '../format/day'
import { readSelection, writeSelection, type Selection } from './selection'
import { useAddress } from './useAddress'
import { readView, type QueryChanges, type View } from './view'

export const lastDayOf = (workspace: Workspace): Day => workspace.data?.latest_day ?? today(workspace.timezone)

export interface ViewState {
  view: View
  selection: Selection | undefined
  /** Changes parts of the view; what was chosen belongs to the old one. */
  change: (changes: QueryChanges) => void
  select: (selection: Selection | undefined, isRefinement?: boolean) => void
}

/** Changes that leave the numbers as they are, so that a selection stays true. */
const OUTWARD = new Set(['unit', 'cell', 'moves', 'span'])

export function useView(workspace: Workspace): ViewState {
  const [query, setQuery] = useAddress()
  const lastDay = lastDayOf(workspace)
  const view = useMemo(() => readView(query, lastDay), [query, lastDay])
  const selection = useMemo(() => readSelection(query.get('sel')), [query])
  const change = useCallback(
    (changes: QueryChanges) => {
      const keeps = Object.keys(changes).every((name) => OUTWARD.has(name))
      setQuery(keeps ? changes : { sel: null, ...changes })
    },
    [setQuery],
  )
  const select = useCallback(
    (next: Selection | undefined, isRefinement = false) =>
      setQuery({ sel: next ? writeSelection(next) : null }, { replace: isRefinement }),
    [setQuery],
  )
  return { view, selection, change, select }
}
