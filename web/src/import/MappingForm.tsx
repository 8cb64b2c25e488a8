// What the columns mean. Every change writes the SQL anew.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Input, Select } from 'antd'
import { BEHAVIORS } from '../builder/field/Names'
import { behaviorName } from '../builder/useNames'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'
import { Field } from '../view/Filters'
import { columnOf, ID_KINDS, signOf, TARGETS, TIME_FORMATS, type Column, type Mapping, type Source, type Target } from './mapping'

interface Props {
  mapping: Mapping
  columns: readonly Column[]
  /** A time as it stands in the file, where it can be read two ways. */
  ambiguous: string | undefined
  zone: string
  isLocked: boolean
  onChange: (mapping: Mapping) => void
}

export function MappingForm({ mapping, columns, ambiguous, zone, isLocked, onChange }: Props) {
  const { t } = useSpeech()
  const names = columns.map(({ name }) => name)
  /** A column that is put to use is no property, and one that is let go becomes one again. */
  const settle = (next: Mapping): Mapping => {
    const used = usedBy(next)
    const before = usedBy(mapping)
    const freed = names.filter((name) => before.has(name) && !used.has(name))
    return { ...next, others: names.filter((name) => (next.others.includes(name) || freed.includes(name)) && !used.has(name)) }
  }
  const setField = (target: Target, source: Source | undefined) => {
    const { [target]: _before, ...fields } = mapping.fields
    onChange(settle({ ...mapping, fields: source ? { ...fields, [target]: source } : fields }))
  }
  const setIds = (ids: Mapping['ids']) => onChange(settle({ ...mapping, ids }))
  const freeKind = ID_KINDS.find((kind) => !mapping.ids.some((id) => id.kind === kind))
  return (
    <fieldset className="mapping-form" disabled={isLocked} aria-label={t('wizard.form')}>
      <div className="field wide">
        <span className="quiet">{t('wizard.ids')}</span>
        {mapping.ids.map((id, i) => (
          <div className="measure-row" key={`${id.kind} ${i}`}>
            <Select
              aria-label={`${t('wizard.ids')} ${i + 1}`}
              className="id-kind"
              disabled={isLocked}
              value={id.kind}
              options={ID_KINDS.map((kind) => ({ value: kind, label: kind, disabled: kind !== id.kind && mapping.ids.some((one) => one.kind === kind) }))}
              onChange={(kind) => setIds(mapping.ids.with(i, { ...id, kind }))}
              popupMatchSelectWidth={false}
            />
            <ColumnSelect label={`${id.kind}: ${t('wizard.column')}`} value={id.column} names={names} isLocked={isLocked} onChange={(column) => setIds(mapping.ids.with(i, { ...id, column }))} />
            <Button type="text" disabled={isLocked} aria-label={`${t('wizard.remove_id')}: ${id.kind}`} icon={<DeleteOutlined aria-hidden />} onClick={() => setIds(mapping.ids.toSpliced(i, 1))} />
          </div>
        ))}
        {freeKind && names[0] !== undefined && (
          <Button size="small" className="field-more" disabled={isLocked} icon={<PlusOutlined aria-hidden />} onClick={() => setIds([...mapping.ids, { kind: freeKind, column: mapping.others[0] ?? names[0] ?? '' }])}>
            {t('wizard.add_id')}
          </Button>
        )}
      </div>
      {(mapping.kind === 'events' ? TARGETS : (['time'] as const)).map((target) => (
        <FieldRow key={target} target={target} source={mapping.fields[target]} names={names} isLocked={isLocked} signed={signOf(mapping.fields)} onChange={(source) => setField(target, source)} />
      ))}
      {mapping.fields.time && (
        <>
          <Field label={t('wizard.time_format')}>
            <Select
              aria-label={t('wizard.time_format')}
              disabled={isLocked}
              value={mapping.timeFormat}
              options={TIME_FORMATS.map((format) => ({ value: format, label: t(`wizard.time.${format}`) }))}
              onChange={(timeFormat) => onChange({ ...mapping, timeFormat })}
              popupMatchSelectWidth={false}
            />
          </Field>
          <p className="quiet">{t('wizard.zone', { zone })}</p>
          {ambiguous && <Alert type="warning" showIcon title={t('wizard.ambiguous', { sample: ambiguous })} />}
        </>
      )}
      <div className="field wide">
        <span className="quiet">{t(mapping.kind === 'events' ? 'wizard.others_events' : 'wizard.others_tags')}</span>
        <Select
          aria-label={t(mapping.kind === 'events' ? 'wizard.others_events' : 'wizard.others_tags')}
          mode="multiple"
          disabled={isLocked}
          value={mapping.others}
          options={names.map((name) => ({ value: name, label: name }))}
          onChange={(others: string[]) => onChange({ ...mapping, others })}
        />
      </div>
    </fieldset>
  )
}

