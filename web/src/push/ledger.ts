// The ledger of a push, as rows that add up.
//
// size    = suppressed (by reason) + holdout + planned
// planned = sent + failed (by reason) + unknown + pending

import { sum } from '../flow/matrix'

export interface LedgerLike {
  size: number
  planned: number
  sent: number
  pending: number
  suppressed: Record<string, number>
  failed: Record<string, number>
  unknown: number
  holdout: number
}

export type LedgerRow =
  | { kind: 'audience' | 'holdout' | 'planned' | 'sent' | 'unknown' | 'pending' | 'failed_none'; count: number }
  | { kind: 'suppressed' | 'failed'; reason: string; count: number }

export const failedOf = (push: LedgerLike): number => sum(Object.values(push.failed))
export const suppressedOf = (push: LedgerLike): number => sum(Object.values(push.suppressed))

export function balances(push: LedgerLike): boolean {
  const isSplit = push.size === push.planned + suppressedOf(push) + push.holdout
  return isSplit && push.planned === push.sent + failedOf(push) + push.unknown + push.pending
}

/** From the audience down to what was planned, then what became of that. Reasons largest first. */
export function ledgerRows(push: LedgerLike): LedgerRow[] {
  const reasons = (kind: 'suppressed' | 'failed', by: Record<string, number>): LedgerRow[] =>
    Object.entries(by)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => ({ kind, reason, count }))
  const failed = reasons('failed', push.failed)
  return [
    { kind: 'audience', count: push.size },
    ...reasons('suppressed', push.suppressed),
    { kind: 'holdout', count: push.holdout },
    { kind: 'planned', count: push.planned },
    { kind: 'sent', count: push.sent },
    ...(failed.length > 0 ? failed : [{ kind: 'failed_none' as const, count: 0 }]),
    { kind: 'unknown', count: push.unknown },
    { kind: 'pending', count: push.pending },
  ]
}
