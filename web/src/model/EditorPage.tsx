// A model being edited: every change is counted at once, beside the rules that are saved. Saving makes a version, never loses one.

import { PlusOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Alert, App, Button, Input, Skeleton } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { ApiError } from '../api/client'
import { useModel, useModelCheck, usePutModel } from '../api/models'
import { useModels } from '../api/queries'
import type { StateModel, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSetting } from '../door/useSetting'
import { useSpeech } from '../i18n'
import { looks as looksOf } from '../states/look'
import { Field, modelTitle, ScopeSelect, WhoSelect } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { Warnings } from '../view/Warnings'
import { writeScope, writeWho, type QueryChanges, type View } from '../view/view'
import { DoorPanel, useSay } from './DoorPanel'
import { readOpened, writeOpened, type Opened } from './doors'
import { bodyOf, draftOf, rulesOf, stateAt, statesOf, type ModelDraft } from './draft'
import { GuardDialog } from './GuardDialog'
import { keepModelDraft, readModelDraft } from './kept'
import { RuleCard } from './RuleCard'
import { RuleEditor } from './RuleEditor'
import { readWhatIf, windowsOf, withWindows } from './rules'
import { Balance } from './RulesSection'
import { SideBySide } from './SideBySide'
import { useEditing, type ModelEditor } from './useEditing'
import { useUses } from './useUses'
import { WindowsCard } from './WindowsCard'

/** A worked example rather than an empty page. */
const EXAMPLE: StateModel = {
  name: '',
  version: 0,
  preset: false,
  labels: [],
  states: [
    { name: 'bought', title: 'Bought', title_zh: '买过', slot: 'purchase', when: { did: { behavior: ['purchase'], within: { days: 180 } } } },
    { name: 'looked', title: 'Looked', title_zh: '看过', slot: 'aware', when: { did: { behavior: ['view'], within: { days: 30 } } } },
  ],
}

/** Finds what to begin with: the model named, or an example. */
export function EditorPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  const name = useParams().model
  const model = useModel(name ?? '')
  if (name === undefined) return <Editor key="" workspace={workspace} model={EXAMPLE} isNew />
  if (model.data) return <Editor key={name} workspace={workspace} model={model.data} isNew={false} />
  return (
    <div className="page">
      <div className="page-main">
        <h1>{t('model_edit.title', { name })}</h1>
        {model.error ? <Failure error={model.error} onRetry={() => void model.refetch()} /> : <Skeleton active aria-label={t('app.loading')} />}
      </div>
    </div>
  )
}

/** What the editor begins with: the saved rules, or those with the window that the address changes. */
function useFirst(workspace: Workspace, model: StateModel, isNew: boolean) {
  const { t } = useSpeech()
  const [query, setQuery] = useAddress()
  const [found] = useState(() => {
    const name = isNew ? '' : model.preset ? t('model_edit.copy_name', { name: model.name }) : model.name
    const saved = { ...draftOf(model), name, description: model.preset ? '' : (model.description ?? '') }
    const asked = query.get('if')
    const whatIf = asked === null ? undefined : readWhatIf(asked, windowsOf(model.states))
    const changed = whatIf && { ...saved, states: draftOf({ ...model, states: withWindows(model.states, whatIf) }).states }
    const kept = changed ? undefined : readModelDraft(workspace.workspace, isNew ? undefined : model.name)
    return { saved, first: changed ?? kept ?? saved, isKept: kept !== undefined }
  })
  // The change is in the draft now; a reload must not make it again.
  useEffect(() => {
    if (query.has('if')) setQuery({ if: null }, { replace: true })
  }, [query, setQuery])
  return found
}

interface EditorProps {
  workspace: Workspace
  model: StateModel
  isNew: boolean
}

