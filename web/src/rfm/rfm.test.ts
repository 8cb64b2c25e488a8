import { expect, test } from 'vitest'
import type { Rfm } from '../api/types'
import { cellAt, methodJson, readBlock, readFixed, readThresholds, squares, stepTo, USUAL_FIXED, writeBlock, writeFixed } from './rfm'

const CELLS = [
  { r: 5, f: 5, m: 5, people: 3, money: '30.50', expression: { a: 1 } },
  { r: 5, f: 5, m: 1, people: 2, money: '1', expression: { b: 1 } },
  { r: 1, f: 1, m: 1, people: 9, money: '0', expression: { c: 1 } },
] as unknown as Rfm['cells']

test('a square sums over money, and keeps who is in it', () => {
  expect(cellAt({ cells: CELLS }, { r: 5, f: 5 })).toEqual({ r: 5, f: 5, people: 5, money: 31.5, expressions: [{ a: 1 }, { b: 1 }] })
  expect(cellAt({ cells: CELLS }, { r: 2, f: 2 })).toMatchObject({ people: 0, expressions: [] })
})

test('a block is in the address, whichever corner came first', () => {
  const [a, b] = [{ r: 2, f: 4 }, { r: 3, f: 3 }]
  expect(readBlock(writeBlock(a, b))).toEqual([a, b])
  expect(squares(a, b)).toEqual([{ r: 3, f: 4 }, { r: 3, f: 3 }, { r: 2, f: 4 }, { r: 2, f: 3 }])
  for (const bad of [null, '', '1-2', '1.2']) expect(readBlock(bad)).toBeUndefined()
})

test.each([['30,90', [30, 90]], ['1，2 3', [1, 2, 3]], ['', undefined], ['3,2', undefined], ['2,2', undefined], ['x', undefined], ['-1', undefined]])('thresholds %s', (text, list) =>
  expect(readThresholds(text)).toEqual(list),
)

test('methods as the API takes them', () => {
  expect(methodJson('quantile', USUAL_FIXED)).toEqual({ quantile: 5 })
  expect(methodJson('mean', USUAL_FIXED)).toEqual({ mean: true })
  expect(methodJson('fixed', readFixed(writeFixed({ ...USUAL_FIXED, r: [7, 30] })))).toEqual({ fixed: { ...USUAL_FIXED, r: [7, 30] } })
  expect(readFixed('1;2')).toEqual(USUAL_FIXED)
})

test.each([['ArrowUp', { r: 5, f: 1 }, { r: 5, f: 1 }], ['ArrowDown', { r: 5, f: 1 }, { r: 4, f: 1 }], ['ArrowRight', { r: 1, f: 4 }, { r: 1, f: 5 }], ['x', { r: 1, f: 1 }, undefined]])('%s from %j', (key, from, to) =>
  expect(stepTo(key, from, { r: 5, f: 5 })).toEqual(to),
)
