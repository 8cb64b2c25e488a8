// A date field over plain strings; the picker's own objects stay in here.

import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import type { Day } from '../format/day'

interface Props {
  label: string
  value: Day
  onChange: (day: Day) => void
  /** Chosen with one click. */
  presets?: { label: string; value: Day }[]
  isDisabled?: (day: Day) => boolean
}

const FORMAT = 'YYYY-MM-DD'

export function DayPicker({ label, value, onChange, presets, isDisabled }: Props) {
  return (
    <DatePicker
      aria-label={label}
      value={dayjs(value, FORMAT)}
      format={FORMAT}
      allowClear={false}
      inputReadOnly={false}
      showNow={false}
      presets={presets?.map((preset) => ({ label: preset.label, value: dayjs(preset.value, FORMAT) }))}
      disabledDate={isDisabled && ((day) => isDisabled(day.format(FORMAT)))}
      onChange={(day) => day && onChange(day.format(FORMAT))}
    />
  )
}
