// What can be asked about a channel, filled in: the server makes the expression and counts it at once.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Select, Skeleton, Switch } from 'antd'
import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { useEntries, type CatalogKind } from '../api/audiences'
import { useChannelAudience, useChannelForm } from '../api/reflow'
import type { FormField } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { OpField } from '../builder/field/OpField'
import { WindowField } from '../builder/field/WindowField'
import { say, textOf } from '../builder/grammar/say'
import { isObject, read, texts, windowJson, windowOf, type Json, type JsonObject } from '../builder/tree'
import { behaviorName, useNames } from '../builder/useNames'
import { PeopleActions } from '../door/PeoplePanel'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { isKey } from '../i18n/text'
import { entryName, Field } from '../view/Filters'
import { useAddress } from '../view/useAddress'
import { initial, isUseful, readForm, withValue } from './form'

interface Props {
  path: string
  name: string
  asOf: Day
}

export function ChannelFormSection({ path, name, asOf }: Props) {
  const { t } = useSpeech()
  const [query, setQuery] = useAddress()
  const form = useChannelForm(path, asOf)
  const text = query.get('form')
  const conditions = useMemo(() => readForm(text) ?? (form.data ? initial(form.data.fields) : undefined), [text, form.data])
  const answer = useChannelAudience(path, conditions, asOf)
  const onChange = (next: JsonObject) => setQuery({ form: JSON.stringify(next) }, { replace: true })
  const people = answer.data && answer.data.count !== null && answer.data.count !== undefined ? { count: answer.data.count, as_of: asOf, expression: answer.data.expression } : undefined
  return (
    <section className="card channel-form" aria-labelledby="form-title">
      <div>
        <h2 id="form-title">{t('reflow.form', { channel: name })}</h2>
        {form.error && <Failure error={form.error} onRetry={() => void form.refetch()} />}
        {form.isPending && <Skeleton active />}
        {form.data && conditions && <Fields fields={form.data.fields} conditions={conditions} asOf={asOf} onChange={onChange} />}
      </div>
      <div aria-busy={answer.isPlaceholderData} className={answer.isPlaceholderData ? 'stale' : undefined}>
        {answer.error && <Failure error={answer.error} />}
        {answer.data && answer.data.warnings.length > 0 && <Alert type="warning" showIcon title={answer.data.warnings.map(({ message }) => message).join(' · ')} />}
        {people && !answer.error && <Answer people={people} name={name} asOf={asOf} />}
      </div>
    </section>
  )
}

function Answer({ people, name, asOf }: { people: { count: number; as_of: Day; expression: { [key: string]: unknown } }; name: string; asOf: Day }) {
  const { t, exact, language } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const names = useNames()
  const said = textOf(say(read(people.expression as Json), asOf, language, names))
  return (
    <>
      <p className="panel-sentence">{said}</p>
      <p className="panel-count" data-testid="form-count" data-count={people.count}>
        {exact(people.count)}
      </p>
      <PeopleActions
        people={people}
        description={said}
        name={`${name} ${asOf}`}
        hasBuilder
        onFollow={(who) => void navigate(`${base}/states?who=${encodeURIComponent(who)}&as_of=${asOf}`)}
      />
      {people.count === 0 && <p className="quiet hint">{t('reflow.nobody')}</p>}
    </>
  )
}

interface FieldsProps {
  fields: FormField[]
  conditions: JsonObject
  asOf: Day
  onChange: (conditions: JsonObject) => void
}

function Fields({ fields, conditions, asOf, onChange }: FieldsProps) {
  const { t } = useSpeech()
  const label = useLabel()
  const set = (name: string) => (value: Json | undefined) => onChange(withValue(conditions, name, value))
  const of = (kind: string) => fields.filter((field) => field.kind === kind && isUseful(field, conditions))
  return (
    <div className="form-fields">
      {of('window').map(({ name }) => (
        <WindowField key={name} value={windowOf(conditions[name]) ?? { kind: 'ever' }} today={asOf} onChange={(window) => set(name)(windowJson(window))} />
      ))}
      <div className="editor-fields">
        {of('names').map((field) => (
          <NamesField key={field.name} field={field} value={texts(conditions[field.name])} onChange={set(field.name)} />
        ))}
      </div>
      <div className="editor-fields">
        {of('number').map(({ name }) => (
          <NumberField key={name} label={label(name)} value={conditions[name]} asOf={asOf} onChange={set(name)} />
        ))}
      </div>
      {of('properties').map((field) => (
        <PropertiesField key={field.name} field={field} value={conditions[field.name]} asOf={asOf} onChange={set(field.name)} />
      ))}
      {of('switch').map(({ name }) => (
        <label key={name} className="switch-line">
          <Switch checked={conditions[name] === true} onChange={set(name)} aria-label={t('reflow.not_bought_since')} /> {t('reflow.not_bought_since')}
        </label>
      ))}
    </div>
  )
}

