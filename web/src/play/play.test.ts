import { expect, test } from 'vitest'
import type { Audience, Playbook, PlaybookParameter, PlaybookPreview } from '../api/types'
import { moved } from '../view/moved'
import { baseOf, opened, parametersOf, readGiven, standing, suffixOf, targetOf, valueOf, whoOf, withGiven } from './play'

const parameter = (name: string, value: unknown) => ({ name, default: value }) as unknown as PlaybookParameter
const REACHED = { did: { channel: ['a'] } }
const PREVIEW = {
  audiences: [
    { name: 'x_reached', expression: REACHED, count: 10 },
    { name: 'x_wide', expression: { any: [{ audience: 'x_reached' }, { audience: 'others' }] }, count: 12 },
    { name: 'x_target', expression: { minus: [{ audience: 'x_wide' }, { did: { behavior: ['purchase'] } }] }, count: 7 },
  ],
  media: [
    { name: 'a.b', expression: { m: 1 }, count: 5, only: 2 },
    { name: 'c', expression: { m: 2 }, count: 4, only: 1 },
  ],
  reach: 7,
} as unknown as PlaybookPreview

test.each([[null, {}], ['{"days":7}', { days: 7 }], ['[1]', {}], ['{', {}]])('the address says %s', (text, given) => expect(readGiven(text)).toEqual(given))

test('only what differs from the suggestion is kept, and no destination is a choice of its own', () => {
  const [days, destination] = [parameter('days', 30), parameter('destination', 'crm')]
  expect(withGiven({ prefix: 'x' }, days, 7)).toEqual({ prefix: 'x', days: 7 })
  expect(withGiven({ prefix: 'x', days: 7 }, days, 30)).toEqual({ prefix: 'x' })
  expect(withGiven({}, parameter('media', ['a', 'b']), ['b', 'a'])).toEqual({ media: ['b', 'a'] })
  expect(valueOf(withGiven({}, destination, null), destination)).toBeNull()
  expect(valueOf({}, destination)).toBe('crm')
})

test('every parameter has its place, the date in the top bar', () => {
  const playbook = { parameters: ['prefix', 'as_of', 'media', 'days', 'model', 'scope', 'step', 'destination', 'holdout_percent'].map((name) => parameter(name, 1)) } as unknown as Playbook
  const names = (part: Parameters<typeof parametersOf>[1]) => parametersOf(playbook, part).map(({ name }) => name)
  expect([names('whom'), names('follow'), names('push'), names('names')]).toEqual([['media', 'days'], ['model', 'scope', 'step'], ['destination', 'holdout_percent'], ['prefix']])
})

test('an audience is said without those that are not there yet', () => {
  expect(targetOf(PREVIEW)?.count).toBe(7)
  expect(baseOf(PREVIEW)?.name).toBe('x_wide')
  expect(whoOf(PREVIEW, targetOf(PREVIEW)?.expression)).toEqual({ minus: [{ any: [REACHED, { audience: 'others' }] }, { did: { behavior: ['purchase'] } }] })
})

test.each([
  ['target', 7],
  ['reached', 10],
  ['medium:a.b', 5],
  ['only:c', 1],
  ['reach', 7],
])('%s opens %i people', (key, count) => expect(opened(PREVIEW, 'x', key)?.count).toBe(count))

test('whom only one medium reaches is that one without the others; what nobody knows opens nothing', () => {
  expect(opened(PREVIEW, 'x', 'only:a.b')?.expression).toEqual({ minus: [{ m: 1 }, { m: 2 }] })
  for (const key of [null, '', 'medium:z', 'unheard']) expect(opened(PREVIEW, 'x', key)).toBeUndefined()
})

test('what making it would do', () => {
  const [first] = PREVIEW.audiences
  const there = (expression: unknown) => [{ name: 'x_reached', expression }] as unknown as Audience[]
  expect(first && [standing(first, []), standing(first, there(REACHED)), standing(first, there({ everyone: true }))]).toEqual(['new', 'same', 'changed'])
})

test('names and orders', () => {
  expect([suffixOf('x_target', 'x'), suffixOf('y_target', 'x')]).toEqual(['target', 'y_target'])
  expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
})
