// Expressions for tests: one of each form that docs/expressions.md has, and any number of random ones.

import type { Json } from './tree'

const VIEWED = { behavior: ['view'], channel: ['ads.onsite.feed_ads'], within: { days: 30 }, count: { gte: 2 } }

export const SAMPLES: Json[] = [
  { everyone: true },
  { all: [] },
  { any: [] },
  { all: [{ did: VIEWED }, { not: { did: { behavior: ['purchase'], shop: ['flagship'], within: { days: 365 } } } }] },
  { any: [{ list: 'vip' }, { audience: 'loyal' }, { snapshot: 's1' }] },
  { not: { list: 'staff' } },
  { minus: [{ everyone: true }, { list: 'staff' }, { audience: 'loyal' }] },
  { xor: [{ list: 'a' }, { list: 'b' }] },
  { tag: { level: { in: ['gold', 'silver'] }, age: { gte: 18, lt: 60 } } },
  { tag: { birthday: { anniversary_next_days: 14 } } },
  { tag: { interests: { contains_all: ['tea', 'cups'] } } },
  { tag: { email_ok: { exists: false } } },
  { state: { model: 'pno', scope: { shop: 'flagship' }, in: ['potential', 'new'] } },
  { state: { model: 'aipl', in: 'L' } },
  { at: { date: '2024-11-11' }, of: { list: 'a' } },
  { at: { days_ago: 90 }, of: { all: [{ did: {} }, { at: { days_ago: 30 }, of: { everyone: true } }] } },
  { sample: { of: { everyone: true }, percent: 10, salt: 'x' } },
  { top: { of: { audience: 'loyal' }, by: { amount: { behavior: ['purchase'] } }, n: 100 } },
  { did: {} },
  {
    did: {
      behavior: ['purchase'],
      channel: ['ads.onsite'],
      shop: ['flagship'],
      brand: ['lanhe'],
      category: ['tea'],
      campaign: ['double_11'],
      item: ['85123A'],
      property: { country: { eq: 'France' } },
      each: { amount: { gte: 50 } },
      within: { days: 30 },
      orders: { gte: 2 },
      amount: { gte: 500 },
    },
  },
  { did: { behavior: 'view', not_behavior: ['click'], unscoped: true, within: { days: 7, skip: 3 }, active_days: { between: [2, 5] } } },
  { did: { behavior: ['purchase', 'refund'], within: { until_days_ago: 30 }, aov: { lte: 200.5 }, quantity: { eq: 0 } } },
  { did: { within: { from: '2024-01-01', to: '2024-06-18' }, first: { last_days: 7 }, last: { eq: '2024-06-18' }, count: { in: [0, 1] } } },
  { sequence: { steps: [{ item: ['85123A'] }, { item: ['22423'] }], within: { days: 30 }, window: { days: 365 } } },
  { minus: [{ any: [{ did: VIEWED }, { sequence: { steps: [{ behavior: ['view'] }] } }] }, { not: { any: [{ list: 'a' }, { everyone: true }] } }] },
]

/** What nobody should write, and what a newer server may: none of it is lost. */
export const STRANGE: Json[] = [
  null,
  7,
  'text',
  [],
  {},
  { unheard_of: { of: 1 } },
  { did: { within: { weeks: 2 } } },
  { did: { behavior: [] } },
  { did: 'view' },
  { tag: {} },
  { list: ['a'] },
  { all: { not: 'a list' } },
  { all: [{ list: 'a' }], any: [] },
  { at: { weeks_ago: 1 }, of: { everyone: true } },
  { at: { days_ago: 1 }, of: { everyone: true }, and: 'more' },
  { sample: { of: { everyone: true }, percent: 10, salt: 'x', seed: 1 } },
  { top: { by: {}, n: 1 } },
  { state: { model: 'pno', version: 3, in: ['old'] } },
  { everyone: false },
  { all: [{ any: [{ unheard_of: true }, { list: 'a' }] }] },
]

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function randomExpression(next: () => number, depth = 4): Json {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T
  const inner = () => randomExpression(next, depth - 1)
  const many = (least: number) => Array.from({ length: least + Math.floor(next() * 3) }, inner)
  const kind = depth === 0 ? 'leaf' : pick(['leaf', 'leaf', 'all', 'any', 'not', 'minus', 'xor', 'at', 'sample', 'top'])
  switch (kind) {
    case 'all':
    case 'any':
      return { [kind]: many(0) }
    case 'minus':
      return { minus: many(2) }
    case 'xor':
      return { xor: [inner(), inner()] }
    case 'not':
      return { not: inner() }
    case 'at':
      return { at: { days_ago: Math.floor(next() * 90) }, of: inner() }
    case 'sample':
      return { sample: { of: inner(), percent: 10, salt: 's' } }
    case 'top':
      return { top: { of: inner(), by: { count: {} }, n: 5 } }
    default:
      return pick(SAMPLES)
  }
}
