// Every version of a model, the latest first, each with what it changed.

import { App, Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useModelDiff, useRestoreModel } from '../api/models'
import type { ModelChange, StateModel } from '../api/types'
import { useSpeech } from '../i18n'
import { isKey } from '../i18n/text'
import { looks, lookOf } from '../states/look'
import { useAddress } from '../view/useAddress'
import { withQuery, type QueryChanges, type View } from '../view/view'
import { GuardDialog } from './GuardDialog'
import { changesOf, fieldIn, placeIn, type Use } from './rules'
import { useRuleSaid } from './useRuleSaid'

interface Props {
  model: StateModel
  versions: StateModel[]
  uses: Use[]
  view: View
}

export function VersionsSection({ model, versions, ...props }: Props) {
  const { t } = useSpeech()
  return (
    <section className="card" aria-labelledby="versions-title">
      <h2 id="versions-title">{t('versions.title')}</h2>
      {versions.length < 2 && <p className="quiet">{t('versions.only')}</p>}
      {versions.length > 1 && (
        <ol className="versions">
          {versions.map((version, i) => (
            <Version key={version.version} {...props} model={model} version={version} before={versions[i + 1]} isLatest={i === 0} />
          ))}
        </ol>
      )}
    </section>
  )
}

interface VersionProps extends Omit<Props, 'versions'> {
  version: StateModel
  before: StateModel | undefined
  isLatest: boolean
}

function Version({ model, version, before, isLatest, uses, view }: VersionProps) {
  const { t } = useSpeech()
  const [query] = useAddress()
  const to = (changes: QueryChanges) => `?${withQuery(query, { sel: null, open: null, ...changes })}`
  return (
    <li>
      <div className="version-head">
        <strong>{t('models.version', { version: version.version })}</strong>
        {isLatest && <span className="quiet">{t('versions.current')}</span>}
        {!isLatest && (
          <>
            <Link to={to({ v: String(version.version) })}>{t('versions.look', { version: version.version })}</Link>
            <Link to={to({ v: null, if: null, with: `${model.name}@${version.version}` })}>{t('versions.compare')}</Link>
            <Restore model={model} version={version} uses={uses} view={view} />
          </>
        )}
      </div>
      {before ? <Changes name={model.name} before={before} after={version} /> : <p className="quiet">{t('versions.first')}</p>}
    </li>
  )
}

/** What others follow is not changed without their being named. */
function Restore({ model, version, uses, view }: Pick<VersionProps, 'model' | 'version' | 'uses' | 'view'>) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [isAsking, setAsking] = useState(false)
  const restore = useRestoreModel(model.name)
  const followers = uses.filter((use) => use.version === undefined)
  const onRestore = () => {
    setAsking(false)
    restore.mutate(version.version, {
      onSuccess: (saved) => message.success(t('versions.restored', { from: version.version, version: saved.version })),
      onError: (error) => message.error(error.message),
    })
  }
  return (
    <>
      <Button
        size="small"
        loading={restore.isPending}
        aria-label={`${t('versions.restore')}: ${t('models.version', { version: version.version })}`}
        onClick={() => (followers.length > 0 ? setAsking(true) : onRestore())}
      >
        {t('versions.restore')}
      </Button>
      {isAsking && <GuardDialog uses={followers} before={model.name} rules={version.states} view={view} isSaving={false} onSave={onRestore} onClose={() => setAsking(false)} />}
    </>
  )
}

function Changes({ name, before, after }: { name: string; before: StateModel; after: StateModel }) {
  const { t } = useSpeech()
  const said = useChangeSaid(before, after)
  const diff = useModelDiff(`${name}@${before.version}`, `${name}@${after.version}`)
  if (!diff.data) return <p className="quiet">…</p>
  const changes = changesOf(diff.data.changes)
  if (changes.length === 0) return <p className="quiet">{t('versions.same')}</p>
  return (
    <ul className="changes">
      {changes.map((change) => (
        <li key={`${change.change} ${change.at}`}>{said(change)}</li>
      ))}
    </ul>
  )
}

/** A change in a sentence; a rule is said whole, as it was and as it is. */
function useChangeSaid(before: StateModel, after: StateModel): (change: ModelChange) => string {
  const { t, language } = useSpeech()
  const rule = useRuleSaid()
  return (change) => {
    const isGone = change.change === 'state_removed'
    const state = lookOf(looks((isGone ? before : after).states, language), change.state).title
    const whenIn = (model: StateModel) => rule(model.states.find(({ name }) => name === change.state)?.when)
    const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : t('versions.nothing'))
    switch (change.change) {
      case 'state_added':
        return t('versions.added', { state, rule: whenIn(after) })
      case 'state_removed':
        return t('versions.removed', { state, rule: whenIn(before) })
      case 'state_moved':
        return t('versions.moved', { state, place: placeIn(change.at) })
      case 'rule_changed':
        return t('versions.rule', { state, before: whenIn(before), after: whenIn(after) })
      case 'label_changed': {
        const key = `versions.field.${fieldIn(change.at)}`
        return t('versions.label', { state, field: isKey(key) ? t(key) : fieldIn(change.at), before: text(change.before), after: text(change.after) })
      }
      default:
        // A kind that a newer server knows.
        return change.sentence
    }
  }
}
