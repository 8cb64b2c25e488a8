// The fields of a tag's rule, by its kind. What has no field is shown as it is written, and stays.

import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { ConditionDialog } from '../builder/ConditionDialog'
import { DidEditor } from '../builder/field/DidEditor'
import { WindowField } from '../builder/field/WindowField'
import { say, textOf } from '../builder/grammar/say'
import { isObject, read, windowJson, windowOf, type Json, type JsonObject } from '../builder/tree'
import { useNames } from '../builder/useNames'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { methodJson, METHODS, USUAL_FIXED, type Fixed } from '../rfm/rfm'
import { Thresholds } from '../rfm/Thresholds'
import { Field } from '../view/Filters'
import { moved } from '../view/moved'
import { casesOf, example, GIVES, kindOf, measureOf, MOST_BY, MOST_OF, RULE_KINDS, RULE_MEASURES, withCases, withElse, type Case, type RuleKind } from './rule'

interface Props {
  rule: JsonObject
  asOf: Day
  /** The case that the server found fault with. */
  faulty: number | undefined
  onChange: (rule: JsonObject) => void
}

export function RuleFields({ rule, asOf, faulty, onChange }: Props) {
  const { t } = useSpeech()
  const kind = kindOf(rule)
  return (
    <div className="form-fields">
      <Segmented<RuleKind> aria-label={t('define.kind')} value={kind} options={RULE_KINDS.map((value) => ({ value, label: t(`define.kind.${value}`) }))} onChange={(next) => onChange(example(next))} />
      {kind && <p className="quiet">{t(`define.help.${kind}`)}</p>}
      {!kind && (
        <p className="kept">
          <span className="quiet">{t('field.kept')}</span> <code>{JSON.stringify(rule)}</code>
        </p>
      )}
      {kind === 'measure' && <MeasureFields rule={rule} asOf={asOf} onChange={onChange} />}
      {kind === 'most' && <MostFields rule={rule} asOf={asOf} onChange={onChange} />}
      {(kind === 'cases' || kind === 'each') && <CaseFields kind={kind} rule={rule} asOf={asOf} faulty={faulty} onChange={onChange} />}
      {kind === 'rfm' && <RfmFields rule={rule} onChange={onChange} />}
    </div>
  )
}

type Of = Omit<Props, 'faulty'>

function Events({ events, asOf, onChange }: { events: JsonObject; asOf: Day; onChange: (events: JsonObject) => void }) {
  const { within: _before, ...others } = events
  return (
    <>
      <DidEditor isFilter value={events} today={asOf} onChange={onChange} />
      <WindowField
        value={windowOf(events.within) ?? { kind: 'ever' }}
        today={asOf}
        onChange={(window) => {
          const within = windowJson(window)
          onChange(within ? { ...others, within } : others)
        }}
      />
    </>
  )
}

function MeasureFields({ rule, asOf, onChange }: Of) {
  const { t } = useSpeech()
  const measure = measureOf(rule) ?? 'amount'
  const events = isObject(rule[measure]) ? rule[measure] : {}
  return (
    <>
      <Field label={t('define.measure')}>
        <Select aria-label={t('define.measure')} value={measure} options={RULE_MEASURES.map((value) => ({ value, label: t(`measure.${value}`) }))} onChange={(next) => onChange({ [next]: events })} />
      </Field>
      <Events events={events} asOf={asOf} onChange={(next) => onChange({ [measure]: next })} />
    </>
  )
}

function MostFields({ rule, asOf, onChange }: Of) {
  const { t } = useSpeech()
  const most = isObject(rule.most) ? rule.most : {}
  const set = (key: string, value: Json) => onChange({ most: { ...most, [key]: value } })
  return (
    <>
      <div className="editor-fields">
        <Field label={t('define.of')}>
          <Select aria-label={t('define.of')} value={String(most.of)} options={MOST_OF.map((value) => ({ value, label: t(`field.${value}`) }))} onChange={(next) => set('of', next)} />
        </Field>
        <Field label={t('define.by')}>
          <Select aria-label={t('define.by')} value={String(most.by ?? 'count')} options={MOST_BY.map((value) => ({ value, label: t(`measure.${value}`) }))} onChange={(next) => set('by', next)} />
        </Field>
      </div>
      <Events events={isObject(most.events) ? most.events : {}} asOf={asOf} onChange={(next) => set('events', next)} />
    </>
  )
}

