import { expect, test } from 'vitest'
import type { Import, Push, Source } from '../api/types'
import { attention } from './attention'

const COUNTS = { accepted: 0, duplicate: 0, rejected: 0 }
const source = (name: string, more: Partial<Source>): Source => ({ name, kind: 'sdk', origins: [], created: '', total: COUNTS, since_start: COUNTS, ...more })
const push = (more: Partial<Push>): Push => ({ push: 'p1', name: 'a/b', destination: 'd', expression: {}, as_of: '', state: 'done', created: '', size: 1, planned: 1, sent: 1, pending: 0, suppressed: {}, failed: {}, unknown: 0, holdout: 0, holdout_percent: 0, ...more })

test('where all is well nothing is said', () => {
  expect(attention({})).toEqual([])
  expect(attention({ sources: [source('web', { disabled: '2024-01-01T00:00:00Z' })], pushes: [push({})] })).toEqual([])
})

test('a source that says nothing, and one that is refused', () => {
  const found = attention({
    sources: [source('shop', { since_start: { ...COUNTS, rejected: 3 } })],
    status: undefined,
  })
  expect(found).toEqual([
    { kind: 'source', state: 'waiting', name: 'shop', path: 'data/sources/shop' },
    { kind: 'rejects', name: 'shop', n: 3, path: 'data/sources/shop' },
  ])
})

test('each matter has its place', () => {
  const told = attention({
    jobs: [{ job: 'j1', kind: 'refresh', subject: 'track x', state: 'failed', done: 0, started: '', error: { code: 'c', message: 'm' } }],
    alerts: [{ id: 1, track: 'a b', rule: 'few', alert: { name: 'few' }, first: '', last: '', count: 1, of: 2, opened: '' }],
    pushes: [push({ failed: { http_404: 2 }, unknown: 1 })],
    imports: [{ import: 7, rejected: 5, state: 'done' } as Import, { import: 8, rejected: 5, state: 'undone' } as Import],
  }).map(({ kind, path }) => `${kind} ${path}`)
  expect(told).toEqual(['job data/jobs', 'alert tracks/a%20b', 'push pushes/p1', 'import data/imports'])
})
