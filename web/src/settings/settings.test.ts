import { expect, test } from 'vitest'
import { bytes, meanings, withMeaning } from './names'

const TABLES = {
  events: { product_viewed: 'view', order_completed: { behavior: 'purchase', lines: true }, email_opened: { behavior: 'message_opened', channel: 'crm.email' }, gone: null },
  campaigns: [{ medium: ['email'], channel: 'crm.email' }],
  fields: { item: ['item'] },
}

test('what events mean', () => {
  expect(meanings(TABLES)).toEqual([
    { event: 'product_viewed', behavior: 'view', channel: undefined, hasLines: false },
    { event: 'order_completed', behavior: 'purchase', channel: undefined, hasLines: true },
    { event: 'email_opened', behavior: 'message_opened', channel: 'crm.email', hasLines: false },
  ])
  expect(meanings({})).toEqual([])
})

test('a meaning is changed, added, and taken away; all else stays', () => {
  expect(withMeaning(TABLES, 'order_completed', 'order')).toEqual({ ...TABLES, events: { ...TABLES.events, order_completed: { behavior: 'order', lines: true } } })
  expect(withMeaning(TABLES, 'new', 'share')).toEqual({ ...TABLES, events: { ...TABLES.events, new: 'share' } })
  expect(withMeaning(TABLES, 'email_opened', null)).toEqual({ ...TABLES, events: { ...TABLES.events, email_opened: null } })
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [157286400, '150 MiB'],
  [41_872_728_064, '39.0 GiB'],
])('%d bytes are %s', (n, text) => {
  expect(bytes(n)).toBe(text)
})