function usedBy({ fields, ids }: Mapping): Set<string | undefined> {
  return new Set([...Object.values(fields).map(columnOf), ...ids.map(({ column }) => column)])
}

function targetName(target: Target, t: Text): string {
  const key = `field.${target}`
  return isKey(key) ? t(key) : target
}

const NONE = ''
const FIXED = ' fixed'
const PRICE = ' price'

/** Columns that may say the same for all rows. */
const MAY_BE_FIXED: Target[] = ['behavior', 'channel', 'shop', 'brand', 'campaign', 'currency']

interface RowProps {
  target: Target
  source: Source | undefined
  names: string[]
  isLocked: boolean
  /** The column whose sign tells a purchase from a refund. */
  signed: string | undefined
  onChange: (source: Source | undefined) => void
}

function chosenIn(source: Source | undefined): string {
  if (source === undefined) return NONE
  if ('text' in source) return FIXED
  return 'price' in source ? PRICE : source.column
}

function FieldRow({ target, source, names, isLocked, signed, onChange }: RowProps) {
  const { t } = useSpeech()
  const label = targetName(target, t)
  const first = target === 'behavior' ? 'purchase' : target === 'channel' ? 'shop' : target
  const choose = (value: string) => {
    if (value === NONE) onChange(undefined)
    else if (value === FIXED) onChange({ text: first })
    else if (value === PRICE) onChange({ price: names[0] ?? '' })
    else onChange({ column: value })
  }
  return (
    <div className="mapping-row">
      <span>
        {label} <code className="quiet">{target}</code>
      </span>
      <Select
        aria-label={label}
        disabled={isLocked}
        showSearch={{ optionFilterProp: 'label' }}
        value={chosenIn(source)}
        options={[
          ...(target === 'behavior' ? [] : [{ value: NONE, label: t('wizard.none') }]),
          ...(MAY_BE_FIXED.includes(target) ? [{ value: FIXED, label: t('wizard.fixed') }] : []),
          ...(target === 'amount' ? [{ value: PRICE, label: t('wizard.price') }] : []),
          ...names.map((name) => ({ value: name, label: name })),
        ]}
        onChange={choose}
        popupMatchSelectWidth={false}
      />
      {source && 'text' in source && <FixedValue target={target} label={label} source={source} isLocked={isLocked} onChange={onChange} />}
      {source && 'price' in source && (
        <ColumnSelect label={`${label}: ${t('wizard.price_column')}`} value={source.price} names={names} isLocked={isLocked} onChange={(price) => onChange({ price })} />
      )}
      {source && 'text' in source && source.text === 'purchase' && signed !== undefined && (
        <Checkbox className="mapping-more" disabled={isLocked} checked={source.hasRefunds ?? false} onChange={({ target }) => onChange({ ...source, hasRefunds: target.checked })}>
          {t('wizard.refunds', { column: signed })}
        </Checkbox>
      )}
    </div>
  )
}

function FixedValue({ target, label, source, isLocked, onChange }: Pick<RowProps, 'target' | 'isLocked' | 'onChange'> & { label: string; source: { text: string } }) {
  const { t } = useSpeech()
  const name = `${label}: ${t('wizard.value')}`
  if (target !== 'behavior') return <Input aria-label={name} disabled={isLocked} value={source.text} onChange={({ target }) => onChange({ text: target.value })} />
  return (
    <Select
      aria-label={name}
      disabled={isLocked}
      showSearch={{ optionFilterProp: 'label' }}
      value={source.text}
      options={BEHAVIORS.map((behavior) => ({ value: behavior, label: behaviorName(behavior, t) }))}
      onChange={(text) => onChange({ text })}
      popupMatchSelectWidth={false}
    />
  )
}

function ColumnSelect({ label, value, names, isLocked, onChange }: { label: string; value: string; names: string[]; isLocked: boolean; onChange: (column: string) => void }) {
  return (
    <Select
      aria-label={label}
      className="id-column"
      disabled={isLocked}
      showSearch
      value={value}
      options={names.map((name) => ({ value: name, label: name }))}
      onChange={onChange}
      popupMatchSelectWidth={false}
    />
  )
}
