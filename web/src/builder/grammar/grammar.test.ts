import { expect, test } from 'vitest'
import type { Language } from '../../i18n/language'
import { lines } from '../edit'
import { random, randomExpression, SAMPLES, STRANGE } from '../samples'
import { read, type Json } from '../tree'
import type { Names } from './names'
import { say, sayNode, textOf } from './say'

const WORDS: Record<string, [string, string]> = {
  'ads.onsite.feed_ads': ['Feed ads', '超级推荐'],
  flagship: ['Flagship', '旗舰店'],
  potential: ['Potential', '潜客'],
  new: ['New', '新客'],
  staff: ['staff', '员工'],
  pno: ['Potential, new, old', '潜新老'],
}

function names(language: Language): Names {
  const word = (id: string) => WORDS[id]?.[language === 'zh' ? 1 : 0] ?? id
  const behaviors: Record<string, string> = { view: '浏览', purchase: '购买', click: '点击', search: '搜索' }
  return {
    behavior: (name) => (language === 'zh' ? (behaviors[name] ?? name) : name),
    channel: word,
    shop: word,
    brand: word,
    category: word,
    campaign: word,
    item: word,
    tag: word,
    model: word,
    state: (_, state) => word(state),
    snapshot: word,
    currency: 'CNY',
  }
}

const said = (json: Json, language: Language) => textOf(say(read(json), '2024-11-11', language, names(language)))

function check(json: Json, en: string, zh: string) {
  expect(said(json, 'en')).toBe(en)
  expect(said(json, 'zh')).toBe(zh)
}

const SHOWN = { did: { behavior: ['impression'], channel: ['ads.onsite.feed_ads'], within: { days: 30 }, count: { gte: 2 } } }
const NOT_BOUGHT = { not: { did: { behavior: ['purchase'], shop: ['flagship'], within: { days: 365 } } } }

test('shown, not bought, minus a list', () => {
  check(
    { minus: [{ all: [SHOWN, NOT_BOUGHT] }, { list: 'staff' }] },
    'People who were shown Feed ads at least 2 times in the last 30 days and did not buy at Flagship in the last 365 days, minus list “staff”, as of 11 Nov 2024.',
    '近30天被「超级推荐」曝光至少2次、且近365天在「旗舰店」未购买的人，减去名单「staff」，截至2024-11-11。',
  )
})

test('groups in groups have brackets', () => {
  check(
    { all: [{ any: [SHOWN, { list: 'a' }] }, { not: { all: [{ list: 'b' }, { audience: 'c' }] } }] },
    'People who (were shown Feed ads at least 2 times in the last 30 days or are on list “a”) and not (are on list “b” and are in audience “c”), as of 11 Nov 2024.',
    '（近30天被「超级推荐」曝光至少2次或在名单「a」中）、且并非（在名单「b」中、且在人群「c」中）的人，截至2024-11-11。',
  )
})

test('states, tags, and never', () => {
  check(
    { all: [{ state: { model: 'pno', scope: { shop: 'flagship' }, in: ['potential', 'new'] } }, { tag: { level: { in: ['gold', 'silver'] } } }] },
    'People who are in Potential or New (Potential, new, old, shop Flagship) and have tag level of “gold” or “silver”, as of 11 Nov 2024.',
    '处于「潜客」或「新客」（潜新老，店铺「旗舰店」）、且标签「level」为「gold」或「silver」的人，截至2024-11-11。',
  )
  check(
    { not: { did: { behavior: ['purchase'] } } },
    'People who did not buy at any time, as of 11 Nov 2024.',
    '从未购买的人，截至2024-11-11。',
  )
})

test('one day is no range', () => {
  check(
    { did: { behavior: ['purchase'], within: { from: '2024-06-18', to: '2024-06-18' } } },
    'People who bought on 18 Jun 2024, as of 11 Nov 2024.',
    '2024-06-18购买的人，截至2024-11-11。',
  )
})

test('earlier, sampled, the most, one after the other', () => {
  check(
    { at: { days_ago: 90 }, of: { list: 'a' } },
    'People who would have been counted 90 days before among those who (are on list “a”), as of 11 Nov 2024.',
    '按90天前计算满足（在名单「a」中）的人，截至2024-11-11。',
  )
  expect(said({ sample: { of: { everyone: true }, percent: 10, salt: 'x' } }, 'en')).toContain('a stable 10 % of those who (are known)')
  expect(said({ top: { of: { list: 'a' }, by: { amount: { behavior: ['purchase'] } }, n: 100 } }, 'zh')).toBe(
    '属于（在名单「a」中）的人中，按购买的金额居前100的人，截至2024-11-11。',
  )
  expect(said({ sequence: { steps: [{ behavior: ['view'] }, { behavior: ['purchase'] }], within: { days: 7 } } }, 'en')).toBe(
    'People who did one after the other: viewed, then bought within 7 days, as of 11 Nov 2024.',
  )
  expect(said({ xor: [{ list: 'a' }, { list: 'b' }] }, 'en')).toContain('are on list “a” or are on list “b”, but not both')
})

test('what is taken away, at the top and within', () => {
  check(
    { minus: [{ list: 'a' }, { any: [{ list: 'b' }, { list: 'c' }] }] },
    'People who are on list “a”, minus those who are on list “b” or are on list “c”, as of 11 Nov 2024.',
    '在名单「a」中的人，减去在名单「b」中或在名单「c」中的人，截至2024-11-11。',
  )
  check(
    { any: [{ minus: [{ list: 'a' }, { list: 'b' }] }, { list: 'c' }] },
    'People who (are on list “a” and are not on list “b”) or are on list “c”, as of 11 Nov 2024.',
    '（在名单「a」中、且不在名单「b」中）或在名单「c」中的人，截至2024-11-11。',
  )
})

test('everyone and nobody', () => {
  check({ all: [] }, 'People who are known, as of 11 Nov 2024.', '已知的人，截至2024-11-11。')
  check({ not: { all: [] } }, 'People who do not exist, as of 11 Nov 2024.', '不存在的人，截至2024-11-11。')
})

test('whatever there is can be said, in both languages, and every leaf has its phrase', () => {
  const next = random(3)
  const all = [...SAMPLES, ...STRANGE, ...Array.from({ length: 300 }, () => randomExpression(next))]
  for (const json of all) {
    for (const language of ['en', 'zh'] as const) {
      const root = read(json)
      const phrases = say(root, '2024-11-11', language, names(language))
      const spoken = new Set(phrases.map(({ node }) => node))
      expect(textOf(phrases)).not.toMatch(/undefined|NaN|\[object| {2}/)
      for (const { node } of lines(root)) {
        if (node.kind === 'leaf' || node.kind === 'card') expect(spoken).toContain(node.id)
      }
    }
  }
})

test('a node by itself', () => {
  expect(sayNode(read(SHOWN), 'en', names('en'))).toBe('were shown Feed ads at least 2 times in the last 30 days')
})
