import { expect, test } from 'vitest'
import { readCode, writeCode } from './code'
import { random, randomExpression, SAMPLES } from './samples'
import { read, write } from './tree'

test('text is read as it was written, in JSON and YAML, also by way of the tree', () => {
  const next = random(11)
  const all = [...SAMPLES, ...Array.from({ length: 300 }, () => randomExpression(next))]
  for (const json of all) {
    for (const format of ['json', 'yaml'] as const) {
      const answer = readCode(writeCode(write(read(json)), format), format)
      expect(answer).toEqual({ json })
    }
  }
})

test('what YAML could take for something else stays text', () => {
  const json = { all: [{ list: 'no' }, { list: '2024-11-11' }, { list: '007' }, { list: 'a: b # c' }, { list: '' }] }
  expect(readCode(writeCode(json, 'yaml'), 'yaml')).toEqual({ json })
})

test.each([
  ['json', '{"all": ['],
  ['yaml', 'all: [\n  - x'],
  ['yaml', 'a: &x [1]\nb: *x'],
] as const)('what cannot be read in %s has a reason', (format, text) => {
  const answer = readCode(text, format)
  expect('reason' in answer && answer.reason).toBeTruthy()
})
