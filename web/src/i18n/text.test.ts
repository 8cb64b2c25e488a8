import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { expect, test } from 'vitest'
import { en } from './en'
import { preferred } from './language'
import { isKey, listed, textIn, type MessageKey } from './text'
import { zh } from './zh'

/** Names of the arguments that a message takes, wherever they stand in it. */
function argumentsOf(elements: MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return []
    if (element.type === TYPE.tag) return argumentsOf(element.children)
    const inner = 'options' in element ? Object.values(element.options).flatMap((o) => argumentsOf(o.value)) : []
    return [element.value, ...inner]
  })
}

const args = (message: string) => [...new Set(argumentsOf(parse(message)))].sort()

test.each(Object.keys(en) as MessageKey[])('%s says the same in both languages', (key) => {
  expect(args(zh[key])).toEqual(args(en[key]))
  expect(zh[key].trim()).not.toBe('')
})

test('messages are filled in', () => {
  expect(textIn('en')('view.days', { n: 1 })).toBe('1 day')
  expect(textIn('en')('view.days', { n: 1200 })).toBe('1,200 days')
  expect(textIn('zh')('view.days', { n: 30 })).toBe('30 天')
})

test('markup in a name stays text', () => {
  expect(textIn('en')('scope.shop', { name: '<b>{x}</b>' })).toBe('shop <b>{x}</b>')
})

test('lists read as the language has it', () => {
  expect(listed(['A', 'B', 'C'], 'disjunction', 'en')).toBe('A, B or C')
  expect(listed(['甲', '乙'], 'disjunction', 'zh')).toBe('甲或乙')
})

test('the browser chooses the first language we speak', () => {
  expect(preferred(['fr', 'zh-Hant-TW', 'en'])).toBe('zh')
  expect(preferred(['de', 'en-US'])).toBe('en')
  expect(preferred(['de'])).toBe('en')
})

test('words of the server are messages or not', () => {
  expect(isKey('reason.no_consent')).toBe(true)
  expect(isKey('reason.moon_phase')).toBe(false)
})
