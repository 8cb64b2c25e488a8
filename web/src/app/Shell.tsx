// The frame of every page: menu, top bar, content.

import { LogoutOutlined } from '@ant-design/icons'
import { Button, Grid, Layout, Menu, Skeleton } from 'antd'
import { Suspense } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { useLogout } from '../api/queries'
import type { Workspace } from '../api/types'
import { useSpeech } from '../i18n'
import icon from '../icon.svg'
import { Running } from '../job/Running'
import { AsOf } from './AsOf'
import { groups, pageAt, PAGES, type PageEntry } from './pages'
import { Palette } from './Palette'
import { LanguageSwitch, ThemeSwitch } from './Switches'
import { useBase } from './useBase'

const WIDE = 208
const NARROW = 56

/** The page that the address belongs to. */
function usePage(): PageEntry | undefined {
  const base = useBase()
  return pageAt(useLocation().pathname.slice(base.length + 1))
}

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
          <Pages isWide={isWide} />
        </nav>
      </Layout.Sider>
      <Layout className="body">
        <TopBar workspace={workspace} />
        <Layout.Content id="content" className="content" tabIndex={-1}>
          <main>
            <Suspense fallback={<Skeleton active className="page" aria-label={t('app.loading')} />}>
              <Outlet />
            </Suspense>
          </main>
        </Layout.Content>
      </Layout>
    </Layout>
  )
}

function Pages({ isWide }: { isWide: boolean }) {
  const { t } = useSpeech()
  const base = useBase()
  const page = usePage()
  const item = ({ path, icon, title }: PageEntry) => ({
    key: path,
    icon,
    label: <Link to={path ? `${base}/${path}` : base}>{t(title)}</Link>,
    title: t(title),
  })
  const grouped = groups().map(({ title, pages }) => ({ type: 'group' as const, key: title, label: t(title), children: pages.map(item) }))
  return <Menu mode="inline" selectedKeys={page ? [page.path] : []} items={isWide ? grouped : PAGES.map(item)} />
}

function TopBar({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const logout = useLogout()
  const page = usePage()
  return (
    <Layout.Header className="top" role="banner">
      <div className="top-workspace">
        <span className="quiet">{t('app.workspace')}</span>
        <strong>{workspace.workspace}</strong>
      </div>
      {page?.hasAsOf && <AsOf workspace={workspace} />}
      <div className="top-end">
        <Running />
        <Palette />
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
