// What became of everybody: each row counted, and the sums that must agree.

import { Progress } from 'antd'
import type { Push } from '../api/types'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'
import { balances, failedOf, ledgerRows, type LedgerRow } from './ledger'

const SIGNS: Partial<Record<LedgerRow['kind'], string>> = { suppressed: '−', holdout: '−', planned: '=' }

/** Reasons are the server's words; those without a message are shown as they are. */
export function reasonText(reason: string, t: Text): string {
  const key = `reason.${reason}`
  return isKey(key) ? t(key) : reason
}

export function Ledger({ push }: { push: Push }) {
  const { t, exact } = useSpeech()
  const settled = push.planned - push.pending
  return (
    <div className="ledger" data-testid="ledger" data-state={push.state}>
      {push.state === 'sending' && (
        <Progress percent={push.planned === 0 ? 100 : Math.floor((settled / push.planned) * 100)} aria-label={t('push.state.sending')} />
      )}
      <table>
        <caption className="unseen">{t('ledger.title')}</caption>
        <tbody aria-live="polite">
          {ledgerRows(push).map((row) => (
            <Row key={row.kind + ('reason' in row ? row.reason : '')} row={row} />
          ))}
        </tbody>
      </table>
      <Equation push={push} exact={exact} />
    </div>
  )
}

function Row({ row }: { row: LedgerRow }) {
  const { t, exact } = useSpeech()
  const isTotal = row.kind === 'audience' || row.kind === 'planned'
  const name = 'reason' in row ? t(`ledger.${row.kind}`, { reason: reasonText(row.reason, t) }) : t(`ledger.${row.kind}`)
  return (
    <tr className={isTotal ? 'total' : `part ${row.count > 0 && (row.kind === 'failed' || row.kind === 'unknown') ? row.kind : ''}`}>
      <th scope="row">
        <span className="sign" aria-hidden>
          {SIGNS[row.kind] ?? ''}
        </span>
        {name}
      </th>
      <td data-testid={`ledger-${row.kind}`} data-count={row.count}>
        {exact(row.count)}
      </td>
    </tr>
  )
}

export function Equation({ push, exact }: { push: Push; exact: (value: number) => string }) {
  const { t } = useSpeech()
  const key = balances(push) ? 'ledger.balanced' : 'ledger.unbalanced'
  const figures = {
    planned: exact(push.planned),
    sent: exact(push.sent),
    failed: exact(failedOf(push)),
    unknown: exact(push.unknown),
    pending: exact(push.pending),
  }
  return <p className={balances(push) ? 'balance' : 'balance broken'}>{t(key, figures)}</p>
}
