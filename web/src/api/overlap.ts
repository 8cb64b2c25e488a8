import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Day } from '../format/day'
import { costAt, mediumJson, setJson, writeSets, type Cost, type Picked } from '../overlap/overlap'
import { ask } from './client'
import type { Overlap, Reach } from './types'

/** An answer together with the sets that it is about: while the next one is on its way, it is still about those. */
export type About<T> = T & { picked: Picked[] }

/** How some sets lie over each other. */
export function useOverlap(picked: Picked[], days: number, asOf: Day, isReady: boolean) {
  const body = { sets: picked.map((set, place) => setJson(set, place, days)), as_of: asOf }
  return useQuery({
    queryKey: ['overlap', body],
    queryFn: async ({ signal }): Promise<About<Overlap>> => ({ ...(await ask<Overlap>('POST', '/overlap', body, signal)), picked }),
    placeholderData: keepPreviousData,
    enabled: isReady,
    retry: false,
  })
}

/** Which of them, as media, reach the most people for a budget; without one, all that bring anybody. */
export function useReach(picked: Picked[], days: number, costs: Record<string, Cost>, budget: string | undefined, asOf: Day, isReady: boolean) {
  const body = { media: picked.map((set, place) => mediumJson(setJson(set, place, days), costAt(costs, set))), budget, as_of: asOf }
  return useQuery({
    queryKey: ['reach', body],
    queryFn: async ({ signal }): Promise<About<Reach>> => ({ ...(await ask<Reach>('POST', '/reach', body, signal)), picked }),
    placeholderData: keepPreviousData,
    enabled: isReady,
    retry: false,
  })
}

/** Whether an answer is about these sets. */
export const isAbout = (answer: About<unknown> | undefined, picked: readonly Picked[]): boolean => answer !== undefined && writeSets(answer.picked) === writeSets(picked)
