import { expect, test } from 'vitest'
import { balances, ledgerRows, type LedgerLike } from './ledger'

const PUSH: LedgerLike = {
  size: 100,
  suppressed: { no_identifier: 5, no_consent: 10 },
  holdout: 8,
  planned: 77,
  sent: 70,
  failed: { http_404: 2 },
  unknown: 1,
  pending: 4,
}

test('a ledger balances or does not', () => {
  expect(balances(PUSH)).toBe(true)
  expect(balances({ ...PUSH, sent: 71 })).toBe(false)
  expect(balances({ ...PUSH, holdout: 9 })).toBe(false)
})

test('rows go from the audience to what became of it', () => {
  const told = ledgerRows(PUSH).map((row) => ('reason' in row ? `${row.kind} ${row.reason} ${row.count}` : `${row.kind} ${row.count}`))
  expect(told).toEqual([
    'audience 100', 'suppressed no_consent 10', 'suppressed no_identifier 5', 'holdout 8',
    'planned 77', 'sent 70', 'failed http_404 2', 'unknown 1', 'pending 4',
  ])
  expect(ledgerRows({ ...PUSH, failed: {} }).some(({ kind, count }) => kind === 'failed_none' && count === 0)).toBe(true)
})
