// The field of a parameter, by what it takes; what the server says of it stands below.

import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { useChannels } from '../api/audiences'
import { useDestinations, useModels } from '../api/queries'
import type { PlaybookParameter } from '../api/types'
import { ChannelField } from '../builder/field/Names'
import { NumberInput } from '../builder/field/OpField'
import { texts, type Json, type JsonObject } from '../builder/tree'
import { channelName } from '../builder/useNames'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { looks, lookOf } from '../states/look'
import { STEPS } from '../track/track'
import { DayPicker } from '../view/DayPicker'
import { Field, ModelSelect, ScopeSelect } from '../view/Filters'
import { moved } from '../view/moved'
import { scopeJson, scopeOf } from '../view/view'
import { titleOf } from './told'

interface Props {
  parameter: PlaybookParameter
  value: Json
  /** Whether the order of a list of channels means something. */
  isOrdered: boolean
  /** The state model chosen, for names of states. */
  model: string
  asOf: Day
  onChange: (value: Json) => void
}

export function ParameterField(props: Props) {
  const { parameter, value, onChange } = props
  const label = titleOf(parameter, useSpeech().language)
  const { name, type } = parameter
  // Models and scopes have fields with names of their own.
  if (name === 'model') return <ModelSelect value={String(value)} onChange={onChange} />
  if (type === 'scope') return <ScopeSelect value={scopeOf(value as JsonObject)} onChange={(scope) => onChange(scopeJson(scope) as Json)} />
  if (type === 'channels' && props.isOrdered) return <Chain label={label} value={texts(value)} onChange={onChange} />
  if (type === 'channels') return <ChannelField label={label} value={texts(value)} onChange={onChange} />
  return (
    <Field label={label}>
      <Plain {...props} label={label} />
    </Field>
  )
}

function Plain({ parameter, value, model, asOf, label, onChange }: Props & { label: string }) {
  const { name, type } = parameter
  if (type === 'days') return <NumberInput label={label} value={value} least={1} isWhole onChange={onChange} />
  if (type === 'date') return <DayPicker label={label} value={String(value)} isDisabled={(day) => day > asOf} onChange={onChange} />
  if (type === 'texts') return <StatesSelect label={label} model={model} value={texts(value)} onChange={onChange} />
  if (type === 'percent') return <InputNumber aria-label={label} value={Number(value)} min={0} max={90} suffix="%" changeOnWheel={false} onChange={(next) => typeof next === 'number' && onChange(next)} />
  if (name === 'step') return <StepSelect label={label} value={String(value)} onChange={onChange} />
  if (name === 'destination') return <DestinationSelect label={label} value={value} onChange={onChange} />
  return <Input aria-label={label} value={String(value ?? '')} maxLength={100} spellCheck={false} onChange={({ target }) => onChange(target.value)} />
}

interface Choice<T> {
  label: string
  value: T
  onChange: (value: Json) => void
}

function StatesSelect({ label, model, value, onChange }: Choice<string[]> & { model: string }) {
  const { language } = useSpeech()
  const states = useModels().data?.find(({ name }) => name === model)?.states ?? []
  const titles = looks(states, language)
  const options = [...states.map(({ name }) => name), 'none'].map((name) => ({ value: name, label: lookOf(titles, name).title }))
  return <Select aria-label={label} mode="multiple" value={value} options={options} onChange={onChange} popupMatchSelectWidth={false} />
}

function StepSelect({ label, value, onChange }: Choice<string>) {
  const { t } = useSpeech()
  return <Select aria-label={label} value={value} options={STEPS.map((step) => ({ value: step, label: t(`tracks.step.${step}`) }))} onChange={onChange} />
}

function DestinationSelect({ label, value, onChange }: Choice<Json>) {
  const { t } = useSpeech()
  const options = (useDestinations().data ?? []).map(({ name }) => ({ value: name, label: name }))
  return <Select aria-label={label} allowClear value={typeof value === 'string' ? value : null} placeholder={t('play.no_destination')} options={options} onChange={(next?: string | null) => onChange(next ?? null)} />
}

/** Channels one after the other: the order is what the plan is about. */
function Chain({ label, value, onChange }: Choice<string[]>) {
  const { t, language } = useSpeech()
  const channels = useChannels().data ?? []
  const called = (path: string) => channelName(path, channels, language)
  const free = channels.filter(({ path }) => !value.includes(path)).map(({ path }) => ({ value: path, label: called(path) }))
  const small = { type: 'text', size: 'small' } as const
  return (
    <div className="field wide" role="group" aria-label={label}>
      <span className="quiet">{label}</span>
      <ol className="chain">
        {value.map((path, i) => (
          <li key={path}>
            <span>{called(path)}</span>
            <Button {...small} disabled={i === 0} aria-label={t('play.earlier', { name: called(path) })} icon={<ArrowUpOutlined aria-hidden />} onClick={() => onChange(moved(value, i, -1))} />
            <Button {...small} disabled={i === value.length - 1} aria-label={t('play.later', { name: called(path) })} icon={<ArrowDownOutlined aria-hidden />} onClick={() => onChange(moved(value, i, 1))} />
            <Button {...small} disabled={value.length <= 2} aria-label={t('play.drop', { name: called(path) })} icon={<DeleteOutlined aria-hidden />} onClick={() => onChange(value.toSpliced(i, 1))} />
          </li>
        ))}
      </ol>
      <Select aria-label={t('play.add_medium')} showSearch={{ optionFilterProp: 'label' }} value={null} placeholder={t('play.add_medium')} options={free} onChange={(path: string | null) => path && onChange([...value, path])} popupMatchSelectWidth={false} />
    </div>
  )
}
