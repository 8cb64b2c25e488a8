// What the page is about, in words: for sentences.

import { useMemo } from 'react'
import { useCatalog, useModels, useSnapshots } from '../api/queries'
import { useModelVersion } from '../api/tracks'
import type { StateModel } from '../api/types'
import { useSpeech } from '../i18n'
import { textIn } from '../i18n/text'
import { looks } from '../states/look'
import { entryName, modelTitle } from '../view/Filters'
import type { View } from '../view/view'
import type { Setting } from './sentence'

export function useSetting(view: View, flowStates: readonly string[]): { setting: Setting; model: StateModel | undefined } {
  const { language } = useSpeech()
  const model = useModel(view)
  const scope = useScopeName(view)
  const who = useWho(view)
  const setting = useMemo<Setting>(
    () => ({
      language,
      looks: looks(model?.states ?? [], language),
      model: model ? modelTitle(model, language) : view.model,
      scope,
      who,
      from: view.from,
      to: view.to,
      flowStates,
    }),
    [language, model, scope, who, view, flowStates],
  )
  return { setting, model }
}

/** The model that a view means: the latest of a name, one version of it, or rules that have no name. */
function useModel({ model, rules }: View): StateModel | undefined {
  const { t } = useSpeech()
  const latest = useModels().data?.find(({ name }) => name === model)
  const version = useModelVersion(model).data
  return useMemo(() => {
    if (rules === undefined) return version ?? latest
    const { states } = rules as Pick<StateModel, 'states'>
    return { name: t('tracks.own_rules'), version: 0, states, preset: false }
  }, [rules, latest, version, t])
}

function useScopeName({ scope }: View): string {
  const { language } = useSpeech()
  const kind = scope.kind === 'workspace' ? 'shop' : scope.kind
  const entries = useCatalog(kind).data
  if (scope.kind === 'workspace') return textIn(language)('scope.workspace')
  const name = entryName(entries?.find(({ id }) => id === scope.id), scope.id, language)
  return textIn(language)(`scope.${scope.kind}`, { name })
}

function useWho({ who }: View): Setting['who'] {
  const snapshots = useSnapshots().data
  const id = who.kind === 'snapshot' ? who.id : ''
  const name = who.kind === 'audience' ? who.name : (snapshots?.find(({ snapshot }) => snapshot === id)?.name ?? id)
  return useMemo(() => ({ kind: who.kind, name }), [who.kind, name])
}
