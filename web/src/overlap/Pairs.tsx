// Each two sets: how many are in both, as people, as a part of the row's set, or of those in either.

import { FileTextOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import type { CSSProperties } from 'react'
import { csv } from '../chart/csv'
import { downloadText } from '../chart/download'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import type { Common } from './Combinations'
import { writeOpen, type Open } from './overlap'

export const UNITS = ['row', 'people', 'jaccard'] as const
export type Unit = (typeof UNITS)[number]

const DARKEST = 45

export function Pairs({ answer, titles, open, onOpen, said, isStale, fileName, unit, onUnit }: Common & { unit: Unit; onUnit: (unit: Unit) => void }) {
  const { t } = useSpeech()
  const save = () => downloadText(`${fileName}-pairs.csv`, csv([['', ...titles], ...answer.matrix.map((row, a) => [titles[a] ?? '', ...row])]), 'text/csv')
  return (
    <section className={isStale ? 'card stale' : 'card'} aria-labelledby="pairs-title">
      <div className="card-head">
        <h2 id="pairs-title">{t('overlap.pairs')}</h2>
        <div className="card-controls">
          <Segmented aria-label={t('overlap.unit')} value={unit} options={UNITS.map((value) => ({ value, label: t(`overlap.unit.${value}`) }))} onChange={onUnit} />
          <Button aria-label={t('overlap.pairs_csv')} title={t('overlap.pairs_csv')} icon={<FileTextOutlined aria-hidden />} onClick={save} />
        </div>
      </div>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('overlap.pairs')}>
        <table className="grid pairs">
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">{t('overlap.set')}</span>
              </th>
              {titles.map((title, b) => (
                <th key={b} scope="col" title={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.matrix.map((row, a) => (
              <tr key={a}>
                <th scope="row" className="set-name" title={titles[a]}>
                  {titles[a]}
                </th>
                {row.map((both, b) => (
                  <Pair key={b} {...{ answer, unit, a, b, both, open, onOpen, said }} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet hint">{t(`overlap.unit_help.${unit}`)}</p>
    </section>
  )
}

interface PairProps extends Pick<Common, 'answer' | 'open' | 'onOpen' | 'said'> {
  unit: Unit
  a: number
  b: number
  both: number
}

function Pair({ answer, unit, a, b, both, open, onOpen, said }: PairProps) {
  const { percent } = useSpeech()
  const size = answer.sets[a]?.size ?? 0
  const jaccard = answer.jaccard[a]?.[b]
  const door: Open = a === b ? { kind: 'set', place: a } : { kind: 'pair', places: [a, b] }
  const shares = { row: size > 0 ? both / size : 0, people: both / Math.max(1, ...answer.sets.map((set) => set.size)), jaccard: jaccard ?? 0 }
  const told = { row: percent(both, size), people: undefined, jaccard: jaccard === null || jaccard === undefined ? '–' : jaccard.toFixed(3) }[unit]
  return (
    <td className={a === b ? 'own' : 'warm'} style={{ '--share': `${Math.round(shares[unit] * DARKEST)}%` } as CSSProperties}>
      {told !== undefined && <span className="told">{told}</span>}
      <Count className={told === undefined ? undefined : 'pair-people'} value={both} isExact sentence={said(door)} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} testId={`pair-${a}-${b}`} />
    </td>
  )
}
