// What should be noticed: each number with its band, and whether it is outside. A click opens the people it looks at.

import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Badge, Button, Form, Input, InputNumber, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useAlertHistory, usePutTrack } from '../api/tracks'
import type { AlertRule, AlertState, Track } from '../api/types'
import { Failure } from '../app/Failure'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { lookOf, type Looks } from '../states/look'
import type { Section } from '../states/section'
import { fieldsOf, ruleOf, watchedBy, withAlerts, type AlertFields } from './track'

interface Props extends Section {
  track: Track
  states: AlertState[]
  to: string
}

export function AlertsSection({ track, states, to, ...section }: Props) {
  const { t } = useSpeech()
  const [edited, setEdited] = useState<number | 'new'>()
  const put = usePutTrack()
  const remove = (i: number) => put.mutate(withAlerts(track, track.alerts.toSpliced(i, 1)))
  return (
    <section className="card" aria-labelledby="alerts-title">
      <div className="card-head">
        <h2 id="alerts-title">{t('alerts.title')}</h2>
        <Button size="small" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited('new')}>
          {t('alerts.add')}
        </Button>
      </div>
      {put.error && <Failure error={put.error} />}
      {states.length === 0 ? <p className="quiet">{t('alerts.none')}</p> : <AlertTable {...section} states={states} to={to} onEdit={setEdited} onRemove={remove} />}
      <History track={track.name} />
      {edited !== undefined && (
        <AlertDialog track={track} index={edited === 'new' ? undefined : edited} names={section.names} looks={section.looks} onClose={() => setEdited(undefined)} />
      )}
    </section>
  )
}

function useBand(): (rule: AlertRule) => string {
  const { t, exact, percent } = useSpeech()
  return (rule) => {
    const band = rule.share ?? rule.count ?? {}
    const text = (value: number | undefined) => (value === undefined ? '' : rule.share ? percent(value, 1) : exact(value))
    const kind = band.below === undefined ? 'above' : band.above === undefined ? 'below' : 'both'
    return t('alerts.band', { kind, below: text(band.below), above: text(band.above) })
  }
}

