// Of whom a rule would say something, before it is saved: each value with its people, exact as of the page's date.

import { useSizes } from '../api/audiences'
import { useRfmOf } from '../api/rfm'
import { Failure } from '../app/Failure'
import { isObject, type JsonObject } from '../builder/tree'
import { everyone } from '../builder/usual'
import { Count } from '../door/Count'
import type { Door } from '../door/ExpressionPanel'
import { inSentence, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { useGroupName } from '../rfm/useGroupName'
import { GIVES, saidByRfm, saidOf, type Said } from './rule'

const ANYBODY = { kind: 'everyone' } as const

export interface Row extends Said {
  label: string
  sentence: string
}

export interface Preview {
  rows: Row[]
  /** Everybody known. */
  universe: number | undefined
  error: Error | undefined
  isStale: boolean
}

export function usePreview(rule: JsonObject, name: string, asOf: Day): Preview {
  const { t, language } = useSpeech()
  const groupName = useGroupName()
  const analysis = isObject(rule.rfm) ? rule.rfm : undefined
  const give = GIVES.find((one) => one === rule.give)
  const rfm = useRfmOf(analysis ?? {}, asOf, ANYBODY, analysis !== undefined)
  const said = analysis && give ? (rfm.data ? saidByRfm(rfm.data, give) : []) : saidOf(rule)
  const [all, ...sizes] = useSizes([everyone, ...(analysis ? [] : said.map(({ expression }) => expression))], asOf)
  const date = inSentence(asOf, language)
  const label = ({ key, value }: Said) => {
    if (give === 'segment' || give === 'class') return groupName(give, key)
    return value ?? t(key === 'most' ? 'define.most_people' : 'define.any_people')
  }
  const rows = said.map((one, i) => {
    const text = label(one)
    const sentence = one.value === undefined ? t('define.said_any', { tag: name || '…', date }) : t('tag.said', { tag: name || '…', value: text, date })
    return { ...one, people: one.people ?? sizes[i]?.data?.count, label: text, sentence }
  })
  const error = (analysis ? rfm.error : sizes.find((one) => one.error)?.error) ?? undefined
  return { rows, universe: all?.data?.count, error, isStale: analysis ? rfm.isPlaceholderData : sizes.some((one) => one.isPending) }
}

export const doorOf = ({ expression, sentence, label, people }: Row, name: string, asOf: Day): Door => ({ expression, said: sentence, name: `${name} ${label} ${asOf}`, shown: people })

/** So many are shown; the rest is counted. */
const MOST_ROWS = 24

export function RulePreview({ preview, open, onOpen }: { preview: Preview; open: string | null; onOpen: (key: string) => void }) {
  const { t, exact, percent } = useSpeech()
  const { rows, universe, error, isStale } = preview
  const shown = rows.slice(0, MOST_ROWS)
  const rest = rows.slice(MOST_ROWS)
  const whole = Math.max(1, universe ?? 1)
  return (
    <section className="card tag-preview" aria-labelledby="preview-title" aria-busy={isStale}>
      <h2 id="preview-title">{t('define.preview')}</h2>
      <p className="quiet">{t('define.preview_help')}</p>
      {error && <Failure error={error} />}
      <ul className="entrance-bars">
        {shown.map((row) => (
          <li key={row.key}>
            <span className="end-name" title={row.label}>
              {row.label || '…'}
            </span>
            <span className="bar-track" aria-hidden>
              <i style={{ width: `${((row.people ?? 0) / whole) * 100}%`, background: 'var(--weir-link)' }} />
            </span>
            {row.people === undefined ? <span className="quiet figure">…</span> : <Count value={row.people} isExact sentence={row.sentence} isOpen={open === row.key} onOpen={() => onOpen(row.key)} testId={`said-${row.key}`} />}
            <span className="quiet figure">{row.people !== undefined && universe !== undefined && percent(row.people, universe)}</span>
          </li>
        ))}
      </ul>
      {rest.length > 0 && <p className="quiet hint">{t('tag.rest', { n: rest.length, people: exact(rest.reduce((sum, { people }) => sum + (people ?? 0), 0)) })}</p>}
    </section>
  )
}
