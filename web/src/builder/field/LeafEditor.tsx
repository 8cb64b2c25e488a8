// The fields of whatever node is open: what it says can be changed, and every change counts at once.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Input, Select } from 'antd'
import { useLists, useTags } from '../../api/audiences'
import { useAudiences, useModels, useSnapshots } from '../../api/queries'
import { useTagOptions } from '../../api/tags'
import type { Day } from '../../format/day'
import { addDays } from '../../format/day'
import { useSpeech } from '../../i18n'
import { looks, lookOf } from '../../states/look'
import { DayPicker } from '../../view/DayPicker'
import { Field, ModelSelect, ScopeSelect } from '../../view/Filters'
import { scopeJson, type Scope } from '../../view/view'
import { valueKind } from '../ops'
import { isObject, texts, type Json, type JsonObject, type Node } from '../tree'
import { DidEditor } from './DidEditor'
import { NumberInput, OpField, type OpFieldProps } from './OpField'

interface Props {
  node: Node
  today: Day
  onValue: (value: Json) => void
  onRest: (rest: JsonObject) => void
}

/** Whether a node has anything to edit. */
export const canEdit = (node: Node): boolean =>
  (node.kind === 'leaf' && node.leaf !== 'everyone') || (node.kind === 'wrap' && node.wrap !== 'not') || node.kind === 'card'

export function Editor({ node, today, onValue, onRest }: Props) {
  const { t } = useSpeech()
  if (node.kind === 'card') return <p className="quiet">{`${t('builder.card')} ${t('builder.card_edit')}`}</p>
  if (node.kind === 'wrap') return <WrapEditor node={node} today={today} onRest={onRest} />
  if (node.kind !== 'leaf') return null
  const { leaf, value } = node
  if (leaf === 'did' && isObject(value)) return <DidEditor value={value} today={today} onChange={onValue} />
  if (leaf === 'tag' && isObject(value)) return <TagEditor value={value} today={today} onChange={onValue} />
  if (leaf === 'state' && isObject(value)) return <StateEditor value={value} onChange={onValue} />
  if (leaf === 'list' || leaf === 'audience' || leaf === 'snapshot') return <NameEditor leaf={leaf} value={String(value)} onChange={onValue} />
  return null
}

function NameEditor({ leaf, value, onChange }: { leaf: 'list' | 'audience' | 'snapshot'; value: string; onChange: (value: Json) => void }) {
  const { t, exact } = useSpeech()
  const lists = useLists().data ?? []
  const audiences = useAudiences().data ?? []
  const snapshots = useSnapshots().data ?? []
  const options = {
    list: lists.map(({ name, size }) => ({ value: name, label: `${name} · ${exact(size)}` })),
    audience: audiences.map(({ name }) => ({ value: name, label: name })),
    snapshot: snapshots.map((one) => ({ value: one.snapshot, label: t('view.frozen', { name: one.name, date: one.as_of, count: exact(one.size) }) })),
  }[leaf]
  return (
    <Field label={t(`field.${leaf}`)}>
      <Select
        aria-label={t(`field.${leaf}`)}
        showSearch={{ optionFilterProp: 'label' }}
        value={value}
        options={options}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

interface ObjectProps {
  value: JsonObject
  onChange: (value: Json) => void
}

function TagEditor({ value, today, onChange }: ObjectProps & { today: Day }) {
  const { t } = useSpeech()
  const tags = useTags().data ?? []
  const kindOf = (key: string) => valueKind(tags.find(({ name }) => name === key)?.kind)
  const first: JsonObject = { exists: true }
  const set = (key: string, ops: JsonObject) => onChange({ ...value, [key]: ops })
  const without = (key: string) => Object.fromEntries(Object.entries(value).filter(([one]) => one !== key))
  const others = tags.filter(({ name }) => value[name] === undefined)
  return (
    <div className="field wide">
      {Object.entries(value).flatMap(([key, ops]) =>
        Object.entries(isObject(ops) ? ops : {}).map(([op, constant]) => (
          <div key={`${key} ${op}`} className="measure-row">
            <Select
              aria-label={t('field.tag')}
              className="tag-name"
              showSearch={{ optionFilterProp: 'value' }}
              value={key}
              options={[{ value: key }, ...others.map(({ name }) => ({ value: name }))]}
              onChange={(next) => onChange({ ...without(key), [next]: first })}
              popupMatchSelectWidth={false}
            />
            <TagOpField
              what={key}
              op={op}
              value={constant}
              kind={kindOf(key)}
              taken={Object.keys(isObject(ops) ? ops : {})}
              today={today}
              onChange={(next, inner) => {
                const { [op]: _before, ...rest } = isObject(ops) ? ops : {}
                set(key, { ...rest, [next]: inner })
              }}
            />
            {Object.keys(value).length > 1 && (
              <Button type="text" aria-label={`${t('field.remove_tag')}: ${key}`} icon={<DeleteOutlined aria-hidden />} onClick={() => onChange(without(key))} />
            )}
          </div>
        )),
      )}
      {others.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{ items: others.map(({ name }) => ({ key: name, label: name })), onClick: ({ key }) => set(key, first) }}
        >
          <Button size="small" icon={<PlusOutlined aria-hidden />} className="field-more">
            {t('field.add_tag')}
          </Button>
        </Dropdown>
      )}
    </div>
  )
}

