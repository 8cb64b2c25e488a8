// The date that every figure of the page is as of.

import type { Workspace } from '../api/types'
import { useSpeech } from '../i18n'
import { DayPicker } from '../view/DayPicker'
import { lastDayOf, useView } from '../view/useView'

export function AsOf({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const { view, change } = useView(workspace)
  const last = lastDayOf(workspace)
  const year = last.slice(0, 4)
  // Days that merchants ask for by name, of the last year with data, if they have come.
  const named = [
    { label: '618', value: `${year}-06-18` },
    { label: '双11', value: `${year}-11-11` },
  ]
  const presets = [{ label: t('view.latest'), value: last }, ...named.filter(({ value }) => value <= last)]
  return (
    <div className="field-inline">
      <span className="quiet">{t('view.as_of')}</span>
      <DayPicker
        label={t('view.as_of')}
        value={view.asOf}
        presets={presets}
        onChange={(day) => change({ as_of: day, from: null, to: null })}
      />
    </div>
  )
}
