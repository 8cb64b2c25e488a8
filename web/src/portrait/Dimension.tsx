// One cut of a portrait: the rows that differ; those that do not are folded, and counted.

import { Button } from 'antd'
import { useMemo } from 'react'
import type { PortraitCut } from '../api/types'
import { useSpeech } from '../i18n'
import { split } from './portrait'
import { RowsChart, type Common } from './RowsChart'

interface Props extends Common {
  cut: PortraitCut
  isUnfolded: boolean
  onFold: (isUnfolded: boolean) => void
  fileName: string
}

export function Dimension({ cut, isUnfolded, onFold, fileName, ...common }: Props) {
  const { t, exact } = useSpeech()
  const { notable, others } = useMemo(() => split(cut.rows), [cut])
  const rows = useMemo(() => (isUnfolded ? [...notable, ...others] : notable).map((row) => ({ cut, row })), [cut, notable, others, isUnfolded])
  const title = common.spoken.title(cut)
  const rule = common.spoken.rule(cut)
  const fold = others.length > 0 && (
    <Button type="link" size="small" className="fold" aria-expanded={isUnfolded} onClick={() => onFold(!isUnfolded)}>
      {t(isUnfolded ? 'portrait.fold' : 'portrait.unfold', { n: others.length })}
    </Button>
  )
  const left = (cut.more > 0 || cut.rest.subject > 0) && <p className="quiet hint">{t('portrait.rest', { more: cut.more, people: exact(cut.rest.subject), n: cut.rest.subject })}</p>
  if (rows.length === 0) {
    return (
      <section className="card dimension-quiet" aria-label={title}>
        <h3>{title}</h3>
        {rule && <span className="quiet">{rule}</span>}
        {fold || <span className="quiet">{t('portrait.no_rows')}</span>}
      </section>
    )
  }
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
          {left}
        </>
      }
    />
  )
}
