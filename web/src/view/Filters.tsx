// Which model, over what, for whom.

import { Select } from 'antd'
import { useAudiences, useCatalog, useModels, useSnapshots } from '../api/queries'
import type { CatalogEntry, StateModel } from '../api/types'
import { useSpeech } from '../i18n'
import type { Language } from '../i18n/language'
import { SCOPE_KINDS, writeScope, writeWho, type ScopeKind, type View } from './view'

type Change = (changes: Record<string, string | null>) => void

export function modelTitle(model: StateModel, language: Language): string {
  return (language === 'zh' ? model.title_zh : model.title) || model.name
}

export function entryName(entry: CatalogEntry | undefined, id: string, language: Language): string {
  const [first, second] = language === 'zh' ? [entry?.name_zh, entry?.name] : [entry?.name, entry?.name_zh]
  return first || second || id
}

export function Filters({ view, change }: { view: View; change: Change }) {
  return (
    <div className="filters">
      <ModelFilter view={view} change={change} />
      <ScopeFilter view={view} change={change} />
      <WhoFilter view={view} change={change} />
    </div>
  )
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="field">
      <span className="quiet">{label}</span>
      {children}
    </div>
  )
}

/** Finds what is typed in the label, not in the value. */
const byLabel = { optionFilterProp: 'label' }

function ModelFilter({ view, change }: { view: View; change: Change }) {
  const { t, language } = useSpeech()
  const models = useModels().data ?? []
  const options = (isPreset: boolean) =>
    models.filter(({ preset }) => preset === isPreset).map((model) => ({ value: model.name, label: modelTitle(model, language) }))
  const groups = [
    { label: t('view.presets'), options: options(true) },
    { label: t('view.own_models'), options: options(false) },
  ]
  return (
    <Field label={t('view.model')}>
      <Select
        aria-label={t('view.model')}
        showSearch={byLabel}
        value={view.model}
        options={groups.filter((group) => group.options.length > 0)}
        onChange={(model) => change({ model })}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

function ScopeFilter({ view, change }: { view: View; change: Change }) {
  const { t, language } = useSpeech()
  const entries: Record<ScopeKind, CatalogEntry[]> = {
    shop: useCatalog('shop').data ?? [],
    brand: useCatalog('brand').data ?? [],
    category: useCatalog('category').data ?? [],
  }
  const groups = SCOPE_KINDS.map((kind) => ({
    label: t(`scopes.${kind}`),
    options: entries[kind].map((entry) => ({
      value: writeScope({ kind, id: entry.id }),
      label: entryName(entry, entry.id, language),
    })),
  }))
  const whole = { value: 'workspace', label: t('scopes.workspace') }
  return (
    <Field label={t('view.scope')}>
      <Select
        aria-label={t('view.scope')}
        showSearch={byLabel}
        value={writeScope(view.scope)}
        options={[whole, ...groups.filter((group) => group.options.length > 0)]}
        onChange={(scope) => change({ scope: scope === 'workspace' ? null : scope })}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

function WhoFilter({ view, change }: { view: View; change: Change }) {
  const { t, exact } = useSpeech()
  const audiences = (useAudiences().data ?? []).map(({ name }) => ({
    value: writeWho({ kind: 'audience', name }),
    label: name,
  }))
  const snapshots = (useSnapshots().data ?? []).map(({ snapshot, name, as_of, size }) => ({
    value: writeWho({ kind: 'snapshot', id: snapshot }),
    label: t('view.frozen', { name, date: as_of, count: exact(size) }),
  }))
  const groups = [
    { label: t('view.audiences'), options: audiences },
    { label: t('view.snapshots'), options: snapshots },
  ]
  const everyone = { value: 'everyone', label: t('view.everyone') }
  return (
    <Field label={t('view.who')}>
      <Select
        aria-label={t('view.who')}
        showSearch={byLabel}
        value={writeWho(view.who)}
        options={[everyone, ...groups.filter((group) => group.options.length > 0)]}
        onChange={(who) => change({ who: who === 'everyone' ? null : who })}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}