function AlertTable({ states, to, looks, say, selection, select, onEdit, onRemove }: Omit<Props, 'track'> & { onEdit: (i: number) => void; onRemove: (i: number) => void }) {
  const { t, percent } = useSpeech()
  const band = useBand()
  const title = (state: string | undefined) => lookOf(looks, state ?? '').title
  const what = ({ state, flow }: AlertRule) => (flow ? t('alerts.flow', { from: title(flow.from), to: title(flow.to), days: flow.days }) : title(state))
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('alerts.title')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('tracks.name')}</th>
            <th scope="col" className="text">{t('alerts.what')}</th>
            <th scope="col" className="text">{t('alerts.should')}</th>
            <th scope="col">{t('alerts.people')}</th>
            <th scope="col">{t('alerts.share')}</th>
            <th scope="col" className="text">{t('alerts.state')}</th>
            <th scope="col" aria-label={t('alerts.edit')} />
          </tr>
        </thead>
        <tbody>
          {states.map(({ alert, count, of, breached }, i) => {
            const watched = watchedBy(alert, to)
            return (
              <tr key={alert.name}>
                <th scope="row">{alert.name}</th>
                <td className="text">{what(alert)}</td>
                <td className="text">{band(alert)}</td>
                <td>
                  <Count value={count} isExact sentence={say(watched)} isOpen={JSON.stringify(selection) === JSON.stringify(watched)} onOpen={() => select(watched)} testId={`alert-${alert.name}`} />
                </td>
                <td>{percent(count, of)}</td>
                <td className="text">
                  <Badge status={breached ? 'error' : 'success'} text={t(breached ? 'alerts.outside' : 'alerts.within')} />
                </td>
                <td>
                  <Button type="text" size="small" aria-label={`${t('alerts.edit')}: ${alert.name}`} icon={<EditOutlined aria-hidden />} onClick={() => onEdit(i)} />
                  <Button type="text" size="small" aria-label={`${t('alerts.remove')}: ${alert.name}`} icon={<DeleteOutlined aria-hidden />} onClick={() => onRemove(i)} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Times that refreshes found an alert outside. */
function History({ track }: { track: string }) {
  const { t, exact } = useSpeech()
  const found = useAlertHistory(track).data ?? []
  if (found.length === 0) return null
  return (
    <details className="expression">
      <summary>{t('alerts.history', { n: found.length })}</summary>
      <ul className="plain-list">
        {found.slice(0, 50).map(({ id, rule, first, last, count, of, closed }) => (
          <li key={id}>
            <Badge status={closed ? 'default' : 'error'} text={t('alerts.record', { rule, first, last, count: exact(count), of: exact(of), closed: closed ? 'yes' : 'no' })} />
          </li>
        ))}
      </ul>
    </details>
  )
}

const NEW: AlertFields = { name: '', kind: 'state', unit: 'share', days: 7 }

function AlertDialog({ track, index, names, looks, onClose }: { track: Track; index: number | undefined; names: string[]; looks: Looks; onClose: () => void }) {
  const { t } = useSpeech()
  const put = usePutTrack()
  const [form] = Form.useForm<AlertFields>()
  const before = index === undefined ? undefined : track.alerts[index]
  const initial = before ? fieldsOf(before) : NEW
  const kind = Form.useWatch('kind', form) ?? initial.kind
  const unit = Form.useWatch('unit', form) ?? initial.unit
  const states = names.map((name) => ({ value: name, label: lookOf(looks, name).title }))
  const onFinish = (fields: AlertFields) => {
    const rule = ruleOf(fields)
    put.mutate(withAlerts(track, index === undefined ? [...track.alerts, rule] : track.alerts.with(index, rule)), { onSuccess: onClose })
  }
  const need = [{ required: true, message: t('alerts.needs') }]
  const band = ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: () => {
      const [below, above] = [getFieldValue('below'), getFieldValue('above')]
      return typeof below === 'number' || typeof above === 'number' ? Promise.resolve() : Promise.reject(new Error(t('alerts.needs_bound')))
    },
  })
  const suffix = unit === 'share' ? '%' : undefined
  return (
    <Modal open title={t(before ? 'alerts.edit' : 'alerts.add')} footer={null} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={initial} onFinish={onFinish}>
        <Form.Item name="name" label={t('tracks.name')} rules={[{ required: true, whitespace: true, message: t('door.name_empty') }]}>
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item name="kind" label={t('alerts.what')}>
          <Segmented options={(['state', 'flow'] as const).map((value) => ({ value, label: t(`alerts.kind.${value}`) }))} />
        </Form.Item>
        {kind === 'state' ? (
          <Form.Item name="state" label={t('alerts.in_state')} rules={need}>
            <Select options={states} />
          </Form.Item>
        ) : (
          <div className="form-row filters">
            <Form.Item name="from" label={t('alerts.was')} rules={need}>
              <Select options={states} />
            </Form.Item>
            <Form.Item name="to" label={t('alerts.is')} rules={need}>
              <Select options={states} />
            </Form.Item>
            <Form.Item name="days" label={t('alerts.days')} rules={need}>
              <InputNumber min={1} precision={0} />
            </Form.Item>
          </div>
        )}
        <Form.Item name="unit" label={t('alerts.measure')}>
          <Segmented options={(['share', 'count'] as const).map((value) => ({ value, label: t(`alerts.unit.${value}`) }))} />
        </Form.Item>
        <div className="form-row filters">
          <Form.Item name="below" label={t('alerts.below')} dependencies={['above']} rules={[band]}>
            <InputNumber min={0} max={unit === 'share' ? 100 : undefined} precision={unit === 'share' ? 2 : 0} suffix={suffix} />
          </Form.Item>
          <Form.Item name="above" label={t('alerts.above')} dependencies={['below']}>
            <InputNumber min={0} max={unit === 'share' ? 100 : undefined} precision={unit === 'share' ? 2 : 0} suffix={suffix} />
          </Form.Item>
        </div>
        {put.error && (
          <Form.Item>
            <Failure error={put.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={put.isPending}>
          {t('track.save')}
        </Button>
      </Form>
    </Modal>
  )
}
