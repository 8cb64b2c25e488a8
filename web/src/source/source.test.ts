import { expect, test } from 'vitest'
import { age, isOrigin, stateOf } from './age'
import { LANGUAGES, snippet } from './snippets'

test.each([
  [0, 0, 'second'],
  [59.9, 59, 'second'],
  [60, 1, 'minute'],
  [3599, 59, 'minute'],
  [7200, 2, 'hour'],
  [200_000, 2, 'day'],
] as const)('%d seconds are %d %s', (seconds, n, unit) => {
  expect(age(seconds)).toEqual({ n, unit })
})

const source = { kind: 'sdk', total: {}, since_start: {} }

test('what a source does now', () => {
  expect(stateOf(source, undefined)).toBe('waiting')
  expect(stateOf(source, 5)).toBe('live')
  expect(stateOf(source, 90_000)).toBe('quiet')
  expect(stateOf({ ...source, total: { last_received: '2024-11-11T00:00:00Z' } }, undefined)).toBe('quiet')
  expect(stateOf({ ...source, revoked: '2024-11-11T00:00:00Z' }, 5)).toBe('revoked')
  expect(stateOf({ ...source, kind: 'nats', revoked: '2024-11-11T00:00:00Z' }, 5)).toBe('live')
  expect(stateOf({ ...source, disabled: '2024-11-11T00:00:00Z', revoked: '2024-11-11T00:00:00Z' }, 5)).toBe('disabled')
})

test.each([
  ['https://shop.example', true],
  ['http://127.0.0.1:8080', true],
  ['https://shop.example/', false],
  ['shop.example', false],
  ['ftp://shop.example', false],
])('%s is an origin: %s', (text, is) => {
  expect(isOrigin(text)).toBe(is)
})

test('every snippet names the server and the key', () => {
  for (const language of LANGUAGES) {
    const text = snippet(language, 'http://127.0.0.1:7717', 'wk_1')
    expect(text).toContain('127.0.0.1:7717')
    expect(text).toContain('wk_1')
  }
  expect(snippet('curl', 'http://h', "it's")).toContain(`'it'\\''s:'`)
  expect(snippet('js', 'https://h:1', 'k')).toContain('apiHost: "h:1/v1", protocol: "https"')
})
