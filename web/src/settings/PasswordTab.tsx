// The password that the console is opened with: set it, or another one.

import { Alert, App, Button, Form, Input, Skeleton } from 'antd'
import { ApiError } from '../api/client'
import { usePassword, usePutPassword } from '../api/settings'
import type { Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'

const FEWEST = 8

interface Fields {
  current?: string
  password: string
  again: string
}

export function PasswordTab({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const password = usePassword()
  if (password.error) return <Failure error={password.error} onRetry={() => void password.refetch()} />
  if (!password.data) return <Skeleton active className="card" />
  const { set, changed } = password.data
  return (
    <section className="card narrow-form password-tab">
      <p className="quiet">{t('password.intro')}</p>
      <p>{set ? t('password.is_set', { time: changed ? inZone(changed, workspace.timezone) : '' }) : t('password.is_not_set')}</p>
      <PasswordForm isSet={set} />
      <p className="quiet">{t('password.forgotten')}</p>
      <pre className="command">weir password set</pre>
    </section>
  )
}

function PasswordForm({ isSet }: { isSet: boolean }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [form] = Form.useForm<Fields>()
  const put = usePutPassword()
  const onFinish = ({ current, password }: Fields) =>
    put.mutate(isSet ? { current, password } : { password }, {
      onSuccess: () => {
        form.resetFields()
        message.success(t('password.saved'))
      },
    })
  const at = put.error instanceof ApiError ? put.error.at : undefined
  const fault = (place: string) => (at === place && put.error ? { validateStatus: 'error' as const, help: place === '/current' ? t('login.wrong_password') : put.error.message } : {})
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={onFinish} onValuesChange={() => put.reset()}>
      {isSet && (
        <Form.Item name="current" label={t('password.current')} rules={[{ required: true, message: t('password.needs_current') }]} {...fault('/current')}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
      )}
      <Form.Item name="password" label={t('password.new')} extra={t('password.new_help')} rules={[{ required: true, min: FEWEST, message: t('password.too_short') }]} {...fault('/password')}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('password.again')}
        dependencies={['password']}
        rules={[{ validator: (_, again?: string) => (again === form.getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('password.differs')))) }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {put.error && at !== '/current' && at !== '/password' && (
        <Form.Item>
          <Failure error={put.error} />
        </Form.Item>
      )}
      {isSet && <Alert type="info" showIcon title={t('password.ends_sessions')} className="form-row" />}
      <Button type="primary" htmlType="submit" loading={put.isPending}>
        {t(isSet ? 'password.change' : 'password.set')}
      </Button>
    </Form>
  )
}
