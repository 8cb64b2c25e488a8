// One comparison: an operator and its constant.

import { InputNumber, Select, Space } from 'antd'
import type { Day } from '../../format/day'
import { useSpeech } from '../../i18n'
import { DayPicker } from '../../view/DayPicker'
import { adapted, fitting, isOpName, shapeOf, typed, type OpName, type ValueKind } from '../ops'
import type { Json } from '../tree'

export interface OpFieldProps {
  /** What is compared, for those who hear the fields. */
  what: string
  op: string
  value: Json
  kind: ValueKind
  isTag?: boolean
  /** Operators that the same thing has already. */
  taken?: readonly string[]
  today: Day
  /** Texts to choose from; others can be typed. */
  known?: Known
  onChange: (op: string, value: Json) => void
}

export interface Known {
  options: { value: string; label: string }[]
  /** What to say of those that are not among them. */
  more?: string
}

export function OpField({ what, op, value, kind, isTag = false, taken = [], today, known, onChange }: OpFieldProps) {
  const { t } = useSpeech()
  const names = fitting(kind, isTag).filter((name) => name === op || !taken.includes(name))
  const all = isOpName(op) && !names.includes(op) ? [op, ...names] : names
  return (
    <Space.Compact className="op-field">
      <Select
        aria-label={`${what}: ${t('field.op')}`}
        value={op}
        options={all.map((name) => ({ value: name, label: t(`op.${name}`) }))}
        onChange={(name: string) => isOpName(name) && onChange(name, adapted(value, name, kind, today))}
        popupMatchSelectWidth={false}
      />
      {isOpName(op) && <Constant what={what} op={op} value={value} kind={kind} known={known} onChange={(next) => onChange(op, next)} />}
    </Space.Compact>
  )
}

interface ConstantProps {
  what: string
  op: OpName
  value: Json
  kind: ValueKind
  known?: Known
  onChange: (value: Json) => void
}

function Constant({ what, op, value, kind, known, onChange }: ConstantProps) {
  const { t } = useSpeech()
  const label = `${what}: ${t('field.value')}`
  const list = Array.isArray(value) ? value : [value]
  switch (shapeOf(op)) {
    case 'flag':
      return (
        <Select
          aria-label={label}
          value={value === true}
          options={[true, false].map((flag) => ({ value: flag, label: t(flag ? 'op.yes' : 'op.no') }))}
          onChange={onChange}
        />
      )
    case 'days':
      return <NumberInput label={label} value={value} least={1} isWhole onChange={onChange} />
    case 'many':
      return <Many label={label} values={list} kind={kind} known={known} onChange={onChange} />
    case 'one':
      return <One label={label} value={value} kind={kind} known={known} onChange={onChange} />
    case 'two':
      return (
        <>
          <One label={`${what}: ${t('field.low')}`} value={list[0] ?? null} kind={kind} onChange={(low) => onChange([low, list[1] ?? low])} />
          <One label={`${what}: ${t('field.high')}`} value={list[1] ?? null} kind={kind} onChange={(high) => onChange([list[0] ?? high, high])} />
        </>
      )
  }
}

export function NumberInput({ label, value, least, isWhole, onChange }: { label: string; value: Json; least?: number; isWhole?: boolean; onChange: (value: number) => void }) {
  return (
    <InputNumber
      aria-label={label}
      value={typeof value === 'number' ? value : null}
      min={least}
      precision={isWhole ? 0 : undefined}
      // An emptied field is on its way to another number; until then the old one holds.
      onChange={(next) => typeof next === 'number' && onChange(next)}
      changeOnWheel={false}
    />
  )
}

function One({ label, value, kind, known, onChange }: { label: string; value: Json; kind: ValueKind; known?: Known; onChange: (value: Json) => void }) {
  if (kind === 'number') return <NumberInput label={label} value={value} onChange={onChange} />
  if (kind === 'date') return <DayPicker label={label} value={String(value)} onChange={onChange} />
  return <Many label={label} values={[value]} kind={kind} known={known} isSingle onChange={(list) => onChange(list.at(-1) ?? value)} />
}

interface ManyProps {
  label: string
  values: readonly Json[]
  kind: ValueKind
  known?: Known
  isSingle?: boolean
  onChange: (values: Json[]) => void
}

function Many({ label, values, kind, known, isSingle, onChange }: ManyProps) {
  const more = known?.more
  return (
    <Select
      aria-label={label}
      mode="tags"
      className="op-values"
      value={values.map(String)}
      maxCount={isSingle ? 2 : undefined}
      onChange={(list: string[]) => {
        const next = list.map((text) => typed(text, kind)).filter((one) => one !== undefined)
        // An empty list can never hold, so the last value stays.
        if (next.length > 0) onChange(isSingle ? next.slice(-1) : next)
      }}
      options={known?.options}
      optionRender={({ label, value }) => label ?? value}
      popupMatchSelectWidth={false}
      popupRender={(menu) => (
        <>
          {menu}
          {more && <p className="quiet more-values">{more}</p>}
        </>
      )}
      // Without values to offer there is nothing to open.
      {...(known ? {} : { open: false, suffixIcon: null })}
    />
  )
}