function Editor({ workspace, model, isNew }: EditorProps) {
  const { t, language } = useSpeech()
  const base = useBase()
  usePageTitle(isNew ? t('model_edit.new_title') : t('model_edit.title', { name: model.name }))
  const { saved, first, isKept } = useFirst(workspace, model, isNew)
  const editor = useEditing(first, saved)
  const { draft } = editor
  const keeper = isNew ? undefined : model.name
  useEffect(() => keepModelDraft(workspace.workspace, keeper, editor.isChanged ? draft : undefined), [workspace.workspace, keeper, editor.isChanged, draft])
  const [query, setQuery] = useAddress()
  const { view: addressed, selection, select, change } = useView(workspace)
  // Titles and colours count nobody: a change of those asks nothing.
  const rules = useStable(rulesOf(draft))
  const states = useMemo(() => statesOf(draft), [draft])
  const view = useMemo<View>(() => ({ ...addressed, model: 'inline', rules: { states } }), [addressed, states])
  const { setting } = useSetting(view, [])
  const looks = useMemo(() => looksOf(states, language), [states, language])
  const check = useModelCheck({ states: rules }, view)
  const opened = selection ? undefined : readOpened(query.get('open'))
  const isOpen = selection !== undefined || opened !== undefined
  const say = useSay(states, view, setting)
  const alter = (changes: QueryChanges) => change({ open: null, ...changes })
  const sides = isNew
    ? undefined
    : { a: { model: model.name, title: t('model_edit.saved_rules'), states: model.states }, b: { model: { states: rules }, title: t('model_edit.these_rules'), states } }
  return (
    <div className={isOpen ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <Link to={isNew ? `${base}/models` : `${base}/models/${encodeURIComponent(model.name)}`}>← {t(isNew ? 'models.all' : 'model_edit.back')}</Link>
        <Head editor={editor} model={model} isNew={isNew} view={view} rules={rules} onSaved={() => keepModelDraft(workspace.workspace, keeper, undefined)} />
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={check.data?.elapsed_us} isUpdating={check.isPlaceholderData} />
        {isKept && editor.isChanged && <Kept onDiscard={() => editor.reset(saved)} />}
        {model.preset && <Alert type="info" showIcon title={t('model_edit.shipped_help')} />}
        <div className="filters">
          <ScopeSelect value={view.scope} onChange={(scope) => alter({ scope: scope.kind === 'workspace' ? null : writeScope(scope) })} />
          <WhoSelect value={view.who} onChange={(who) => alter({ who: who.kind === 'everyone' ? null : writeWho(who) })} />
        </div>
        <Warnings of={check.data} />
        <WindowsCard states={states} looks={looks} onChange={editor.setWindow} />
        <Rules editor={editor} check={check} view={view} looks={looks} say={say} select={(names) => select({ kind: 'band', date: view.asOf, states: names })} open={(next) => setQuery({ sel: null, open: writeOpened(next) })} />
        {sides && !check.error && (
          <section className="reflow" aria-labelledby="compare-title">
            <h2 id="compare-title">{t('model_edit.compare')}</h2>
            <SideBySide {...sides} view={view} selection={selection} select={select} change={alter} scope={setting.scope} />
          </section>
        )}
      </div>
      {isOpen && (
        <DoorPanel
          key={`${query.get('sel')} ${query.get('open')}`}
          states={states}
          model={{ states: rules }}
          view={view}
          setting={setting}
          check={check.data}
          selection={selection}
          opened={opened}
          sides={sides}
          onClose={() => setQuery({ sel: null, open: null })}
        />
      )}
    </div>
  )
}

/** The same object for as long as it says the same. */
function useStable<T>(value: T): T {
  const text = JSON.stringify(value)
  return useMemo(() => JSON.parse(text) as T, [text])
}

function Kept({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useSpeech()
  return (
    <Alert
      type="info"
      showIcon
      closable
      title={t('model_edit.draft')}
      action={
        <Button size="small" onClick={onDiscard}>
          {t('builder.draft_discard')}
        </Button>
      }
    />
  )
}

interface RulesProps {
  editor: ModelEditor
  check: ReturnType<typeof useModelCheck>
  view: View
  looks: ReturnType<typeof looksOf>
  say: (what: string[] | Opened) => string
  select: (states: string[]) => void
  open: (opened: Opened) => void
}

function Rules({ editor, check, view, looks, say, select, open }: RulesProps) {
  const { t } = useSpeech()
  const [query, setQuery] = useAddress()
  const { draft } = editor
  const at = Number(query.get('rule')) - 1
  const openRule = (index: number | undefined) => setQuery({ rule: index === undefined ? null : String(index + 1) }, { replace: true })
  const wrong = check.error instanceof ApiError ? stateAt(check.error.at) : undefined
  const isWhole = view.scope.kind === 'workspace' && view.who.kind === 'everyone'
  return (
    <section className="card" aria-labelledby="rules-title">
      <div className="card-head">
        <h2 id="rules-title">{t('model_edit.rules')}</h2>
        <div className="card-controls">
          <Button type="text" aria-label={t('model_edit.undo')} title={t('model_edit.undo')} icon={<UndoOutlined aria-hidden />} disabled={!editor.canUndo} onClick={editor.undo} />
          <Button type="text" aria-label={t('model_edit.redo')} title={t('model_edit.redo')} icon={<RedoOutlined aria-hidden />} disabled={!editor.canRedo} onClick={editor.redo} />
        </div>
      </div>
      <p className="quiet">{t('rules.note')}</p>
      {check.error && wrong === undefined && <Failure error={check.error} onRetry={() => void check.refetch()} />}
      <ol className="rule-cards">
        {draft.states.map((state, i) => (
          <RuleCard
            key={state.id}
            state={state}
            at={i}
            of={draft.states.length}
            rule={check.data?.rules.find((rule) => rule.state === state.name)}
            looks={looks}
            isOpen={at === i}
            isStale={check.isPlaceholderData}
            error={wrong === i ? (check.error ?? undefined) : undefined}
            say={say}
            onToggle={() => openRule(at === i ? undefined : i)}
            onMove={(by) => {
              editor.move(state.id, by)
              if (at === i) openRule(i + by)
            }}
            onRemove={() => {
              editor.remove(state.id)
              openRule(undefined)
            }}
            onDecided={() => select([state.name])}
            onOpen={open}
          >
            <RuleEditor key={editor.revision} state={state} asOf={view.asOf} history={editor} isWhole={isWhole} onChange={(changes) => editor.set(state.id, changes)} />
          </RuleCard>
        ))}
      </ol>
      <Button
        icon={<PlusOutlined aria-hidden />}
        onClick={() => {
          editor.add((n) => t('model_edit.new_state', { n }))
          openRule(draft.states.length)
        }}
      >
        {t('model_edit.add')}
      </Button>
      {check.data && <Balance check={check.data} />}
    </section>
  )
}

interface HeadProps {
  editor: ModelEditor
  model: StateModel
  isNew: boolean
  view: View
  rules: ReturnType<typeof rulesOf>
  onSaved: () => void
}

function Head({ editor, model, isNew, view, rules, onSaved }: HeadProps) {
  const { t, language } = useSpeech()
  const { draft } = editor
  const isOwn = !isNew && !model.preset
  const [isCopy, setCopy] = useState(!isOwn)
  const models = useModels().data ?? []
  const uses = useUses()(draft.name.trim()).filter(({ version }) => version === undefined)
  const { save, isSaving, error } = useSave(draft, isCopy ? undefined : model, onSaved)
  const [isGuarded, setGuarded] = useState(false)
  const same = models.find(({ name }) => name === draft.name.trim())
  const isTaken = isCopy && same !== undefined && !same.preset
  const isNameless = draft.name.trim() === ''
  const [isTried, setTried] = useState(false)
  const trySave = () => {
    if (isNameless) setTried(true)
    else if (uses.length > 0) setGuarded(true)
    else save()
  }
  const copy = () => {
    setGuarded(false)
    setCopy(true)
    editor.setName(t('model_edit.copy_name', { name: model.name }))
  }
  useShortcuts(editor)
  return (
    <>
      <div className="section-head page-head">
        <h1>{isNew ? t('model_edit.new_title') : t('model_edit.title', { name: modelTitle(model, language) })}</h1>
        <div className="card-controls">
          {editor.isChanged && <span className="quiet">{t('model_edit.unsaved')}</span>}
          {isOwn && !isCopy && <Button onClick={copy}>{t('model_edit.copy')}</Button>}
          <Button type="primary" loading={isSaving} disabled={isTaken || (!editor.isChanged && !isCopy)} onClick={trySave}>
            {t(isCopy ? 'model_edit.create' : 'model_edit.save')}
          </Button>
        </div>
      </div>
      <Names draft={draft} editor={editor} isCopy={isCopy} problem={isNameless && isTried ? t('model_edit.name_empty') : isTaken ? t('model_edit.taken', { name: draft.name.trim() }) : undefined} />
      {isCopy && same?.preset && <Alert type="warning" showIcon title={t('model_edit.hides', { name: same.name })} />}
      {error && <Failure error={error} />}
      {isGuarded && <GuardDialog uses={uses} before={draft.name.trim()} rules={rules} view={view} isSaving={isSaving} onSave={save} onCopy={copy} onClose={() => setGuarded(false)} />}
    </>
  )
}

function Names({ draft, editor, isCopy, problem }: { draft: ModelDraft; editor: ModelEditor; isCopy: boolean; problem: string | undefined }) {
  const { t } = useSpeech()
  return (
    <div className="filters">
      {isCopy && (
        <Field label={t('model_edit.name')}>
          <Input aria-label={t('model_edit.name')} maxLength={200} status={problem ? 'error' : undefined} value={draft.name} onChange={({ target }) => editor.setName(target.value)} />
          {problem && <span className="odd" role="alert">{problem}</span>}
        </Field>
      )}
      <Field label={t('model_edit.description')}>
        <Input aria-label={t('model_edit.description')} maxLength={1000} value={draft.description} onChange={({ target }) => editor.setDescription(target.value)} />
      </Field>
    </div>
  )
}

function useSave(draft: ModelDraft, before: StateModel | undefined, onSaved: () => void) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const base = useBase()
  const put = usePutModel()
  const save = () => {
    const name = draft.name.trim()
    put.mutate(
      { name, body: bodyOf(draft, before) },
      {
        onSuccess: ({ version }) => {
          message.success(t('model_edit.saved', { name, version }))
          onSaved()
          void navigate(`${base}/models/${encodeURIComponent(name)}`)
        },
      },
    )
  }
  return { save, isSaving: put.isPending, error: put.error }
}

/** ⌘Z and ⇧⌘Z; within a field that is being typed in they are the field's own. */
function useShortcuts({ undo, redo }: ModelEditor) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLInputElement && event.target.value !== '')
      if (!(event.metaKey || event.ctrlKey) || event.altKey || isTyping || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      ;(event.shiftKey ? redo : undo)()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [undo, redo])
}
