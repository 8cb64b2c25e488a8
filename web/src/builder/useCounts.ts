// The exact number of every node, asked for again with each edit. The question before is given up, its late answer is
// dropped, and until the new one is there the old numbers stay, marked as held over.

import { useEffect, useState } from 'react'
import { estimate } from '../api/audiences'
import type { Estimate } from '../api/types'
import type { Day } from '../format/day'
import { pointers, write, type Node } from './tree'

const PAUSE_MS = 40

export interface Counts {
  /** By the number of the node; of a node that is new there is none yet. */
  of: ReadonlyMap<number, number>
  answer: Estimate | undefined
  error: Error | undefined
  isStale: boolean
  /** How many answers there have been. */
  revision: number
}

const NOTHING: Counts = { of: new Map(), answer: undefined, error: undefined, isStale: true, revision: 0 }

export function useCounts(root: Node, asOf: Day): Counts {
  const [counted, setCounted] = useState<Counts & { root?: Node; asOf?: Day }>(NOTHING)
  useEffect(() => {
    const giveUp = new AbortController()
    const ask = async () => {
      try {
        const answer = await estimate(write(root), asOf, giveUp.signal)
        if (giveUp.signal.aborted) return
        setCounted(({ revision }) => ({ root, asOf, of: byNode(root, answer), answer, error: undefined, isStale: false, revision: revision + 1 }))
      } catch (error) {
        if (giveUp.signal.aborted) return
        setCounted((before) => ({ ...before, root, asOf, error: error as Error, isStale: false, revision: before.revision + 1 }))
      }
    }
    const timer = setTimeout(() => void ask(), PAUSE_MS)
    return () => {
      clearTimeout(timer)
      giveUp.abort()
    }
  }, [root, asOf])
  const isCurrent = counted.root === root && counted.asOf === asOf
  return { ...counted, isStale: !isCurrent, error: isCurrent ? counted.error : undefined }
}

function byNode(root: Node, answer: Estimate): Map<number, number> {
  const counts = new Map((answer.nodes ?? []).map(({ at, count }) => [at, count]))
  const found = new Map<number, number>()
  for (const [id, at] of pointers(root)) {
    const count = counts.get(at)
    if (count !== undefined) found.set(id, count)
  }
  return found
}
