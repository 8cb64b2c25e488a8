// Asks for a token and exchanges it for a session cookie. The token itself is kept nowhere.

import { Button, Form, Input } from 'antd'
import { useLogin } from '../api/queries'
import { useSpeech } from '../i18n'
import icon from '../icon.svg'
import { Failure } from './Failure'
import { LanguageSwitch, ThemeSwitch } from './Switches'

export function Login() {
  const { t } = useSpeech()
  const login = useLogin()
  return (
    <div className="login">
      <div className="login-switches">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className="login-card">
        <img src={icon} alt="" width={40} height={40} />
        <h1>{t('login.title')}</h1>
        <Form layout="vertical" requiredMark={false} onFinish={({ token }: { token: string }) => login.mutate(token.trim())}>
          <Form.Item name="token" label={t('login.token')} rules={[{ required: true, whitespace: true, message: t('login.empty') }]}>
            <Input type="password" autoFocus autoComplete="current-password" spellCheck={false} />
          </Form.Item>
          {login.error && (
            <Form.Item>
              <Failure error={login.error} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" block loading={login.isPending}>
            {t('login.submit')}
          </Button>
        </Form>
        <p className="quiet">{t('login.help')}</p>
        <pre className="command">weir token add NAME</pre>
      </main>
    </div>
  )
}
