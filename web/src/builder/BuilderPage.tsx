// The audience builder: a tree of conditions, each with its exact count, and what comes out beside it.

import { Alert, App, Button, Input, Skeleton, type InputRef } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { ApiError } from '../api/client'
import { besideOf, useAudience, usePutAudience, type Beside } from '../api/audiences'
import type { Branch, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { isSame, keepDraft, readDraft, type Draft } from './draft'
import { Sentence } from './Sentence'
import { Side, TABS, type Tab } from './side/Side'
import { Toolbar } from './Toolbar'
import { write, type Json } from './tree'
import { TreeView } from './TreeView'
import { useBuilder } from './useBuilder'
import { useCounts } from './useCounts'
import { useNames } from './useNames'

/** A worked example rather than an empty page. */
const EXAMPLE: Json = {
  all: [
    { did: { behavior: ['view'], within: { days: 30 } } },
    { not: { did: { behavior: ['purchase'], within: { days: 365 } } } },
  ],
}

const LONGEST_NAME = 200
const NOBODY: ReadonlyMap<number, Branch> = new Map()

/** Finds what to begin with: the audience named, else what was handed over, else an example. */
export function BuilderPage({ workspace }: { workspace: Workspace }) {
  const { audience: name } = useParams()
  const given = useLocation().state as { expression?: Json; name?: string } | null
  const audience = useAudience(name)
  if (name !== undefined && audience.error) {
    return (
      <div className="page">
        <Failure error={audience.error} onRetry={() => void audience.refetch()} />
      </div>
    )
  }
  if (name !== undefined && !audience.data) return <Skeleton active className="page" />
  const saved: Draft = {
    name: name ?? given?.name ?? '',
    description: audience.data?.description ?? '',
    expression: (audience.data?.expression as Json | undefined) ?? given?.expression ?? EXAMPLE,
  }
  return <Editor key={name ?? JSON.stringify(given)} workspace={workspace} audience={name} saved={saved} beside={audience.data && besideOf(audience.data)} isGiven={given?.expression !== undefined} />
}

interface Props {
  workspace: Workspace
  /** The name of the audience, unless it is new. */
  audience: string | undefined
  saved: Draft
  beside: Beside | undefined
  /** Whether a new one was handed over, and is not what was left lying last time. */
  isGiven: boolean
}

function Editor({ workspace, audience, saved: before, beside, isGiven }: Props) {
  const { t } = useSpeech()
  const [saved, setSaved] = useState(before)
  const [draft] = useState(() => (isGiven ? undefined : readDraft(workspace.workspace, audience)))
  const [hasDraft, setHasDraft] = useState(draft !== undefined && !isSame(draft, before))
  const first = draft ?? before
  const [name, setName] = useState(first.name)
  const [description, setDescription] = useState(first.description)
  const builder = useBuilder(first.expression)
  const { root } = builder
  const now = useMemo<Draft>(() => ({ name, description, expression: write(root) }), [name, description, root])
  const isChanged = !isSame(now, saved)
  const keeper = workspace.workspace
  useEffect(() => keepDraft(keeper, audience, isChanged ? now : undefined), [keeper, audience, isChanged, now])

  const { view } = useView(workspace)
  const counts = useCounts(root, view.asOf)
  const names = useNames()
  const [lit, setLit] = useState<number>()
  const [isAdding, setAdding] = useState(false)
  const [painted, setPainted] = useState<{ root: unknown; verdicts: ReadonlyMap<number, Branch> }>({ root, verdicts: NOBODY })
  // What was said of another tree is not said of this one.
  const verdicts = painted.root === root ? painted.verdicts : NOBODY
  const [tab, setTab] = useTab()
  const field = useRef<InputRef>(null)
  const { save, isSaving, error } = useSave(audience, now, beside, () => {
    setSaved(now)
    keepDraft(keeper, audience, undefined)
  })
  const trySave = () => (name.trim() === '' ? field.current?.focus() : save())
  useShortcuts({ undo: builder.undo, redo: builder.redo, save: trySave })
  usePageTitle(name || t('audiences.new'))
  const discard = () => {
    builder.replaceAll(before.expression)
    setName(before.name)
    setDescription(before.description)
    setHasDraft(false)
  }
  return (
    <div className="page with-side">
      <div className="page-main">
        <Link to={`${useBase()}/audiences`}>← {t('audiences.all')}</Link>
        <div className="builder-head">
          <h1 className="unseen">{name || t('audiences.new')}</h1>
          <div className="builder-names">
            <Input
              ref={field}
              variant="borderless"
              className="builder-name"
              aria-label={t('builder.name')}
              placeholder={t('builder.name_hint')}
              maxLength={LONGEST_NAME}
              value={name}
              readOnly={audience !== undefined}
              onChange={({ target }) => setName(target.value)}
            />
            <Input
              variant="borderless"
              className="quiet"
              aria-label={t('builder.description')}
              placeholder={t('builder.description_hint')}
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          </div>
          {isChanged && <span className="quiet">{t('builder.unsaved')}</span>}
          <Button type="primary" loading={isSaving} disabled={!isChanged && audience !== undefined} onClick={trySave}>
            {t('builder.save')} <kbd aria-hidden>⌘S</kbd>
          </Button>
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={counts.answer?.elapsed_us} isUpdating={counts.isStale} />
        {hasDraft && (
          <Alert
            type="info"
            showIcon
            closable
            title={t('builder.draft')}
            action={
              <Button size="small" onClick={discard}>
                {t('builder.draft_discard')}
              </Button>
            }
          />
        )}
        {error && <SaveFailure error={error} name={name} />}
        <Sentence root={root} asOf={view.asOf} names={names} focus={builder.focus} onPoint={setLit} onChoose={builder.focusOn} />
        <section className="card builder" aria-label={t('builder.tree')}>
          <Toolbar builder={builder} own={audience} isAdding={isAdding} setAdding={setAdding} />
          <TreeView
            builder={builder}
            counts={counts}
            names={names}
            asOf={view.asOf}
            verdicts={verdicts}
            lit={lit}
            onAdd={() => setAdding(true)}
            onJson={() => setTab('json')}
          />
          {counts.error && <Failure error={counts.error} />}
          {counts.answer && counts.answer.warnings.length > 0 && !counts.isStale && (
            <Alert type="warning" showIcon title={counts.answer.warnings.map(({ message }) => message).join(' · ')} />
          )}
          <p className="quiet hint">{t('builder.keys')}</p>
        </section>
      </div>
      <Side
        audience={audience}
        builder={builder}
        counts={counts}
        names={names}
        asOf={view.asOf}
        name={name}
        tab={tab}
        setTab={setTab}
        verdicts={verdicts}
        setVerdicts={(next) => setPainted({ root, verdicts: next })}
      />
    </div>
  )
}

function useTab(): [Tab, (tab: Tab) => void] {
  const [query, setQuery] = useAddress()
  const tab = TABS.find((one) => one === query.get('tab')) ?? 'result'
  // The audience handed over stays with the page.
  const { state } = useLocation()
  return [tab, (next) => setQuery({ tab: next === 'result' ? null : next }, { replace: true, state })]
}

function useSave(audience: string | undefined, now: Draft, beside: Beside | undefined, onSaved: () => void) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const base = useBase()
  const { search } = useLocation()
  const put = usePutAudience()
  const save = () => {
    const name = now.name.trim()
    put.mutate(
      { name, expression: now.expression, description: now.description.trim(), beside, isNew: audience === undefined },
      {
        onSuccess: (saved) => {
          message.success(t('builder.saved', { name, version: saved.version }))
          onSaved()
          if (audience === undefined) void navigate(`${base}/audiences/${encodeURIComponent(name)}/edit${search}`, { replace: true })
        },
      },
    )
  }
  return { save, isSaving: put.isPending, error: put.error }
}

function SaveFailure({ error, name }: { error: Error; name: string }) {
  const { t } = useSpeech()
  const isTaken = error instanceof ApiError && error.status === 409
  return isTaken ? <Alert type="error" showIcon title={t('builder.taken', { name })} /> : <Failure error={error} />
}

/** ⌘Z, ⇧⌘Z and ⌘S; within a field that is being typed in, ⌘Z is the field's own. */
function useShortcuts({ undo, redo, save }: { undo: () => void; redo: () => void; save: () => void }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const isTyping = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLInputElement && event.target.value !== '')
      if (key === 's') save()
      else if (key === 'z' && !isTyping) (event.shiftKey ? redo : undo)()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [undo, redo, save])
}
