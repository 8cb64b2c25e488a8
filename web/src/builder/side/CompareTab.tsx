// This audience beside another one, or beside itself on another date: who is only here, in both, only there.

import { Segmented, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useEstimate } from '../../api/audiences'
import { useAudiences } from '../../api/queries'
import { Failure } from '../../app/Failure'
import { useBase } from '../../app/useBase'
import { Count } from '../../door/Count'
import { PeopleActions } from '../../door/PeoplePanel'
import { addDays, inSentence, type Day } from '../../format/day'
import { useSpeech } from '../../i18n'
import { DayPicker } from '../../view/DayPicker'
import { write, type Json } from '../tree'
import type { SideProps } from './Side'
import { compared, onTwoDays } from './steps'

const PARTS = ['only_here', 'both', 'only_there'] as const
type Part = (typeof PARTS)[number]

export function CompareTab({ builder, asOf, name }: SideProps) {
  const { t, language } = useSpeech()
  const [kind, setKind] = useState<'audience' | 'date'>('date')
  const [other, setOther] = useState<string>()
  const [date, setDate] = useState<Day>(addDays(asOf, -30))
  const audiences = useAudiences().data ?? []
  const here = write(builder.root)
  const isReady = kind === 'date' || other !== undefined
  const sides = kind === 'date' ? onTwoDays(here, asOf, date) : { asOf, here, there: { audience: other ?? '' } satisfies Json }
  const day = (which: Day) => inSentence(which, language)
  const said = {
    here: t('compare.here_is', { date: day(asOf) }),
    there: kind === 'date' ? t('compare.there_date', { date: day(date) }) : t('compare.there_audience', { name: other ?? '', date: day(asOf) }),
  }
  return (
    <>
      <p className="quiet">{t('compare.with')}</p>
      <Segmented
        aria-label={t('compare.with')}
        value={kind}
        options={(['date', 'audience'] as const).map((value) => ({ value, label: t(`compare.${value}`) }))}
        onChange={setKind}
      />
      <div className="compare-other">
        {kind === 'date' ? (
          <DayPicker label={t('compare.date')} value={date} onChange={setDate} />
        ) : (
          <Select
            aria-label={t('compare.choose')}
            placeholder={t('compare.choose')}
            showSearch
            value={other}
            options={audiences.filter((one) => one.name !== name).map((one) => ({ value: one.name, label: one.name }))}
            onChange={setOther}
          />
        )}
      </div>
      {isReady && <Parts key={`${kind} ${other} ${date}`} asOf={sides.asOf} parts={compared(sides.here, sides.there)} said={said} name={name} />}
    </>
  )
}

function Parts({ asOf, parts, said, name }: { asOf: Day; parts: Record<Part, Json>; said: { here: string; there: string }; name: string }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const [open, setOpen] = useState<Part>()
  const answer = useEstimate({ any: PARTS.map((part) => parts[part]) }, asOf)
  const countOf = (part: Part) => answer.data?.nodes?.find(({ at }) => at === `/any/${PARTS.indexOf(part)}`)?.count
  const sentence = (part: Part) => t('compare.sentence', { which: t(`compare.${part}`), ...said })
  const count = open && countOf(open)
  return (
    <>
      {answer.error && <Failure error={answer.error} onRetry={() => void answer.refetch()} />}
      <ul className="compared">
        {PARTS.map((part) => {
          const count = countOf(part)
          return (
            <li key={part}>
              <span className="quiet">{t(`compare.${part}`)}</span>
              {count === undefined ? (
                <span className="big">…</span>
              ) : (
                <Count
                  value={count}
                  isExact
                  className="big"
                  sentence={sentence(part)}
                  isOpen={open === part}
                  onOpen={() => setOpen(open === part ? undefined : part)}
                  testId={`compare-${part}`}
                />
              )}
            </li>
          )
        })}
      </ul>
      <p className="quiet">{said.here}</p>
      <p className="quiet">{said.there}</p>
      {open && count !== undefined && (
        <PeopleActions
          key={open}
          people={{ expression: parts[open] as Record<string, never>, as_of: asOf, count }}
          description={sentence(open)}
          name={`${name} · ${t(`compare.${open}`)}`.replace(/^ · /, '')}
          onFollow={(who) => void navigate(`${base}/states?who=${encodeURIComponent(who)}&as_of=${asOf}`)}
        />
      )}
    </>
  )
}
