import { expect, test } from 'vitest'
import type { AlertRule, Track } from '../api/types'
import { readView } from '../view/view'
import { fieldsOf, pathDates, ruleOf, trackBody, viewOf, watchedBy, whoOf, withAlerts } from './track'

const TRACK: Track = {
  name: 'buyers',
  version: 3,
  snapshot: 's1',
  model: 'pno@2',
  scope: { shop: 'flagship' },
  from: '2024-11-11',
  step: 'weekly',
  labels: ['promo'],
  alerts: [{ name: 'lost', state: 'none', share: { above: 0.25 } }],
  report: ['html'],
}

const RULES: AlertRule[] = [
  { name: 'lost', state: 'none', share: { above: 0.25 } },
  { name: 'few', state: 'old', count: { below: 10, above: 20_000 } },
  { name: 'slow', flow: { from: 'potential', to: 'old', days: 7 }, share: { below: 0.0123 } },
]

test.each(RULES)('an alert is written as read: %j', (rule) => {
  expect(JSON.parse(JSON.stringify(ruleOf(fieldsOf(rule))))).toEqual(rule)
})

test('shares are percent in the form', () => {
  expect(fieldsOf({ name: 'a', state: 'old', share: { below: 0.07 } })).toMatchObject({ unit: 'share', below: 7, above: null })
  expect(ruleOf({ name: ' a ', kind: 'state', state: 'old', unit: 'share', above: 12.34 })).toEqual({ name: 'a', state: 'old', share: { above: 0.1234 } })
})

test('an alert looks at people', () => {
  expect(watchedBy({ name: 'a', state: 'old' }, '2024-12-31')).toEqual({ kind: 'band', date: '2024-12-31', states: ['old'] })
  expect(watchedBy({ name: 'a', flow: { from: 'x', to: 'y', days: 31 } }, '2024-12-31')).toEqual({
    kind: 'path',
    stops: [{ date: '2024-11-30', state: 'x' }, { date: '2024-12-31', state: 'y' }],
  })
})

test('a track decides what its page shows', () => {
  const view = readView(new URLSearchParams('as_of=2024-12-31'), '2025-01-31')
  expect(viewOf(TRACK, view, false)).toMatchObject({ model: 'pno@2', scope: { kind: 'shop', id: 'flagship' }, who: { kind: 'snapshot', id: 's1' }, from: '2024-11-11', to: '2024-12-31' })
  const chosen = readView(new URLSearchParams('as_of=2024-12-31&from=2024-12-01'), '2025-01-31')
  expect(viewOf(TRACK, chosen, true).from).toBe('2024-12-01')
  const rules = { states: [{ name: 'a', when: { everyone: true } }] }
  expect(viewOf({ ...TRACK, model: rules }, view, false)).toMatchObject({ model: 'inline', rules })
})

test.each([
  [{ audience: 'a' }, { kind: 'audience', name: 'a' }],
  [{ list: 'vip' }, { kind: 'expression', expression: { list: 'vip' } }],
  [{ expression: { everyone: true } }, { kind: 'expression', expression: { everyone: true } }],
  [{}, { kind: 'everyone' }],
])('%j follows %j', (track, who) => expect(whoOf(track)).toEqual(who))

test.each([
  ['2024-11-20,2024-11-11', ['2024-11-11', '2024-11-20']],
  ['2024-11-20', ['2024-11-11', '2024-11-18', '2024-11-24', '2024-12-01']],
  ['2025-11-20,2025-12-20', ['2024-11-11', '2024-11-18', '2024-11-24', '2024-12-01']],
  [null, ['2024-11-11', '2024-11-18', '2024-11-24', '2024-12-01']],
])('paths at %s', (text, dates) => {
  expect(pathDates(text, '2024-11-11', '2024-12-01', 6)).toEqual(dates)
})

test('what a form has no field for stays', () => {
  const fields = { name: ' buyers ', who: whoOf(TRACK), model: 'pno@2', scope: { kind: 'workspace' } as const, from: '2024-11-11', step: 'daily' as const, report: [] }
  expect(trackBody(fields, TRACK)).toMatchObject({ name: 'buyers', snapshot: 's1', step: 'daily', labels: ['promo'], alerts: TRACK.alerts, report: [] })
  expect(trackBody(fields, { ...TRACK, step: null, dates: ['2024-11-30'] })).toMatchObject({ dates: ['2024-11-30'] })
  expect(withAlerts(TRACK, [])).toEqual({ ...TRACK, version: undefined, alerts: [] })
})
