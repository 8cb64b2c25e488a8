// Fields for names: behaviors, channels, entries of the catalogue. Any of those chosen; none means any at all.

import { Select, TreeSelect } from 'antd'
import { useMemo } from 'react'
import { useChannels, useEntries, type CatalogKind } from '../../api/audiences'
import type { Channel } from '../../api/types'
import { useSpeech } from '../../i18n'
import type { Language } from '../../i18n/language'
import { entryName, Field } from '../../view/Filters'
import { behaviorName, channelName } from '../useNames'

interface Props {
  value: string[]
  onChange: (value: string[]) => void
}

export const BEHAVIORS = [
  'impression',
  'click',
  'view',
  'search',
  'favorite',
  'add_to_cart',
  'order',
  'purchase',
  'refund',
  'review',
  'share',
  'follow',
  'join_member',
  'sign_up',
  'watch_live',
  'comment',
  'bid',
  'compare_price',
  'coupon_claim',
  'coupon_redeem',
  'message_sent',
  'message_delivered',
  'message_opened',
  'message_clicked',
  'message_bounced',
  'message_complained',
  'message_unsubscribed',
] as const

/** Finds what is typed in the label as well as in the id, which is what data and files say. */
const search = {
  filterOption: (text: string, option?: { label?: unknown; value?: unknown }) =>
    `${String(option?.label)} ${String(option?.value)}`.toLowerCase().includes(text.toLowerCase()),
}

export function BehaviorField({ value, onChange, isNot = false }: Props & { isNot?: boolean }) {
  const { t } = useSpeech()
  const label = t(isNot ? 'field.not_behavior' : 'field.behavior')
  const custom = value.filter((name) => !BEHAVIORS.some((one) => one === name))
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        mode="tags"
        showSearch={search}
        value={value}
        placeholder={t('field.any')}
        options={[...BEHAVIORS, ...custom].map((name) => ({ value: name, label: behaviorName(name, t) }))}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

interface Branch {
  value: string
  title: string
  children: Branch[]
}

/** The tree of channels, from its paths. */
function branches(channels: readonly Channel[], language: Language): Branch[] {
  const byPath = new Map<string, Branch>()
  const top: Branch[] = []
  for (const { path } of [...channels].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const branch = { value: path, title: channelName(path, channels, language), children: [] }
    byPath.set(path, branch)
    const parent = byPath.get(path.slice(0, Math.max(0, path.lastIndexOf('.'))))
    ;(parent?.children ?? top).push(branch)
  }
  return top
}

export function ChannelField({ value, onChange, label }: Props & { label?: string }) {
  const { t, language } = useSpeech()
  const channels = useChannels().data
  const tree = useMemo(() => branches(channels ?? [], language), [channels, language])
  return (
    <Field label={label ?? t('field.channel')}>
      <TreeSelect
        aria-label={label ?? t('field.channel')}
        multiple
        allowClear
        showSearch={{ treeNodeFilterProp: 'title' }}
        treeDefaultExpandAll
        value={value}
        treeData={tree}
        placeholder={t('field.any')}
        onChange={(next: string[]) => onChange(next)}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

export function CatalogField({ kind, value, onChange }: Props & { kind: CatalogKind }) {
  const { t, language } = useSpeech()
  const entries = useEntries(kind).data ?? []
  const options = entries.map((entry) => ({ value: entry.id, label: entryName(entry, entry.id, language) }))
  return (
    <Field label={t(`field.${kind}`)}>
      <Select
        aria-label={t(`field.${kind}`)}
        mode="tags"
        allowClear
        showSearch={search}
        value={value}
        placeholder={t('field.any')}
        options={options}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}
