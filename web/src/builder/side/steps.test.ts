import { expect, test } from 'vitest'
import { read, write, type Group } from '../tree'
import { compared, onTwoDays, stepsOf } from './steps'

const steps = (json: Parameters<typeof read>[0]) => stepsOf(read(json) as Group)
const [A, B, C] = [{ list: 'a' }, { list: 'b' }, { list: 'c' }]

test('a group part by part; the last step is the whole', () => {
  expect(steps({ all: [A, B] })).toEqual([{ all: [A] }, { all: [A, B] }])
  expect(steps({ minus: [A, B, C] })).toEqual([{ all: [A] }, { minus: [A, B] }, { minus: [A, B, C] }])
  for (const op of ['all', 'any', 'minus', 'xor']) {
    const whole = read({ [op]: [A, B] }) as Group
    expect(stepsOf(whole).at(-1)).toEqual(write(whole))
  }
})

test('three sets that share nobody', () => {
  expect(compared(A as never, B as never)).toEqual({
    only_here: { minus: [A, B] },
    both: { all: [A, B] },
    only_there: { minus: [B, A] },
  })
})

test('two days are seen from the later one', () => {
  const at = (date: string) => ({ at: { date }, of: A })
  expect(onTwoDays(A as never, '2024-11-11', '2024-06-18')).toEqual({ asOf: '2024-11-11', here: A, there: at('2024-06-18') })
  expect(onTwoDays(A as never, '2024-06-18', '2024-11-11')).toEqual({ asOf: '2024-11-11', here: at('2024-06-18'), there: A })
  expect(onTwoDays(A as never, '2024-06-18', '2024-06-18')).toEqual({ asOf: '2024-06-18', here: A, there: A })
})
