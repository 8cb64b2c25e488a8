// What if a window were another one, or the model another version? Who would be in another state.

import { InputNumber, Segmented, Select } from 'antd'
import { useMemo } from 'react'
import { useModel, useModelVersions } from '../api/models'
import { useModels } from '../api/queries'
import { useModelVersion } from '../api/tracks'
import type { StateModel } from '../api/types'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { lookOf, type Looks } from '../states/look'
import { Field, modelTitle } from '../view/Filters'
import { useAddress } from '../view/useAddress'
import type { QueryChanges } from '../view/view'
import { readWhatIf, windowsOf, withWindows, writeWhatIf, type UsedWindow, type WhatIf } from './rules'
import { SideBySide, type Side, type SideBySideProps } from './SideBySide'

interface Props extends Omit<SideBySideProps, 'a' | 'b'> {
  model: StateModel
  /** As it is asked for: `pno`, `pno@2`. */
  reference: string
  looks: Looks
}

/** What the address says to compare with: a window, or else a model. */
export function useOther(model: StateModel, reference: string): { a: Side; b: Side | undefined; whatIf: WhatIf | undefined; other: string | undefined; windows: UsedWindow[] } {
  const { t, language } = useSpeech()
  const [query] = useAddress()
  const windows = useMemo(() => windowsOf(model.states), [model])
  const other = query.get('with') ?? undefined
  const otherModel = useReferenced(other ?? '')
  const whatIf = other === undefined ? readWhatIf(query.get('if'), windows) : undefined
  const changed = useMemo(() => whatIf && withWindows(model.states, whatIf), [model, whatIf?.from, whatIf?.to]) // eslint-disable-line react-hooks/exhaustive-deps -- by what it says, not by which object says it
  const titled = (one: StateModel, isVersion: boolean) => (isVersion ? t('provenance.version', { model: modelTitle(one, language), version: one.version }) : modelTitle(one, language))
  const a = { model: reference, title: titled(model, reference !== model.name), states: model.states }
  const b = otherModel
    ? { model: other ?? '', title: titled(otherModel, (other ?? '').includes('@')), states: otherModel.states }
    : changed && whatIf && { model: { states: changed }, title: t('whatif.if', { from: whatIf.from, to: whatIf.to }), states: changed }
  return { a, b: other !== undefined && !otherModel ? undefined : b, whatIf, other, windows }
}

function useReferenced(reference: string): StateModel | undefined {
  const isVersion = /@\d+$/.test(reference)
  const latest = useModel(isVersion ? '' : reference).data
  const version = useModelVersion(reference).data
  return isVersion ? version : latest
}

export function CompareSection({ model, reference, looks, ...props }: Props) {
  const { t } = useSpeech()
  const [, setQuery] = useAddress()
  const { a, b, whatIf, other, windows } = useOther(model, reference)
  const change = (changes: QueryChanges) => setQuery({ sel: null, ...changes })
  const kind = other === undefined ? 'window' : 'model'
  return (
    <section className="reflow" aria-labelledby="whatif-title">
      <h2 id="whatif-title">{t('whatif.title')}</h2>
      <div className="card">
        <p className="quiet">{t('whatif.intro')}</p>
        <div className="filters whatif-fields">
          <Field label={t('whatif.kind')}>
            <Segmented
              aria-label={t('whatif.kind')}
              value={kind}
              options={(['window', 'model'] as const).map((value) => ({ value, label: t(`whatif.kind.${value}`) }))}
              onChange={(next) => change({ if: null, with: next === 'model' ? firstOther(model) : null })}
            />
          </Field>
          {kind === 'window' && whatIf && <WindowFields windows={windows} whatIf={whatIf} looks={looks} onChange={(next) => change({ if: writeWhatIf(next) })} />}
          {kind === 'model' && <OtherField model={model} reference={reference} value={other ?? ''} onChange={(next) => change({ with: next })} />}
          {kind === 'window' && whatIf && <EditWith model={model} whatIf={whatIf} />}
        </div>
        {kind === 'window' && !whatIf && <p className="quiet">{t('whatif.no_windows')}</p>}
      </div>
      {b && <SideBySide {...props} a={a} b={b} />}
    </section>
  )
}

/** Something to begin with: the version before, else a model that everybody has. */
function firstOther({ name, version, preset }: StateModel): string {
  if (!preset && version > 1) return `${name}@${version - 1}`
  return name === 'aipl' ? 'pno' : 'aipl'
}

function WindowFields({ windows, whatIf, looks, onChange }: { windows: UsedWindow[]; whatIf: WhatIf; looks: Looks; onChange: (next: WhatIf) => void }) {
  const { t, language } = useSpeech()
  const label = ({ days, states }: UsedWindow) => t('whatif.window_of', { days, states: listed(states.map((state) => lookOf(looks, state).title), 'conjunction', language) })
  return (
    <>
      <Field label={t('whatif.window')}>
        <Select
          aria-label={t('whatif.window')}
          value={whatIf.from}
          options={windows.map((window) => ({ value: window.days, label: label(window) }))}
          onChange={(from: number) => onChange({ from, to: whatIf.to === from ? from * 2 : whatIf.to })}
          popupMatchSelectWidth={false}
        />
      </Field>
      <Field label={t('whatif.days')}>
        <InputNumber
          aria-label={t('whatif.days')}
          min={1}
          max={10_000}
          precision={0}
          changeOnWheel={false}
          value={whatIf.to}
          onChange={(to) => typeof to === 'number' && onChange({ ...whatIf, to })}
        />
      </Field>
    </>
  )
}

function OtherField({ model, reference, value, onChange }: { model: StateModel; reference: string; value: string; onChange: (reference: string) => void }) {
  const { t, language } = useSpeech()
  const models = useModels().data ?? []
  const versions = useModelVersions(model.name).data ?? []
  const own = versions.map(({ version }) => ({ value: `${model.name}@${version}`, label: t('provenance.version', { model: modelTitle(model, language), version }) }))
  const others = models.filter(({ name }) => name !== model.name).map((one) => ({ value: one.name, label: modelTitle(one, language) }))
  const groups = [
    { label: t('versions.title'), options: own.filter((one) => one.value !== reference && versions.length > 1) },
    { label: t('models.title'), options: others },
  ]
  return (
    <Field label={t('whatif.with')}>
      <Select aria-label={t('whatif.with')} showSearch={{ optionFilterProp: 'label' }} value={value} options={groups.filter(({ options }) => options.length > 0)} onChange={onChange} popupMatchSelectWidth={false} />
    </Field>
  )
}

function EditWith({ model, whatIf }: { model: StateModel; whatIf: WhatIf }) {
  const { t } = useSpeech()
  const base = useBase()
  return (
    <LinkButton className="field-button" to={`${base}/models/${encodeURIComponent(model.name)}/edit?if=${writeWhatIf(whatIf)}`}>
      {t('whatif.edit')}
    </LinkButton>
  )
}
