// The query of the address: read it, change some of its values.

import { useCallback } from 'react'
import { useSearchParams, type NavigateOptions } from 'react-router'
import { withQuery, type QueryChanges } from './view'

export type ChangeAddress = (changes: QueryChanges | ((now: URLSearchParams) => QueryChanges), options?: NavigateOptions) => void

/**
 * A change builds on the address as it is. The router's own setter builds on the address of the last render, which follows
 * a moment later: of two changes made within that moment the second would undo the first.
 */
export function useAddress(): [URLSearchParams, ChangeAddress] {
  const [query, setQuery] = useSearchParams()
  const change = useCallback<ChangeAddress>(
    (changes, options) => {
      const now = new URLSearchParams(window.location.search)
      setQuery(withQuery(now, typeof changes === 'function' ? changes(now) : changes), options)
    },
    [setQuery],
  )
  return [query, change]
}
