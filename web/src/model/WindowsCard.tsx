// How far the rules look back: one number for all rules that share it.

import { InputNumber } from 'antd'
import type { State } from '../api/types'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { lookOf, type Looks } from '../states/look'
import { Field } from '../view/Filters'
import { windowsOf } from './rules'

interface Props {
  states: readonly State[]
  looks: Looks
  onChange: (from: number, to: number) => void
}

export function WindowsCard({ states, looks, onChange }: Props) {
  const { t, language } = useSpeech()
  const windows = windowsOf(states)
  if (windows.length === 0) return null
  return (
    <section className="card" aria-labelledby="windows-title">
      <h2 id="windows-title">{t('model_edit.windows')}</h2>
      <p className="quiet">{t('model_edit.windows_help')}</p>
      <div className="filters whatif-fields">
        {windows.map(({ days, states }) => {
          const label = t('model_edit.window', { days, states: listed(states.map((state) => lookOf(looks, state).title), 'conjunction', language) })
          return (
            <Field key={states.join()} label={label}>
              <Days label={label} days={days} onChange={(to) => onChange(days, to)} />
            </Field>
          )
        })}
      </div>
    </section>
  )
}

/** Changed when one leaves the field or presses Enter: on the way to 90 is 9, which another rule may have already. */
function Days({ label, days, onChange }: { label: string; days: number; onChange: (days: number) => void }) {
  const take = (text: string) => {
    const to = Number(text)
    if (Number.isInteger(to) && to >= 1 && to <= 10_000 && to !== days) onChange(to)
  }
  return (
    <InputNumber
      key={days}
      aria-label={label}
      min={1}
      max={10_000}
      precision={0}
      changeOnWheel={false}
      defaultValue={days}
      onStep={(value) => take(String(value))}
      onBlur={({ target }) => take(target.value)}
      onPressEnter={({ currentTarget }) => take(currentTarget.value)}
    />
  )
}
