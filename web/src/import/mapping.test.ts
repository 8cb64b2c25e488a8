import { expect, test } from 'vitest'
import { guess, guessTime, hasHead, HEAD_BYTES, lacks, sql, type Column, type Kind } from './mapping'

const columns = (...names: string[]): Column[] => names.map((name) => ({ name, holds: 'text' }))

function check(kind: Kind, names: string[], expected: string) {
  const mapping = guess(kind, columns(...names), [])
  const fields = Object.entries(mapping.fields).map(([target, source]) => `${target}=${'text' in source ? `'${source.text}'` : 'price' in source ? `each ${source.price}` : source.column}`)
  const ids = mapping.ids.map((id) => `${id.kind}=${id.column}`)
  expect(`${[...fields, ...ids].join(' ')} | ${mapping.others.join(' ')}`).toBe(expected)
}

test('columns are guessed by what people call them', () => {
  check(
    'events',
    ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'],
    "time=InvoiceDate item=StockCode order_id=InvoiceNo quantity=Quantity amount=each UnitPrice behavior='purchase' user_id=CustomerID | Description Country",
  )
  check('events', ['订单编号', '实付金额', '付款时间', '手机号', '店铺'], "time=付款时间 shop=店铺 order_id=订单编号 amount=实付金额 behavior='purchase' phone=手机号 | ")
  check('events', ['event_name', 'timestamp', 'anonymousId', 'email', 'url'], 'time=timestamp behavior=event_name email=email anonymous_id=anonymousId | url')
  check('events', ['ts', 'user'], "time=ts behavior='view' user_id=user | ")
  check('events', ['time', 'behavior', 'id_user_id', 'id_email', 'message_id'], 'time=time behavior=behavior message_id=message_id user_id=id_user_id email=id_email | ')
  check('tags', ['customer_id', 'date', 'level', 'amount'], 'time=date user_id=customer_id | level amount')
  check('events', ['a', 'b'], "behavior='view' | a b")
})

test.each<[string, unknown[], string, boolean]>([
  ['text', ['2024-11-05 10:00'], 'as_is', false],
  ['text', ['25/12/2024', '03/04/2024'], 'day_first', false],
  ['text', ['03/04/2024', '12/25/2024 10:30'], 'month_first', false],
  ['text', ['03/04/2024', null], 'day_first', true],
  ['integer', [1_731_300_000], 'seconds', false],
  ['integer', [1_731_300_000_000], 'milliseconds', false],
  ['text', [], 'as_is', false],
])('times of %s like %j are %s', (holds, values, format, isAmbiguous) => {
  const answer = guessTime([{ name: 't', holds }], values.map((value) => [value]), 't')
  expect(answer).toEqual({ format, isAmbiguous })
})

test('a mapping is written as SQL', () => {
  const mapping = guess('events', columns('time', 'user_id', 'amount', "it's \"x\"", 'channel_2'), [])
  expect(sql(mapping)).toBe(`SELECT
    "time" AS time,
    'purchase' AS behavior,
    "amount" AS amount,
    CAST("user_id" AS VARCHAR) AS id_user_id,
    "it's ""x""" AS "it's ""x""",
    "channel_2" AS "channel_2"
FROM input
`)
})

test('lines of invoices: an amount is pieces times their price, and what came back is a refund', () => {
  const names = columns('InvoiceNo', 'Quantity', 'UnitPrice')
  const mapping = guess('events', names, [['536365', 6, 2.55], ['C536379', -1, 27.5]])
  expect(mapping.fields.behavior).toEqual({ text: 'purchase', hasRefunds: true })
  expect(sql(mapping)).toContain(`CASE WHEN CAST("Quantity" AS DECIMAL(18, 4)) < 0 THEN 'refund' ELSE 'purchase' END AS behavior`)
  expect(sql(mapping)).toContain(`CAST("Quantity" AS DECIMAL(18, 4)) * CAST("UnitPrice" AS DECIMAL(18, 4)) AS amount`)
  expect(guess('events', names, [['536365', 6, 2.55]]).fields.behavior).toEqual({ text: 'purchase' })
  const single = guess('events', columns('order_no', 'price'), [['1', 3]])
  expect(sql(single)).toContain('"price" AS amount')
})

test('a column that is not taken for what its name says goes under another name', () => {
  const mapping = guess('events', columns('time', 'user_id', 'channel'), [])
  const without = { ...mapping, fields: { ...mapping.fields, channel: undefined }, others: ['channel'] }
  expect(sql(without)).toContain('"channel" AS "channel_value"')
})

test.each([
  ['day_first', `regexp_replace(regexp_replace("t", '\\b(\\d)\\b', '0\\1', 'g'), '^(\\d{2})[/.-](\\d{2})[/.-](\\d{4})', '\\3-\\2-\\1')`],
  ['month_first', `regexp_replace(regexp_replace("t", '\\b(\\d)\\b', '0\\1', 'g'), '^(\\d{2})[/.-](\\d{2})[/.-](\\d{4})', '\\3-\\1-\\2')`],
  ['seconds', 'to_timestamp("t")'],
  ['milliseconds', 'to_timestamp_millis("t")'],
  ['as_is', '"t"'],
] as const)('times written %s', (timeFormat, expected) => {
  expect(sql({ kind: 'events', fields: { time: { column: 't' } }, ids: [], timeFormat, others: [] })).toContain(`    ${expected} AS time`)
})

test('what is lacking is said', () => {
  expect(lacks(guess('events', columns('a'), []))).toEqual(['id', 'time'])
  expect(lacks(guess('events', columns('user', 'time'), []))).toEqual([])
  expect(lacks(guess('tags', columns('user'), []))).toEqual(['tag'])
})

test('of a long text file the beginning will do', () => {
  expect(hasHead('a.csv', HEAD_BYTES + 1)).toBe(true)
  expect(hasHead('a.csv', HEAD_BYTES)).toBe(false)
  expect(hasHead('a.csv.gz', HEAD_BYTES * 9)).toBe(false)
  expect(hasHead('a.parquet', HEAD_BYTES * 9)).toBe(false)
})
