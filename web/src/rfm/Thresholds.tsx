// Thresholds of one's own for each score.

import { Input } from 'antd'
import { useState } from 'react'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { readThresholds, type Fixed } from './rfm'

export function Thresholds({ fixed, onChange }: { fixed: Fixed; onChange: (fixed: Fixed) => void }) {
  const { t } = useSpeech()
  const [wrong, setWrong] = useState<string>()
  return (
    <>
      {(['r', 'f', 'm'] as const).map((key) => (
        <Field key={key} label={t(`rfm.fixed.${key}`)}>
          <Input
            aria-label={t(`rfm.fixed.${key}`)}
            defaultValue={fixed[key].join(', ')}
            status={wrong === key ? 'error' : undefined}
            title={wrong === key ? t('rfm.fixed_bad') : undefined}
            onBlur={({ target }) => {
              const list = readThresholds(target.value)
              setWrong(list ? undefined : key)
              if (list && list.join() !== fixed[key].join()) onChange({ ...fixed, [key]: list })
            }}
            onPressEnter={({ currentTarget }) => currentTarget.blur()}
          />
        </Field>
      ))}
    </>
  )
}
