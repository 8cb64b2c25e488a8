// What became of the rows of an import: the sum, and everything worth saying about it.

import { Fragment } from 'react'
import type { Import } from '../api/types'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'

export const balances = ({ read, accepted, duplicate, rejected }: Import): boolean => read === accepted + duplicate + rejected

export function reasonName(reason: string, t: Text): string {
  const key = `import_reason.${reason}`
  return isKey(key) ? t(key) : reason
}

export function ImportLedger({ of, zone }: { of: Import; zone: string }) {
  const { t, exact } = useSpeech()
  const figures = { read: exact(of.read), accepted: exact(of.accepted), duplicate: exact(of.duplicate), rejected: exact(of.rejected) }
  const isEven = balances(of)
  return (
    <div className="import-ledger" data-testid="import-ledger">
      <p className={isEven ? 'balance' : 'balance broken'}>{t(isEven ? 'imports.balanced' : 'imports.unbalanced', figures)}</p>
      <dl>
        <dt>{t('imports.new_consumers')}</dt>
        <dd>{exact(of.new_consumers)}</dd>
        <Counts title={t('imports.reasons')} counts={of.reasons} name={(reason) => reasonName(reason, t)} />
        {Object.entries(of.unmapped).map(([kind, counts]) => (
          <Counts key={kind} title={t('imports.unmapped', { kind })} counts={counts} />
        ))}
        <Counts title={t('imports.remarks')} counts={of.remarks} name={(remark) => reasonName(remark, t)} />
      </dl>
      {of.first_time && of.last_time && <p className="quiet">{t('imports.span', { first: inZone(of.first_time, zone), last: inZone(of.last_time, zone) })}</p>}
    </div>
  )
}

/** Most frequent first; nothing where there is nothing. */
export function Counts({ title, counts, name = (key) => key }: { title: string; counts: Record<string, number>; name?: (key: string) => string }) {
  const { exact } = useSpeech()
  const entries = Object.entries(counts).sort((a, b) => b[1] - a[1])
  if (entries.length === 0) return null
  return (
    <>
      <dt>{title}</dt>
      <dd>
        {entries.map(([key, n], i) => (
          <Fragment key={key}>
            {i > 0 && ' · '}
            {name(key)} <b className="figure">{exact(n)}</b>
          </Fragment>
        ))}
      </dd>
    </>
  )
}
