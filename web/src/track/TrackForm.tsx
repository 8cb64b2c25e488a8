// A new track, or another version of one. From a door it begins with the people behind the number.

import { Alert, Button, Checkbox, Form, Input, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { useFreeze } from '../api/queries'
import { useNewTrack, usePutTrack } from '../api/tracks'
import type { People, Track } from '../api/types'
import { Failure } from '../app/Failure'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { DayPicker } from '../view/DayPicker'
import { Field, ModelSelect, ScopeSelect, WhoSelect } from '../view/Filters'
import { REFRESH, USUAL_REFRESH } from '../view/refresh'
import { DEFAULT_MODEL, scopeOf, type Scope, type Who } from '../view/view'
import { STEPS, trackBody, whoOf, type Step } from './track'

interface Props {
  /** Whose track; without, whoever the form says. */
  people?: People
  name?: string
  /** The track to change. */
  before?: Track
  /** The first date to begin with. */
  from: Day
  model?: string
  scope?: Scope
  onClose: () => void
  onDone: (track: Track) => void
}

interface Typed {
  name: string
  description?: string
  refresh?: string
}

const FORMATS = ['html', 'csv'] as const
const LONGEST = 200

export function TrackDialog({ people, name, before, from, model, scope, onClose, onDone }: Props) {
  const { t } = useSpeech()
  const create = useNewTrack()
  const put = usePutTrack()
  const freeze = useFreeze()
  const [who, setWho] = useState<Who>(before ? whoOf(before) : { kind: 'everyone' })
  const [hold, setHold] = useState<'locked' | 'moving'>('locked')
  const [rules, setRules] = useState(before && typeof before.model === 'string' ? before.model : (model ?? DEFAULT_MODEL))
  const [where, setWhere] = useState<Scope>(before ? scopeOf(before.scope) : (scope ?? { kind: 'workspace' }))
  const [day, setDay] = useState(before?.from ?? from)
  const [step, setStep] = useState<Step>(STEPS.find((one) => one === before?.step) ?? 'weekly')
  const [report, setReport] = useState<string[]>(before?.report ?? [])
  const save = before ? put : create
  const onFinish = async (typed: Typed) => {
    const chosen = people ? await whomOf(people, hold, typed.name, async (snapshot) => freeze.data ?? freeze.mutateAsync(snapshot)) : who
    if (!chosen) return
    const body = trackBody({ ...typed, who: chosen, model: rules, scope: where, from: day, step, report }, before)
    save.mutate(body, { onSuccess: onDone })
  }
  const error = freeze.error ?? save.error
  return (
    <Modal open title={t(before ? 'track.edit_title' : 'track.new_title')} footer={null} onCancel={onClose} width={640}>
      <Form layout="vertical" requiredMark={false} initialValues={{ name: before?.name ?? name, description: before?.description, refresh: before?.refresh ?? undefined }} onFinish={(typed: Typed) => void onFinish(typed)}>
        <Form.Item name="name" label={t('tracks.name')} rules={[{ required: true, whitespace: true, message: t('door.name_empty') }]}>
          <Input autoFocus maxLength={LONGEST} disabled={before !== undefined} />
        </Form.Item>
        <Form.Item name="description" label={t('track.description')}>
          <Input maxLength={1000} />
        </Form.Item>
        {people ? !snapshotOf(people) && <Hold people={people} value={hold} onChange={setHold} /> : <WhomField who={who} onChange={setWho} />}
        <div className="filters form-row">
          {(!before || typeof before.model === 'string') && <ModelSelect value={rules} onChange={setRules} />}
          <ScopeSelect value={where} onChange={setWhere} />
        </div>
        <div className="filters form-row">
          <Field label={t('tracks.from')}>
            {/* Enter takes the day that was typed; it does not send the form. */}
            <div onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}>
              <DayPicker label={t('tracks.from')} value={day} onChange={setDay} />
            </div>
          </Field>
          {!before?.dates && (
            <Field label={t('tracks.step')}>
              <Select aria-label={t('tracks.step')} value={step} options={STEPS.map((value) => ({ value, label: t(`tracks.step.${value}`) }))} onChange={setStep} />
            </Field>
          )}
          <Field label={t('track.formats')}>
            <Checkbox.Group aria-label={t('track.formats')} className="formats" value={report} options={FORMATS.map((value) => ({ value, label: value.toUpperCase() }))} onChange={setReport} />
          </Field>
        </div>
        <Form.Item name="refresh" label={t('tracks.refresh')} extra={t('track.refresh_help')} getValueFromEvent={(value: string[]) => value.at(-1)} getValueProps={(value?: string) => ({ value: value ? [value] : [] })} rules={[{ pattern: REFRESH, message: t('track.refresh_bad') }]}>
          <Select mode="tags" allowClear placeholder={t('tracks.by_hand')} options={USUAL_REFRESH.map((value) => ({ value, label: value }))} />
        </Form.Item>
        {error && (
          <Form.Item>
            <Failure error={error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending || freeze.isPending}>
          {t(before ? 'track.save' : 'track.create')}
        </Button>
      </Form>
    </Modal>
  )
}

/** The snapshot that these people are, if they are locked already. */
function snapshotOf({ expression }: People): string | undefined {
  const { snapshot } = expression as { snapshot?: unknown }
  return typeof snapshot === 'string' ? snapshot : undefined
}

/** Exactly these people, locked first; or whoever fits at each date. */
async function whomOf(people: People, hold: 'locked' | 'moving', name: string, freeze: (snapshot: { name: string; as_of: Day; expression: unknown }) => Promise<{ snapshot: string }>): Promise<Who | undefined> {
  const locked = snapshotOf(people)
  if (locked !== undefined) return { kind: 'snapshot', id: locked }
  if (hold === 'moving') return { kind: 'expression', expression: people.expression }
  try {
    const { snapshot } = await freeze({ name: name.trim(), as_of: people.as_of, expression: people.expression })
    return { kind: 'snapshot', id: snapshot }
  } catch {
    // The form shows it.
    return undefined
  }
}

function Hold({ people, value, onChange }: { people: People; value: 'locked' | 'moving'; onChange: (value: 'locked' | 'moving') => void }) {
  const { t, exact } = useSpeech()
  return (
    <Form.Item label={t('tracks.whom')}>
      <Radio.Group aria-label={t('tracks.whom')} value={value} onChange={({ target }) => onChange(target.value as 'locked' | 'moving')} className="radio-lines">
        <Radio value="locked">{t('track.locked', { count: exact(people.count) })}</Radio>
        <Radio value="moving">{t('track.moving')}</Radio>
      </Radio.Group>
    </Form.Item>
  )
}

function WhomField({ who, onChange }: { who: Who; onChange: (who: Who) => void }) {
  const { t } = useSpeech()
  if (who.kind === 'expression') return <Alert type="info" showIcon title={t('track.keeps_whom')} className="form-row" />
  return (
    <div className="filters form-row">
      <WhoSelect value={who} onChange={onChange} />
    </div>
  )
}
