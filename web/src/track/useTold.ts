// What a track follows, in words.

import { useCatalog, useModels, useSnapshots } from '../api/queries'
import type { Track } from '../api/types'
import { useSpeech } from '../i18n'
import { isKey } from '../i18n/text'
import { entryName, modelTitle } from '../view/Filters'
import { scopeOf } from '../view/view'

interface Told {
  whom: (track: Track) => string
  model: (track: Track) => string
  scope: (track: Track) => string
  step: (track: Track) => string
}

export function useTold(): Told {
  const { t, language } = useSpeech()
  const models = useModels().data
  const snapshots = useSnapshots().data
  const entries = [useCatalog('shop').data, useCatalog('brand').data, useCatalog('category').data].flatMap((list) => list ?? [])
  return {
    whom: ({ audience, snapshot, list, expression }) => {
      if (audience) return t('tracks.whom_audience', { name: audience })
      if (snapshot) return t('tracks.whom_snapshot', { name: snapshots?.find((one) => one.snapshot === snapshot)?.name ?? snapshot })
      if (list) return t('tracks.whom_list', { name: list })
      return expression ? t('tracks.whom_expression') : t('view.everyone')
    },
    model: ({ model }) => {
      if (typeof model !== 'string') return t('tracks.own_rules')
      const [name, version] = model.split('@')
      const found = models?.find((one) => one.name === name)
      const title = found ? modelTitle(found, language) : (name ?? model)
      return version ? t('provenance.version', { model: title, version }) : title
    },
    scope: ({ scope: json }) => {
      const scope = scopeOf(json)
      if (scope.kind === 'workspace') return t('scopes.workspace')
      const entry = entries.find(({ kind, id }) => kind === scope.kind && id === scope.id)
      return t(`scope.${scope.kind}`, { name: entryName(entry, scope.id, language) })
    },
    step: ({ step, dates }) => {
      const key = `tracks.step.${step}`
      return isKey(key) ? t(key) : t('tracks.step.listed', { n: dates?.length ?? 0 })
    },
  }
}
