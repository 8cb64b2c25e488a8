// Tokens for the API: made, shown once, revoked.

import { Alert, App, Badge, Button, Checkbox, Form, Input, Popconfirm, Table } from 'antd'
import { useState } from 'react'
import { useNewToken, useRevokeToken, useTokens } from '../api/settings'
import type { TokenRecord } from '../api/types'
import { Failure } from '../app/Failure'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'

export function Tokens({ zone }: { zone: string }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const tokens = useTokens()
  const create = useNewToken()
  const [isAll, setAll] = useState(false)
  const [form] = Form.useForm<{ name: string }>()
  const items = tokens.data?.pages.flatMap((page) => page.items) ?? []
  const shown = items.filter(({ revoked, expires }) => isAll || (!revoked && !expires))
  const copy = async (secret: string) => {
    try {
      await navigator.clipboard.writeText(secret)
      message.success(t('app.copied'))
    } catch {
      message.error(t('app.copy_failed'))
    }
  }
  return (
    <section className="card">
      <p className="quiet">{t('tokens.intro')}</p>
      <Form form={form} className="token-form" layout="inline" requiredMark={false} onFinish={({ name }) => create.mutate(name.trim(), { onSuccess: () => form.resetFields() })}>
        <Form.Item name="name" label={t('tokens.new_name')} rules={[{ required: true, whitespace: true, message: t('tokens.needs_name') }]}>
          <Input maxLength={100} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t('tokens.create')}
        </Button>
      </Form>
      {create.error && <Failure error={create.error} />}
      {create.data && (
        <Alert
          className="key-once"
          type="warning"
          showIcon
          title={t('tokens.once')}
          description={<code data-testid="token">{create.data.token}</code>}
          action={
            <Button size="small" onClick={() => void copy(create.data.token)}>
              {t('tokens.copy')}
            </Button>
          }
        />
      )}
      {tokens.error && <Failure error={tokens.error} onRetry={() => void tokens.refetch()} />}
      <Checkbox checked={isAll} onChange={({ target }) => setAll(target.checked)}>
        {t('tokens.show_old')}
      </Checkbox>
      <Table<TokenRecord>
        className="tokens"
        rowKey="id"
        size="middle"
        loading={tokens.isPending}
        dataSource={shown}
        pagination={false}
        columns={[
          { title: t('tokens.name'), dataIndex: 'name' },
          { title: t('tokens.created'), className: 'figure', render: (_, { created }) => inZone(created, zone) },
          { title: t('tokens.last_used'), className: 'figure', render: (_, { last_used: used }) => (used ? inZone(used, zone) : t('tokens.never')) },
          { title: t('tokens.state'), render: (_, token) => <State token={token} zone={zone} /> },
          { title: '', align: 'right', render: (_, token) => !token.revoked && <Revoke token={token} /> },
        ]}
      />
      {tokens.hasNextPage && (
        <Button loading={tokens.isFetchingNextPage} onClick={() => void tokens.fetchNextPage()}>
          {t('tokens.more')}
        </Button>
      )}
    </section>
  )
}

function State({ token, zone }: { token: TokenRecord; zone: string }) {
  const { t } = useSpeech()
  if (token.revoked) return <Badge status="default" text={t('tokens.state.revoked')} />
  if (token.expires) return <Badge status="success" text={t('tokens.state.session', { time: inZone(token.expires, zone) })} />
  return <Badge status="success" text={t('tokens.state.valid')} />
}

function Revoke({ token }: { token: TokenRecord }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const revoke = useRevokeToken()
  return (
    <Popconfirm title={t('tokens.revoke_sure', { name: token.name })} okText={t('tokens.revoke')} onConfirm={() => revoke.mutate(token.id, { onError: (error) => message.error(error.message) })}>
      <Button size="small" danger aria-label={`${t('tokens.revoke')}: ${token.name}`}>
        {t('tokens.revoke')}
      </Button>
    </Popconfirm>
  )
}