function useLabel(): (name: string) => string {
  const { t } = useSpeech()
  return (name) => {
    const key = [`field.${name}`, `measure.${name}`].find(isKey)
    return key ? t(key as Parameters<typeof t>[0]) : name
  }
}

const CATALOG: CatalogKind[] = ['shop', 'brand', 'category', 'campaign', 'item']

function NamesField({ field, value, onChange }: { field: FormField; value: string[]; onChange: (value: Json) => void }) {
  const { t, language, exact } = useSpeech()
  const label = useLabel()(field.name)
  const kind = CATALOG.find((one) => one === field.name)
  const entries = useEntries(kind ?? 'shop').data
  const called = (id: string) => (kind ? entryName(entries?.find((entry) => entry.id === id), id, language) : behaviorName(id, t))
  const options = (field.options ?? []).map(({ value, events }) => ({ value, label: t('reflow.option', { name: called(value), events: exact(events) }) }))
  const custom = value.filter((one) => !options.some((option) => option.value === one)).map((one) => ({ value: one, label: called(one) }))
  return (
    <Field label={label}>
      <Select aria-label={label} mode="tags" allowClear value={value} options={[...options, ...custom]} placeholder={t('field.any')} onChange={onChange} popupMatchSelectWidth={false} />
      {(field.more ?? 0) > 0 && <span className="quiet">{t('reflow.more_options', { n: field.more ?? 0 })}</span>}
    </Field>
  )
}

function NumberField({ label, value, asOf, onChange }: { label: string; value: Json | undefined; asOf: Day; onChange: (value: Json | undefined) => void }) {
  const { t } = useSpeech()
  const [op, constant] = isObject(value) ? (Object.entries(value)[0] ?? []) : []
  if (op === undefined || constant === undefined) {
    return (
      <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => onChange({ gte: 1 })}>
        {label}
      </Button>
    )
  }
  return (
    <Field label={label}>
      <div className="measure-row">
        <OpField what={label} op={op} value={constant} kind="number" today={asOf} onChange={(name, next) => onChange({ [name]: next })} />
        <Button type="text" size="small" aria-label={t('reflow.remove_field', { field: label })} icon={<DeleteOutlined aria-hidden />} onClick={() => onChange(undefined)} />
      </div>
    </Field>
  )
}

function PropertiesField({ field, value, asOf, onChange }: { field: FormField; value: Json | undefined; asOf: Day; onChange: (value: Json | undefined) => void }) {
  const { t } = useSpeech()
  const rows = Object.entries(isObject(value) ? value : {})
  const free = (field.options ?? []).map((option) => option.value).filter((key) => !rows.some(([one]) => one === key))
  const all = Object.fromEntries(rows)
  return (
    <div className="editor-fields">
      {rows.map(([key, ops]) => {
        const [op, constant] = isObject(ops) ? (Object.entries(ops)[0] ?? []) : []
        return (
          <Field key={key} label={key}>
            <div className="measure-row">
              <OpField what={key} op={op ?? 'eq'} value={constant ?? ''} kind="text" today={asOf} onChange={(name, next) => onChange({ ...all, [key]: { [name]: next } })} />
              <Button type="text" size="small" aria-label={t('reflow.remove_field', { field: key })} icon={<DeleteOutlined aria-hidden />} onClick={() => onChange(withValue(all, key, undefined))} />
            </div>
          </Field>
        )
      })}
      {free.length > 0 && (
        <Field label={t('reflow.property')}>
          <Select aria-label={t('reflow.property')} value={null} placeholder={t('reflow.add_property')} options={free.map((key) => ({ value: key, label: key }))} onChange={(key: string | null) => key && onChange({ ...all, [key]: { eq: '…' } })} />
        </Field>
      )}
    </div>
  )
}
