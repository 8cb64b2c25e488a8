// Which model, over what, for whom.

import { Select } from 'antd'
import { useAudiences, useCatalog, useModels, useSnapshots } from '../api/queries'
import type { CatalogEntry, StateModel } from '../api/types'
import { useSpeech } from '../i18n'
import type { Language } from '../i18n/language'
import { readScope, readWho, SCOPE_KINDS, writeScope, writeWho, type QueryChanges, type Scope, type ScopeKind, type View, type Who } from './view'

type Change = (changes: QueryChanges) => void

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
      <ModelSelect value={view.model} onChange={(model) => change({ model })} />
      <ScopeSelect value={view.scope} onChange={(scope) => change({ scope: scope.kind === 'workspace' ? null : writeScope(scope) })} />
      <WhoSelect value={view.who} onChange={(who) => change({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
    </div>
  )
}

export function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="field">
      <span className="quiet">{label}</span>
      {children}
    </div>
  )
}

/** Finds what is typed in the label, not in the value. */
const byLabel = { optionFilterProp: 'label' }

interface Choice<T> {
  value: T
  onChange: (value: T) => void
}

export function ModelSelect({ value, onChange }: Choice<string>) {
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
        value={value}
        options={groups.filter((group) => group.options.length > 0)}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

export function ScopeSelect({ value, onChange }: Choice<Scope>) {
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
        value={writeScope(value)}
        options={[whole, ...groups.filter((group) => group.options.length > 0)]}
        onChange={(scope) => onChange(readScope(scope))}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

export function WhoSelect({ value, onChange, label }: Choice<Who> & { label?: string }) {
  const { t, exact } = useSpeech()
  const title = label ?? t('view.who')
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
  const own = value.kind === 'expression' ? [{ value: writeWho(value), label: t('view.expression') }] : []
  return (
    <Field label={title}>
      <Select
        aria-label={title}
        showSearch={byLabel}
        value={writeWho(value)}
        options={[everyone, ...own, ...groups.filter((group) => group.options.length > 0)]}
        onChange={(who) => onChange(readWho(who))}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}
