import { expect, test } from 'vitest'
import type { StageFunnel, State } from '../api/types'
import type { Json } from '../builder/tree'
import { definitionOf, readStage, readVs, rowsOf, stagesOf, vsChoice, writeStage } from './stages'

const BOUGHT = { did: { behavior: ['purchase'] } }
const SEEN = { any: [{ did: { behavior: ['view'] } }, { did: { behavior: ['click'] } }] }
const scoped = (when: Json): Json => ({ state: { model: { states: [{ name: 'x', when }] }, scope: { shop: 's' }, in: ['x'] } })

test('the other date: days before, a date, or none', () => {
  expect(readVs(null, '2024-12-31')).toBe('2024-12-01')
  expect(readVs('90', '2024-12-31')).toBe('2024-10-02')
  expect(readVs('2024-11-11', '2024-12-31')).toBe('2024-11-11')
  expect(readVs('none', '2024-12-31')).toBeUndefined()
  for (const text of ['', '-3', 'soon', '2025-01-01']) expect(readVs(text, '2024-12-31')).toBe('2024-12-01')
  expect([null, '60', 'none', '2024-11-11', 'soon'].map(vsChoice)).toEqual(['30', '60', 'none', '2024-11-11', '30'])
})

test('what a stage itself says', () => {
  expect(definitionOf(BOUGHT, 0, false)).toEqual(BOUGHT)
  expect(definitionOf({ all: [SEEN, BOUGHT] }, 1, false)).toEqual(BOUGHT)
  expect(definitionOf({ all: [{ audience: 'vip' }, SEEN] }, 0, true)).toEqual(SEEN)
  expect(definitionOf({ all: [scoped(SEEN), scoped(BOUGHT)] }, 1, false)).toEqual(BOUGHT)
  expect(definitionOf(scoped(SEEN), 0, false)).toEqual(SEEN)
  // A first stage that is a group of its own stays whole, and so does a state of a model with a name.
  const group = { all: [SEEN, BOUGHT] }
  expect(definitionOf(group, 0, false)).toEqual(group)
  const named = { state: { model: 'pno', scope: { shop: 's' }, in: ['old'] } }
  expect(definitionOf({ all: [{ everyone: true }, named] }, 1, false)).toEqual(named)
})

test('states of a model become stages, the widest first', () => {
  const states = ['old', 'new', 'market'].map((name) => ({ name, when: {} }) as State)
  const stages = stagesOf({ states }, 'pno', { kind: 'shop', id: 's' }, (state, hasMore, language) => `${state}${hasMore ? '+' : ''} ${language}`)
  expect(stages.map(({ name, title_zh }) => [name, title_zh])).toEqual([['market_', 'market zh'], ['market', 'market+ zh'], ['new', 'new+ zh'], ['old', 'old zh']])
  expect(stages[2]?.when).toEqual({ state: { model: 'pno', scope: { shop: 's' }, in: ['old', 'new'] } })
})

test('who is lost from stage to stage, and how many there were then', () => {
  const counts = (...all: number[]) => all.map((count) => ({ count }))
  const answer = {
    stages: ['a', 'b', 'c'].map((name) => ({ name, expression: {} })),
    at: [
      { date: '2024-12-31', total: 9, stages: counts(9, 5, 0) },
      { date: '2024-12-01', total: 7, stages: counts(7, 3, 1) },
    ],
  } as unknown as StageFunnel
  expect(rowsOf(answer)).toEqual([
    { name: 'a', count: 9, lost: undefined, then: 7 },
    { name: 'b', count: 5, lost: 4, then: 3 },
    { name: 'c', count: 0, lost: 5, then: 1 },
  ])
  expect(rowsOf({ ...answer, at: answer.at.slice(0, 1) })[1]).toEqual({ name: 'b', count: 5, lost: 4, then: undefined })
})

test('what is open goes into the address and comes back', () => {
  expect(readStage(writeStage({ kind: 'lost', stage: 'a~b' }))).toEqual({ kind: 'lost', stage: 'a~b' })
  for (const text of [null, '', 'at', 'at~', 'other~a']) expect(readStage(text)).toBeUndefined()
})
