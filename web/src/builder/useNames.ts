// What things are called here and now: the catalogue, channels, models and snapshots, in the page's language.

import { useMemo } from 'react'
import { useChannels, useEntries } from '../api/audiences'
import { useModels, useSnapshots, useWorkspace } from '../api/queries'
import type { CatalogEntry } from '../api/types'
import { useSpeech } from '../i18n'
import type { Language } from '../i18n/language'
import { isKey, textIn, type Text } from '../i18n/text'
import { looks, lookOf } from '../states/look'
import { entryName, modelTitle } from '../view/Filters'
import type { Names } from './grammar/names'

export function behaviorName(name: string, t: Text): string {
  const key = `behavior.${name}`
  return isKey(key) ? t(key) : name
}

/** The name of a channel; the entrances have ours; else the last word of its path. */
export function channelName(path: string, channels: readonly { path: string; name?: string | null; name_zh?: string | null }[], language: Language) {
  const leaf = path.split('.').at(-1) ?? path
  const found = channels.find((one) => one.path === path || one.path.endsWith(`.${path}`))
  const name = language === 'zh' ? found?.name_zh || found?.name : found?.name
  const entrance = `entrance.${path}`
  return name || (isKey(entrance) ? textIn(language)(entrance) : leaf)
}

function named(entries: readonly CatalogEntry[] | undefined, language: Language): (id: string) => string {
  const byId = new Map((entries ?? []).map((entry) => [entry.id, entry]))
  return (id) => entryName(byId.get(id), id, language)
}

export function useNames(): Names {
  const { t, language } = useSpeech()
  const channels = useChannels().data
  const models = useModels().data
  const snapshots = useSnapshots().data
  const currency = useWorkspace().data?.currency ?? ''
  const shops = useEntries('shop').data
  const brands = useEntries('brand').data
  const categories = useEntries('category').data
  const campaigns = useEntries('campaign').data
  const items = useEntries('item').data
  return useMemo(
    () => ({
      behavior: (name) => behaviorName(name, t),
      channel: (path) => channelName(path, channels ?? [], language),
      shop: named(shops, language),
      brand: named(brands, language),
      category: named(categories, language),
      campaign: named(campaigns, language),
      item: named(items, language),
      tag: (key) => key,
      model: (name) => {
        const model = models?.find((one) => one.name === name)
        return model ? modelTitle(model, language) : name
      },
      state: (name, state) => lookOf(looks(models?.find((one) => one.name === name)?.states ?? [], language), state).title,
      snapshot: (id) => snapshots?.find(({ snapshot }) => snapshot === id)?.name ?? id,
      currency,
    }),
    [t, language, channels, models, snapshots, currency, shops, brands, categories, campaigns, items],
  )
}
