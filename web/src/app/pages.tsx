// The pages that there are, in the order of the menu. Menu, palette and top bar take them from here.

import {
  AimOutlined,
  AlignLeftOutlined,
  ApiOutlined,
  AppstoreOutlined,
  BlockOutlined,
  BulbOutlined,
  ClockCircleOutlined,
  ContactsOutlined,
  FilterOutlined,
  HistoryOutlined,
  HomeOutlined,
  ImportOutlined,
  LoginOutlined,
  PartitionOutlined,
  SendOutlined,
  SettingOutlined,
  SolutionOutlined,
  TagsOutlined,
  TeamOutlined,
  UsergroupAddOutlined,
  UserOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { MessageKey } from '../i18n/text'

export interface PageEntry {
  /** Its address below the workspace's. */
  path: string
  title: MessageKey
  group: MessageKey
  icon: ReactNode
  /** Whether its figures are as of the date in the top bar. */
  hasAsOf?: boolean
}

export const PAGES: PageEntry[] = [
  { path: '', title: 'nav.home', group: 'nav.start', icon: <HomeOutlined aria-hidden />, hasAsOf: true },
  { path: 'reflow', title: 'nav.reflow', group: 'nav.start', icon: <LoginOutlined aria-hidden />, hasAsOf: true },
  { path: 'playbooks', title: 'nav.playbooks', group: 'nav.start', icon: <BulbOutlined aria-hidden />, hasAsOf: true },
  { path: 'audiences', title: 'nav.audiences', group: 'nav.people', icon: <UsergroupAddOutlined aria-hidden />, hasAsOf: true },
  { path: 'tags', title: 'nav.tags', group: 'nav.people', icon: <TagsOutlined aria-hidden />, hasAsOf: true },
  { path: 'lists', title: 'nav.lists', group: 'nav.people', icon: <ContactsOutlined aria-hidden /> },
  { path: 'consumers', title: 'nav.consumers', group: 'nav.people', icon: <UserOutlined aria-hidden />, hasAsOf: true },
  { path: 'states', title: 'nav.states', group: 'nav.insight', icon: <TeamOutlined aria-hidden />, hasAsOf: true },
  { path: 'tracks', title: 'nav.tracks', group: 'nav.insight', icon: <AimOutlined aria-hidden />, hasAsOf: true },
  { path: 'models', title: 'nav.models', group: 'nav.insight', icon: <PartitionOutlined aria-hidden />, hasAsOf: true },
  { path: 'insight/portrait', title: 'nav.portrait', group: 'nav.insight', icon: <SolutionOutlined aria-hidden />, hasAsOf: true },
  { path: 'insight/overlap', title: 'nav.overlap', group: 'nav.insight', icon: <BlockOutlined aria-hidden />, hasAsOf: true },
  { path: 'insight/funnel', title: 'nav.funnel', group: 'nav.insight', icon: <FilterOutlined aria-hidden />, hasAsOf: true },
  { path: 'insight/stages', title: 'nav.stages', group: 'nav.insight', icon: <AlignLeftOutlined aria-hidden />, hasAsOf: true },
  { path: 'insight/retention', title: 'nav.retention', group: 'nav.insight', icon: <HistoryOutlined aria-hidden />, hasAsOf: true },
  { path: 'insight/rfm', title: 'nav.rfm', group: 'nav.insight', icon: <AppstoreOutlined aria-hidden />, hasAsOf: true },
  { path: 'pushes', title: 'nav.pushes', group: 'nav.reach', icon: <SendOutlined aria-hidden /> },
  { path: 'data/sources', title: 'nav.sources', group: 'nav.data', icon: <ApiOutlined aria-hidden /> },
  { path: 'data/imports', title: 'nav.imports', group: 'nav.data', icon: <ImportOutlined aria-hidden /> },
  { path: 'data/jobs', title: 'nav.jobs', group: 'nav.data', icon: <ClockCircleOutlined aria-hidden /> },
  { path: 'settings', title: 'nav.settings', group: 'nav.workspace', icon: <SettingOutlined aria-hidden /> },
]

/** The page that an address belongs to: the one with the longest path that begins it. */
export function pageAt(path: string): PageEntry | undefined {
  return PAGES.filter((page) => path === page.path || (page.path !== '' && path.startsWith(`${page.path}/`))).sort((a, b) => b.path.length - a.path.length)[0]
}

/** Groups in the order in which their first page comes. */
export function groups(): { title: MessageKey; pages: PageEntry[] }[] {
  const titles = [...new Set(PAGES.map(({ group }) => group))]
  return titles.map((title) => ({ title, pages: PAGES.filter(({ group }) => group === title) }))
}
