import { expect, test } from 'vitest'
import type { Language } from '../i18n/language'
import { looks } from '../states/look'
import type { Cell, Selection } from '../view/selection'
import { sentence, suggestedName, type Setting } from './sentence'

const STATES = [
  { name: 'old', slot: 'purchase', title: 'Old customers', title_zh: '老客' },
  { name: 'potential', slot: 'aware', title: 'Potential', title_zh: '潜客' },
]

function setting(language: Language, who: Setting['who'] = { kind: 'everyone', name: '' }): Setting {
  return {
    language,
    looks: looks(STATES, language),
    model: language === 'zh' ? '潜新老' : 'Potential, new, old',
    scope: language === 'zh' ? '店铺「旗舰店」' : 'shop Flagship',
    who,
    from: '2024-11-12',
    to: '2024-12-31',
    flowStates: ['old', 'potential', 'none', 'entered', 'left'],
  }
}

const flow = (...cells: [string, string][]): Selection => ({
  kind: 'flow',
  cells: cells.map(([from, to]): Cell => ({ from, to })),
})

function check(selection: Selection, en: string, zh: string, who?: Setting['who']) {
  expect(sentence(selection, setting('en', who))).toBe(en)
  expect(sentence(selection, setting('zh', who))).toBe(zh)
}

test('a band', () => {
  check(
    { kind: 'band', date: '2024-11-11', states: ['old'] },
    'People in Old customers as of 11 Nov 2024, by Potential, new, old over shop Flagship',
    '截至 2024-11-11 处于「老客」的人（潜新老，店铺「旗舰店」）',
  )
  check(
    { kind: 'band', date: '2024-11-11', states: ['old', 'none'] },
    'Members of the audience “A & B” in Old customers or Not reached as of 11 Nov 2024, by Potential, new, old over shop Flagship',
    '人群「A & B」中，截至 2024-11-11 处于「老客或未触达」的人（潜新老，店铺「旗舰店」）',
    { kind: 'audience', name: 'A & B' },
  )
})

test('a move, and staying', () => {
  check(
    flow(['potential', 'old']),
    'People who were Potential on 12 Nov 2024 and are Old customers on 31 Dec 2024, by Potential, new, old over shop Flagship',
    '2024-11-12 是「潜客」、2024-12-31 成为「老客」的人（潜新老，店铺「旗舰店」）',
  )
  check(
    flow(['old', 'old']),
    'People who were Old customers on 12 Nov 2024 and are so again on 31 Dec 2024, by Potential, new, old over shop Flagship',
    '2024-11-12 与 2024-12-31 都是「老客」的人（潜新老，店铺「旗舰店」）',
  )
})

test('those who came and those who went', () => {
  const who = { kind: 'audience', name: 'A' } as const
  expect(sentence(flow(['entered', 'old']), setting('en', who))).toContain('but were not in it on 12 Nov 2024')
  expect(sentence(flow(['old', 'left']), setting('zh', who))).toBe(
    '2024-11-12 在人群「A」中且是「老客」、2024-12-31 已离开的人（潜新老，店铺「旗舰店」）',
  )
})

test('rows, columns and blocks', () => {
  const row = flow(['potential', 'old'], ['potential', 'potential'], ['potential', 'none'], ['potential', 'left'])
  expect(sentence(row, setting('en'))).toMatch(/^People who were Potential on 12 Nov 2024, wherever they are/)
  const column = flow(['old', 'none'], ['potential', 'none'], ['none', 'none'], ['entered', 'none'])
  expect(sentence(column, setting('zh'))).toMatch(/^2024-12-31 是「未触达」的人，不论 2024-11-12 在哪里/)
  const two = flow(['potential', 'old'], ['none', 'old'])
  expect(sentence(two, setting('en'))).toMatch(/one of 2 moves .*: Potential → Old customers or Not reached → Old customers$/)
})

test('names to begin with', () => {
  expect(suggestedName(flow(['potential', 'old'], ['none', 'old']), setting('zh'))).toBe(
    '潜客 → 老客 +1 2024-11-12 – 2024-12-31',
  )
  expect(suggestedName({ kind: 'band', date: '2024-11-11', states: ['old'] }, setting('en'))).toBe('Old customers 2024-11-11')
})
