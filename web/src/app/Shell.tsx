// The frame of every page: menu, top bar, content. The menu lists the pages that exist.

import { LogoutOutlined, SendOutlined, TeamOutlined } from '@ant-design/icons'
import { Button, Grid, Layout, Menu } from 'antd'
import { Link, Outlet, useLocation } from 'react-router'
import { useLogout } from '../api/queries'
import type { Workspace } from '../api/types'
import { useSpeech } from '../i18n'
import icon from '../icon.svg'
import { AsOf } from './AsOf'
import { LanguageSwitch, ThemeSwitch } from './Switches'

const WIDE = 208
const NARROW = 56

export function Shell({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const isWide = Grid.useBreakpoint().xl ?? true
  return (
    <Layout className="shell">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Layout.Sider className="sider" theme="light" width={WIDE} collapsedWidth={NARROW} collapsed={!isWide} trigger={null}>
        <Link className="brand" to="/" aria-label="Weir 堰">
          <img src={icon} alt="" width={28} height={28} />
          {isWide && <span>Weir 堰</span>}
        </Link>
        <nav aria-label={t('nav.main')}>
          <Pages base={`/w/${encodeURIComponent(workspace.workspace)}`} isWide={isWide} />
        </nav>
      </Layout.Sider>
      <Layout className="body">
        <TopBar workspace={workspace} />
        <Layout.Content id="content" className="content" tabIndex={-1}>
          <main>
            <Outlet />
          </main>
        </Layout.Content>
      </Layout>
    </Layout>
  )
}

function Pages({ base, isWide }: { base: string; isWide: boolean }) {
  const { t } = useSpeech()
  const page = useLocation().pathname.slice(base.length).split('/')[1] ?? ''
  const item = (key: string, icon: React.ReactNode, label: string) => ({
    key,
    icon,
    label: <Link to={`${base}/${key}`}>{label}</Link>,
    title: label,
  })
  const states = item('states', <TeamOutlined aria-hidden />, t('nav.states'))
  const pushes = item('pushes', <SendOutlined aria-hidden />, t('nav.pushes'))
  const groups = [
    { type: 'group' as const, key: 'insight', label: t('nav.insight'), children: [states] },
    { type: 'group' as const, key: 'reach', label: t('nav.reach'), children: [pushes] },
  ]
  return <Menu mode="inline" selectedKeys={[page]} items={isWide ? groups : [states, pushes]} />
}

function TopBar({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const logout = useLogout()
  const hasAsOf = useLocation().pathname.endsWith('/states')
  return (
    <Layout.Header className="top" role="banner">
      <div className="top-workspace">
        <span className="quiet">{t('app.workspace')}</span>
        <strong>{workspace.workspace}</strong>
      </div>
      {hasAsOf && <AsOf workspace={workspace} />}
      <div className="top-end">
        <LanguageSwitch />
        <ThemeSwitch />
        <Button
          type="text"
          icon={<LogoutOutlined aria-hidden />}
          aria-label={t('app.signout')}
          title={t('app.signout')}
          onClick={() => logout.mutate()}
        />
      </div>
    </Layout.Header>
  )
}
