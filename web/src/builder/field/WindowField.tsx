// When: a moving window, a fixed one, or ever.

import { Select } from 'antd'
import type { Day } from '../../format/day'
import { addDays } from '../../format/day'
import { useSpeech } from '../../i18n'
import { DayPicker } from '../../view/DayPicker'
import { Field } from '../../view/Filters'
import type { Window } from '../tree'
import { NumberInput } from './OpField'

const KINDS = ['days', 'ever', 'skip', 'until', 'between'] as const

export function WindowField({ value, today, onChange }: { value: Window; today: Day; onChange: (window: Window) => void }) {
  const { t } = useSpeech()
  return (
    <Field label={t('field.window')}>
      <div className="window-field">
        <Select
          aria-label={t('field.window')}
          value={value.kind}
          options={KINDS.map((kind) => ({ value: kind, label: t(`field.window.${kind}`) }))}
          onChange={(kind) => onChange(another(kind, value, today))}
          popupMatchSelectWidth={false}
        />
        <Numbers value={value} onChange={onChange} />
      </div>
    </Field>
  )
}

const DAYS = 30

/** Another kind of window keeps what it can of the one before. */
function another(kind: Window['kind'], before: Window, today: Day): Window {
  const days = 'days' in before ? before.days : DAYS
  switch (kind) {
    case 'ever':
      return { kind }
    case 'days':
      return { kind, days: Math.max(1, days) }
    case 'until':
      return { kind, days }
    case 'skip':
      return { kind, days: Math.max(1, days), skip: days }
    case 'between':
      return { kind, from: addDays(today, -days + 1), to: today }
  }
}

function Numbers({ value, onChange }: { value: Window; onChange: (window: Window) => void }) {
  const { t } = useSpeech()
  if (value.kind === 'ever') return null
  if (value.kind === 'between') {
    return (
      <>
        <DayPicker label={t('field.from')} value={value.from} isDisabled={(day) => day > value.to} onChange={(from) => onChange({ ...value, from })} />
        <DayPicker label={t('field.to')} value={value.to} isDisabled={(day) => day < value.from} onChange={(to) => onChange({ ...value, to })} />
      </>
    )
  }
  return (
    <>
      <NumberInput
        label={t(value.kind === 'until' ? 'field.days_before' : 'field.days')}
        value={value.days}
        least={value.kind === 'until' ? 0 : 1}
        isWhole
        onChange={(days) => onChange({ ...value, days })}
      />
      {value.kind === 'skip' && (
        <NumberInput label={t('field.days_before')} value={value.skip} least={0} isWhole onChange={(skip) => onChange({ ...value, skip })} />
      )}
    </>
  )
}
