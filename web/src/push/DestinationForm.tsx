// Makes a destination on the spot: a file, or an HTTP endpoint.

import { Alert, Button, Form, Input, Radio, Select, Typography } from 'antd'
import { useNewDestination } from '../api/queries'
import type { NewDestination } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n'

interface Fields {
  name: string
  kind: 'file' | 'webhook'
  format?: string
  url?: string
  identifiers?: string[]
}

const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'jsonl', label: 'JSON Lines' },
  { value: 'parquet', label: 'Parquet' },
]

function toRequest({ name, kind, format, url, identifiers }: Fields): NewDestination {
  const wanted = identifiers && identifiers.length > 0 ? { identifiers } : {}
  if (kind === 'file') return { name: name.trim(), kind, format: format ?? 'csv', ...wanted }
  return { name: name.trim(), kind, url: (url ?? '').trim(), ...wanted }
}

export function DestinationForm({ kinds, onMade }: { kinds: readonly string[]; onMade: (name: string) => void }) {
  const { t } = useSpeech()
  const make = useNewDestination()
  const [form] = Form.useForm<Fields>()
  const kind = Form.useWatch('kind', form) ?? 'file'
  if (make.data?.secret) {
    const { name, secret } = make.data
    return <Secret secret={secret} onSeen={() => onMade(name)} />
  }
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ kind: 'file', format: 'csv', name: '' }}
      onFinish={(fields) => make.mutate(toRequest(fields), { onSuccess: (made) => made.secret || onMade(made.name) })}
    >
      <Form.Item name="kind" label={t('destination.kind')}>
        <Radio.Group
          optionType="button"
          options={(['file', 'webhook'] as const).map((value) => ({ value, label: t(`destination.kind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="name" label={t('destination.name')} rules={[{ required: true, whitespace: true, message: t('destination.needs_name') }]}>
        <Input autoComplete="off" />
      </Form.Item>
      {kind === 'file' ? (
        <Form.Item name="format" label={t('destination.format')}>
          <Radio.Group optionType="button" options={FORMATS} />
        </Form.Item>
      ) : (
        <Form.Item
          name="url"
          label={t('destination.url')}
          extra={t('destination.url_help')}
          rules={[{ required: true, whitespace: true, message: t('destination.needs_url') }]}
        >
          <Input inputMode="url" placeholder="https://" autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="identifiers" label={t('destination.identifiers')} extra={t('destination.identifiers_help')}>
        <Select mode="tags" aria-label={t('destination.identifiers')} options={kinds.map((value) => ({ value, label: value }))} />
      </Form.Item>
      {make.error && (
        <Form.Item>
          <Failure error={make.error} />
        </Form.Item>
      )}
      <Button type="primary" ghost htmlType="submit" loading={make.isPending}>
        {t('destination.create')}
      </Button>
    </Form>
  )
}

function Secret({ secret, onSeen }: { secret: string; onSeen: () => void }) {
  const { t } = useSpeech()
  return (
    <Alert
      type="info"
      showIcon
      title={t('destination.secret')}
      description={
        <>
          <p>{t('destination.secret_help')}</p>
          <Typography.Text code copyable>
            {secret}
          </Typography.Text>
        </>
      }
      action={
        <Button size="small" onClick={onSeen}>
          {t('push.next')}
        </Button>
      }
    />
  )
}
