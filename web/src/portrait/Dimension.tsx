// One cut of a portrait: the rows that differ; those that do not are folded, and counted.

import { Button } from 'antd'
import { useMemo } from 'react'
import type { PortraitCut } from '../api/types'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { split, writeOpen, type Open } from './portrait'
import { RowsChart, type Common } from './RowsChart'

interface Props extends Common {
  cut: PortraitCut
  isUnfolded: boolean
  onFold: (isUnfolded: boolean) => void
  fileName: string
}

export function Dimension({ cut, isUnfolded, onFold, fileName, ...common }: Props) {
  const { t } = useSpeech()
  const { notable, others } = useMemo(() => split(cut.rows), [cut])
  const rows = useMemo(() => (isUnfolded ? [...notable, ...others] : notable).map((row) => ({ cut, row })), [cut, notable, others, isUnfolded])
  const title = common.spoken.title(cut)
  const rule = common.spoken.rule(cut)
  const fold = others.length > 0 && (
    <Button type="link" size="small" className="fold" aria-expanded={isUnfolded} onClick={() => onFold(!isUnfolded)}>
      {t(isUnfolded ? 'portrait.fold' : 'portrait.unfold', { n: others.length })}
    </Button>
  )
  return (
    <RowsChart
      {...common}
      title={title}
      level={3}
      rows={rows}
      fileName={`${fileName}-${cut.name}`}
      all={cut.rows.map((row) => ({ cut, row }))}
      controls={rule && <span className="quiet">{rule}</span>}
      below={
        <>
          {fold}
          <Left {...common} cut={cut} />
        </>
      }
    />
  )
}

/** What the rows leave out: values beyond the limit, and who is in none of them. */
function Left({ cut, saidRest, open, onOpen }: Common & { cut: PortraitCut }) {
  const { t } = useSpeech()
  const people = cut.rest.subject
  if (cut.more === 0 && people === 0) return null
  const door: Open = { kind: 'rest', cut: cut.name }
  return (
    <p className="quiet hint">
      {cut.more > 0 && t('portrait.more', { n: cut.more })} {people > 0 && t('portrait.rest')}{' '}
      {people > 0 && <Count value={people} isExact sentence={saidRest(cut)} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} testId={`rest ${cut.name}`} />}
    </p>
  )
}

/** Cuts without a row that differs, in a list; each can be shown all the same. */
export function QuietCuts({ cuts, spoken, onUnfold }: { cuts: PortraitCut[]; spoken: Common['spoken']; onUnfold: (cut: PortraitCut) => void }) {
  const { t } = useSpeech()
  return (
    <section className="card" aria-labelledby="quiet-cuts">
      <h3 id="quiet-cuts">{t('portrait.quiet')}</h3>
      <ul className="quiet-cuts">
        {cuts.map((cut) => (
          <li key={cut.name}>
            <span>{spoken.title(cut)}</span> <span className="quiet">{spoken.rule(cut)}</span>
            {cut.rows.length === 0 && <span className="quiet">{t('portrait.no_rows')}</span>}
            {cut.rows.length > 0 && (
              <Button type="link" size="small" aria-label={`${spoken.title(cut)}: ${t('portrait.unfold', { n: cut.rows.length })}`} onClick={() => onUnfold(cut)}>
                {t('portrait.unfold', { n: cut.rows.length })}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
