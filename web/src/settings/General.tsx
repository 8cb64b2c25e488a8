import { App, Button, Form, Input } from 'antd'
import { usePutWorkspace, type SettingsChange } from '../api/settings'
import type { Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n'
import { bytes, sizeText } from './names'

interface Fields {
  timezone: string
  currency: string
  retention: string
  limit: string
  reserve: string
}

/** Only what differs is sent: zone and currency are refused, once there are events, even where they stay. */
function changes(before: Fields, after: Fields): SettingsChange {
  const differs = (key: keyof Fields) => before[key].trim() !== after[key].trim()
  return {
    ...(differs('timezone') && { timezone: after.timezone.trim() }),
    ...(differs('currency') && { currency: after.currency.trim() }),
    ...(differs('retention') && { retention_days: after.retention.trim() === '' ? 'none' : Number(after.retention) }),
    ...(differs('limit') && { disk_limit: after.limit.trim() || 'none' }),
    ...(differs('reserve') && { disk_reserve: after.reserve.trim() || 'default' }),
  }
}

export function General({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const { message, modal } = App.useApp()
  const put = usePutWorkspace()
  const hasEvents = (workspace.data?.events ?? 0) > 0
  const now: Fields = {
    timezone: workspace.timezone,
    currency: workspace.currency,
    retention: sizeText(workspace.retention_days),
    limit: sizeText(workspace.disk_limit),
    reserve: sizeText(workspace.disk_reserve),
  }
  const save = (change: SettingsChange) => put.mutate(change, { onSuccess: () => message.success(t('settings.saved')) })
  const onFinish = (fields: Fields) => {
    const change = changes(now, fields)
    const days = change.retention_days
    if (typeof days !== 'number') return save(change)
    // Events that expire are gone, so it is asked first.
    void modal.confirm({ title: t('settings.retention_sure', { days }), okText: t('settings.save'), onOk: () => save(change) })
  }
  const { disk } = workspace
  return (
    <section className="card narrow-form">
      <Form key={JSON.stringify(now)} layout="vertical" requiredMark={false} initialValues={now} onFinish={onFinish}>
        <Form.Item name="timezone" label={t('settings.zone')} extra={hasEvents ? t('settings.fixed') : undefined}>
          <Input disabled={hasEvents} spellCheck={false} />
        </Form.Item>
        <Form.Item name="currency" label={t('settings.currency')} extra={hasEvents ? t('settings.fixed') : undefined}>
          <Input disabled={hasEvents} spellCheck={false} maxLength={3} />
        </Form.Item>
        <Form.Item name="retention" label={t('settings.retention')} extra={t('settings.retention_help')} rules={[{ pattern: /^\s*([1-9]\d*)?\s*$/, message: t('settings.retention_bad') }]}>
          <Input inputMode="numeric" />
        </Form.Item>
        <Form.Item name="limit" label={t('settings.disk_limit')} extra={t('settings.disk_limit_help')}>
          <Input spellCheck={false} />
        </Form.Item>
        <Form.Item name="reserve" label={t('settings.disk_reserve')} extra={t('settings.disk_reserve_help')}>
          <Input spellCheck={false} />
        </Form.Item>
        <p className="quiet">{t('settings.disk_now', { used: bytes(disk.used_bytes), free: disk.free_bytes ? bytes(disk.free_bytes) : '–' })}</p>
        {put.error && <Failure error={put.error} />}
        <Button className="form-end" type="primary" htmlType="submit" loading={put.isPending}>
          {t('settings.save')}
        </Button>
      </Form>
    </section>
  )
}