/** Offers the values that people have, of those that most have; any other can be typed. */
function TagOpField(props: Omit<OpFieldProps, 'isTag' | 'known'>) {
  const { t, exact } = useSpeech()
  const { what, kind, today } = props
  const isText = kind === 'text' || kind === 'multi'
  const values = useTagOptions(what, today, isText).data
  const options = (values?.items ?? []).map(({ value, people }) => ({ value, label: t('field.value_people', { value, people: exact(people) }) }))
  const rest = values?.rest.values ?? 0
  const known = options.length > 0 ? { options, more: rest > 0 ? t('field.more_values', { n: rest }) : undefined } : undefined
  return <OpField {...props} isTag known={known} />
}

function scopeOf(json: Json | undefined): Scope {
  for (const kind of ['shop', 'brand', 'category'] as const) {
    if (isObject(json) && typeof json[kind] === 'string') return { kind, id: json[kind] }
  }
  return { kind: 'workspace' }
}

function StateEditor({ value, onChange }: ObjectProps) {
  const { t, language } = useSpeech()
  const models = useModels().data
  const statesOf = (name: string) => models?.find((model) => model.name === name)?.states ?? []
  const model = String(value.model)
  const titles = looks(statesOf(model), language)
  const options = [...statesOf(model).map(({ name }) => name), 'none'].map((name) => ({ value: name, label: lookOf(titles, name).title }))
  return (
    <div className="editor-fields">
      <ModelSelect value={model} onChange={(next) => onChange({ ...value, model: next, in: statesOf(next).slice(0, 1).map(({ name }) => name) })} />
      <ScopeSelect value={scopeOf(value.scope)} onChange={(scope) => onChange({ ...value, scope: scopeJson(scope) as Json })} />
      <Field label={t('field.states')}>
        <Select
          aria-label={t('field.states')}
          mode="multiple"
          value={texts(value.in)}
          options={options}
          onChange={(states: string[]) => states.length > 0 && onChange({ ...value, in: states })}
          popupMatchSelectWidth={false}
        />
      </Field>
    </div>
  )
}

function WrapEditor({ node, today, onRest }: { node: Node & { kind: 'wrap' }; today: Day; onRest: (rest: JsonObject) => void }) {
  const { t } = useSpeech()
  const { wrap, rest } = node
  if (wrap === 'at') return <AtEditor at={isObject(rest.at) ? rest.at : {}} today={today} onChange={(at) => onRest({ at })} />
  if (wrap === 'top') {
    return (
      <div className="editor-fields">
        <Field label={t('field.n')}>
          <NumberInput label={t('field.n')} value={rest.n ?? null} least={0} isWhole onChange={(n) => onRest({ ...rest, n })} />
        </Field>
        <p className="kept">
          <span className="quiet">{t('field.kept')}</span> <code>{JSON.stringify({ by: rest.by })}</code>
        </p>
      </div>
    )
  }
  return (
    <div className="editor-fields">
      <Field label={t('field.percent')}>
        <NumberInput label={t('field.percent')} value={rest.percent ?? null} least={0} onChange={(percent) => onRest({ ...rest, percent: Math.min(100, percent) })} />
      </Field>
      <Field label={t('field.salt')}>
        <Input
          aria-label={t('field.salt')}
          title={t('field.salt_help')}
          value={String(rest.salt ?? '')}
          onChange={({ target }) => target.value !== '' && onRest({ ...rest, salt: target.value })}
        />
      </Field>
    </div>
  )
}

function AtEditor({ at, today, onChange }: { at: JsonObject; today: Day; onChange: (at: JsonObject) => void }) {
  const { t } = useSpeech()
  const isDate = typeof at.date === 'string'
  return (
    <div className="editor-fields">
      <Select
        aria-label={t('field.window')}
        value={isDate ? 'date' : 'days_ago'}
        options={(['days_ago', 'date'] as const).map((kind) => ({ value: kind, label: t(`field.${kind}`) }))}
        onChange={(kind) => onChange(kind === 'date' ? { date: addDays(today, -30) } : { days_ago: 30 })}
        popupMatchSelectWidth={false}
      />
      {isDate ? (
        <DayPicker label={t('field.date')} value={String(at.date)} isDisabled={(day) => day > today} onChange={(date) => onChange({ date })} />
      ) : (
        <NumberInput label={t('field.days_ago')} value={at.days_ago ?? null} least={0} isWhole onChange={(days) => onChange({ days_ago: days })} />
      )}
    </div>
  )
}
