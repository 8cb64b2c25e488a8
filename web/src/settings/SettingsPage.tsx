// The workspace's settings, a tab for each matter.

import { Tabs } from 'antd'
import type { Workspace } from '../api/types'
import { usePageTitle } from '../app/usePageTitle'
import { useSpeech } from '../i18n'
import { useAddress } from '../view/useAddress'
import { Channels } from './Channels'
import { EventNames } from './EventNames'
import { General } from './General'
import { PasswordTab } from './PasswordTab'
import { Tokens } from './Tokens'

const TABS = ['general', 'channels', 'names', 'password', 'tokens'] as const

export function SettingsPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('settings.title'))
  const [query, setQuery] = useAddress()
  const tab = TABS.find((one) => one === query.get('tab')) ?? 'general'
  const content = {
    general: <General workspace={workspace} />,
    channels: <Channels />,
    names: <EventNames />,
    password: <PasswordTab workspace={workspace} />,
    tokens: <Tokens zone={workspace.timezone} />,
  }
  return (
    <div className="page">
      <div className="page-main">
        <h1>{t('settings.title')}</h1>
        <Tabs
          activeKey={tab}
          destroyOnHidden
          onChange={(next) => setQuery({ tab: next === 'general' ? null : next })}
          items={TABS.map((key) => ({ key, label: t(`settings.tab.${key}`), children: content[key] }))}
        />
      </div>
    </div>
  )
}
