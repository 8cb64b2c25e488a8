// What somebody did: which events, how much, when.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import type { Day } from '../../format/day'
import { useSpeech } from '../../i18n'
import { isObject, KEPT, MEASURES, texts, windowJson, windowOf, type Json, type JsonObject, type Measure } from '../tree'
import { BehaviorField, CatalogField, ChannelField } from './Names'
import { OpField } from './OpField'
import { WindowField } from './WindowField'

interface Props {
  value: JsonObject
  today: Day
  /** Only which events, not how many or when. */
  isFilter?: boolean
  onChange: (value: JsonObject) => void
}

/** Filters shown from the start; the others when they are used or asked for. */
const FIRST = ['shop', 'brand', 'category'] as const
const MORE = ['campaign', 'item'] as const

/** A field set, or left out where it says nothing. */
function withField(value: JsonObject, key: string, inner: Json | undefined): JsonObject {
  const { [key]: _before, ...others } = value
  return inner === undefined || (Array.isArray(inner) && inner.length === 0) ? others : { ...others, [key]: inner }
}

export function DidEditor({ value, today, isFilter = false, onChange }: Props) {
  const { t } = useSpeech()
  const [isMore, setMore] = useState(false)
  const set = (key: string) => (inner: Json | undefined) => onChange(withField(value, key, inner))
  const isShown = (key: string) => isMore || value[key] !== undefined
  const hasMore = ![...MORE, 'not_behavior'].every(isShown)
  return (
    <>
      <div className="editor-fields">
        <BehaviorField value={texts(value.behavior)} onChange={set('behavior')} />
        <ChannelField value={texts(value.channel)} onChange={set('channel')} />
        {[...FIRST, ...MORE.filter(isShown)].map((kind) => (
          <CatalogField key={kind} kind={kind} value={texts(value[kind])} onChange={set(kind)} />
        ))}
        {isShown('not_behavior') && <BehaviorField isNot value={texts(value.not_behavior)} onChange={set('not_behavior')} />}
        {hasMore && (
          <Button type="link" size="small" className="field-more" onClick={() => setMore(true)}>
            {t('field.more')}
          </Button>
        )}
      </div>
      {!isFilter && (
        <>
          <div className="editor-fields">
            <WindowField
              value={windowOf(value.within) ?? { kind: 'ever' }}
              today={today}
              onChange={(window) => onChange(withField(value, 'within', windowJson(window)))}
            />
          </div>
          <Measures value={value} today={today} onChange={onChange} />
        </>
      )}
      <Kept value={value} />
    </>
  )
}

const kindOf = (measure: Measure) => (measure === 'first' || measure === 'last' ? 'date' : 'number')

function Measures({ value, today, onChange }: Props) {
  const { t } = useSpeech()
  const rows = MEASURES.flatMap((measure) => {
    const ops = value[measure]
    return Object.entries(isObject(ops) ? ops : {}).map(([op, constant]) => ({ measure, op, constant }))
  })
  const opsOf = (measure: Measure): JsonObject => (isObject(value[measure]) ? value[measure] : {})
  const set = (measure: Measure, ops: JsonObject) => onChange(withField(value, measure, Object.keys(ops).length > 0 ? ops : undefined))
  const add = (measure: Measure) => set(measure, kindOf(measure) === 'date' ? { last_days: 30 } : { gte: 1 })
  return (
    <div className="field wide">
      <span className="quiet">{t('field.measure')}</span>
      {rows.length === 0 && <span>{t('field.at_least_once')}</span>}
      {rows.map(({ measure, op, constant }) => (
        <div key={`${measure} ${op}`} className="measure-row">
          <span className="measure-name">{t(`measure.${measure}`)}</span>
          <OpField
            what={t(`measure.${measure}`)}
            op={op}
            value={constant}
            kind={kindOf(measure)}
            taken={Object.keys(opsOf(measure))}
            today={today}
            onChange={(next, inner) => {
              const { [op]: _before, ...others } = opsOf(measure)
              set(measure, { ...others, [next]: inner })
            }}
          />
          <Button
            type="text"
            aria-label={`${t('field.remove_measure')}: ${t(`measure.${measure}`)}`}
            icon={<DeleteOutlined aria-hidden />}
            onClick={() => {
              const { [op]: _before, ...others } = opsOf(measure)
              set(measure, others)
            }}
          />
        </div>
      ))}
      <Dropdown
        trigger={['click']}
        menu={{
          items: MEASURES.filter((measure) => value[measure] === undefined).map((measure) => ({ key: measure, label: t(`measure.${measure}`) })),
          onClick: ({ key }) => add(key as Measure),
        }}
      >
        <Button size="small" icon={<PlusOutlined aria-hidden />} className="field-more">
          {t('field.add_measure')}
        </Button>
      </Dropdown>
    </div>
  )
}

/** What has no field of its own is shown as it is written, and stays. */
function Kept({ value }: { value: JsonObject }) {
  const { t } = useSpeech()
  const kept = Object.fromEntries(KEPT.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]))
  if (Object.keys(kept).length === 0) return null
  return (
    <p className="kept">
      <span className="quiet">{t('field.kept')}</span> <code>{JSON.stringify(kept)}</code>
    </p>
  )
}