function CaseFields({ kind, rule, asOf, faulty, onChange }: Props & { kind: 'cases' | 'each' }) {
  const { t } = useSpeech()
  const cases = casesOf(rule, kind) ?? []
  const [open, setOpen] = useState<number>()
  const opened = open === undefined ? undefined : cases[open]
  const set = (next: Case[]) => onChange(withCases(rule, kind, next))
  const change = (i: number, part: Partial<Case>) => set(cases.map((one, at) => (at === i ? { ...one, ...part } : one)))
  const add = () => {
    set([...cases, { when: { did: { behavior: ['purchase'], within: { days: 30 } } }, is: '' }])
    setOpen(cases.length)
  }
  return (
    <>
      <ol className="tag-cases">
        {cases.map((one, i) => (
          <CaseRow
            key={i}
            n={i + 1}
            one={one}
            asOf={asOf}
            isFaulty={faulty === i}
            onText={(is) => change(i, { is })}
            onEdit={() => setOpen(i)}
            onUp={i > 0 ? () => set(moved(cases, i, -1)) : undefined}
            onDown={i < cases.length - 1 ? () => set(moved(cases, i, 1)) : undefined}
            onDrop={cases.length > 1 ? () => set(cases.toSpliced(i, 1)) : undefined}
          />
        ))}
      </ol>
      <div className="editor-fields">
        <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={add}>
          {t('define.add_case')}
        </Button>
        <Field label={t('define.else')}>
          <Input aria-label={t('define.else')} value={typeof rule.else === 'string' ? rule.else : ''} placeholder={t('define.no_else')} onChange={({ target }) => onChange(withElse(rule, target.value))} />
        </Field>
      </div>
      {opened && open !== undefined && (
        <ConditionDialog
          title={t('define.when_title', { value: opened.is || t('define.case', { n: open + 1 }) })}
          expression={opened.when}
          asOf={asOf}
          onClose={() => setOpen(undefined)}
          onDone={(when) => {
            change(open, { when })
            setOpen(undefined)
          }}
        />
      )}
    </>
  )
}

interface RowProps {
  n: number
  one: Case
  asOf: Day
  isFaulty: boolean
  onText: (is: string) => void
  onEdit: () => void
  onUp: (() => void) | undefined
  onDown: (() => void) | undefined
  onDrop: (() => void) | undefined
}

function CaseRow({ n, one, asOf, isFaulty, onText, onEdit, onUp, onDown, onDrop }: RowProps) {
  const { t, language } = useSpeech()
  const names = useNames()
  const label = t('define.value', { n })
  const buttons = [
    { title: t('define.up', { n }), icon: <ArrowUpOutlined aria-hidden />, onClick: onUp },
    { title: t('define.down', { n }), icon: <ArrowDownOutlined aria-hidden />, onClick: onDown },
    { title: t('define.drop', { n }), icon: <DeleteOutlined aria-hidden />, onClick: onDrop },
  ]
  return (
    <li className={isFaulty ? 'faulty' : undefined}>
      <Input aria-label={label} value={one.is} placeholder={t('define.value_hint')} status={one.is.trim() === '' ? 'error' : undefined} onChange={({ target }) => onText(target.value)} />
      <Button type="text" className="filter-said" icon={<EditOutlined aria-hidden />} aria-label={t('define.edit_when', { n })} onClick={onEdit}>
        {textOf(say(read(one.when), asOf, language, names))}
      </Button>
      <span className="row-actions">
        {buttons.map(({ title, icon, onClick }) => (
          <Button key={title} type="text" size="small" aria-label={title} title={title} icon={icon} disabled={!onClick} onClick={onClick} />
        ))}
      </span>
    </li>
  )
}

function RfmFields({ rule, onChange }: { rule: JsonObject; onChange: (rule: JsonObject) => void }) {
  const { t } = useSpeech()
  const { method, ...others } = isObject(rule.rfm) ? rule.rfm : {}
  const now = METHODS.find((one) => isObject(method) && method[one] !== undefined) ?? 'quantile'
  const fixed = isObject(method) && isObject(method.fixed) ? (method.fixed as unknown as Fixed) : USUAL_FIXED
  const set = (next: JsonObject) => onChange({ ...rule, rfm: { ...others, method: next } })
  return (
    <>
      <div className="editor-fields">
        <Field label={t('define.give')}>
          <Select aria-label={t('define.give')} value={String(rule.give)} options={GIVES.map((value) => ({ value, label: t(`define.give.${value}`) }))} onChange={(give) => onChange({ ...rule, give })} />
        </Field>
        <Field label={t('rfm.method')}>
          <Segmented aria-label={t('rfm.method')} value={now} options={METHODS.map((value) => ({ value, label: t(`rfm.method.${value}`) }))} onChange={(next) => set(methodJson(next, fixed))} />
        </Field>
      </div>
      {now === 'fixed' && (
        <div className="editor-fields">
          <Thresholds fixed={fixed} onChange={(next) => set(methodJson('fixed', next))} />
        </div>
      )}
      {Object.keys(others).length > 0 && (
        <p className="kept">
          <span className="quiet">{t('field.kept')}</span> <code>{JSON.stringify(others)}</code>
        </p>
      )}
    </>
  )
}
