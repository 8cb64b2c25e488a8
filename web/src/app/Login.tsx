// Asks for the password or a token, and exchanges it for a session cookie. Neither is kept anywhere.

import { Alert, Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { matchPath, useLocation } from 'react-router'
import { ApiError } from '../api/client'
import { useLogin } from '../api/queries'
import { useSpeech } from '../i18n'
import icon from '../icon.svg'
import { Failure } from './Failure'
import { LanguageSwitch, ThemeSwitch } from './Switches'

type By = 'password' | 'token'

/** What the server says of a wrong password is said in the page's language: it is what everybody sees some day. */
const isWrong = (error: Error, by: By) => by === 'password' && error instanceof ApiError && error.status === 401

export function Login() {
  const { t } = useSpeech()
  const login = useLogin()
  const [by, setBy] = useState<By>('password')
  const workspace = matchPath('/w/:workspace/*', useLocation().pathname)?.params.workspace
  const onFinish = ({ secret }: { secret: string }) => login.mutate(by === 'token' ? { token: secret.trim() } : { password: secret, workspace })
  const choose = (next: By) => {
    login.reset()
    setBy(next)
  }
  return (
    <div className="login">
      <div className="login-switches">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className="login-card">
        <img src={icon} alt="" width={40} height={40} />
        <h1>{t('login.title')}</h1>
        <Segmented<By> block aria-label={t('login.by')} value={by} options={(['password', 'token'] as const).map((value) => ({ value, label: t(`login.by.${value}`) }))} onChange={choose} />
        <Form key={by} layout="vertical" requiredMark={false} onFinish={onFinish}>
          <Form.Item name="secret" label={t(by === 'token' ? 'login.token' : 'login.by.password')} rules={[{ required: true, whitespace: true, message: t(by === 'token' ? 'login.empty' : 'login.password_empty') }]}>
            <Input type="password" autoFocus autoComplete="current-password" spellCheck={false} />
          </Form.Item>
          {login.error && <Form.Item>{isWrong(login.error, by) ? <Alert type="error" showIcon title={t('login.wrong_password')} /> : <Failure error={login.error} />}</Form.Item>}
          <Button type="primary" htmlType="submit" block loading={login.isPending}>
            {t('login.submit')}
          </Button>
        </Form>
        <p className="quiet">{t(by === 'token' ? 'login.help' : 'login.password_help')}</p>
        <pre className="command">{by === 'token' ? 'weir token add NAME' : 'weir password set'}</pre>
      </main>
    </div>
  )
}
