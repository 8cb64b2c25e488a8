// Defines a computed tag: its rule, with whom it would say something of, and what stands beside it.

import { Alert, Button, Input, Select, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useTags } from '../api/audiences'
import { ApiError } from '../api/client'
import { usePutTag, useTag } from '../api/tags'
import type { Tag, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { JsonObject } from '../builder/tree'
import { ExpressionPanel } from '../door/ExpressionPanel'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { REFRESH, USUAL_REFRESH } from '../view/refresh'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { casesOf, example, faultyCase, readDraft, tagBody, type Draft } from './rule'
import { RuleFields } from './RuleFields'
import { doorOf, RulePreview, usePreview } from './RulePreview'

/** Finds what to begin with: the tag named, else an example. */
export function TagForm({ workspace, name }: { workspace: Workspace; name: string }) {
  const { view } = useView(workspace)
  const tag = useTag(name, view.asOf, name !== '')
  if (name === '') return <Form workspace={workspace} before={undefined} asOf={view.asOf} />
  if (tag.data && !tag.isPlaceholderData) return <Form key={name} workspace={workspace} before={tag.data} asOf={view.asOf} />
  return (
    <div className="page">
      <div className="page-main">{tag.error ? <Failure error={tag.error} /> : <Skeleton active className="card" />}</div>
    </div>
  )
}

const NEW: Draft = { name: '', description: '', owner: '', labels: [], refresh: '', value: example('measure') }

function draftOf(tag: Tag): Draft {
  return {
    name: tag.name,
    description: tag.description ?? '',
    owner: tag.owner ?? '',
    labels: tag.labels ?? [],
    refresh: tag.refresh ?? '',
    value: (tag.value as JsonObject | null | undefined) ?? example('measure'),
  }
}

/** The draft is state of the page first; the address, which keeps it, follows a moment later. */
function useDraft(before: Tag | undefined): [Draft, (part: Partial<Draft>) => void] {
  const [query, setQuery] = useAddress()
  const [draft, setDraft] = useState<Draft>(() => ({ ...(before ? draftOf(before) : NEW), ...readDraft(query.get('draft')) }))
  const [first] = useState(draft)
  const text = draft === first ? query.get('draft') : JSON.stringify(draft)
  useEffect(() => {
    if (query.get('draft') !== text) setQuery({ draft: text }, { replace: true })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is typed changes the address
  }, [text])
  return [draft, (part) => setDraft((now) => ({ ...now, ...part }))]
}

function Form({ workspace, before, asOf }: { workspace: Workspace; before: Tag | undefined; asOf: Day }) {
  const { t } = useSpeech()
  const title = before ? t('define.edit_title', { name: before.name }) : t('define.new_title')
  usePageTitle(title)
  const [draft, change] = useDraft(before)
  const [query, setQuery] = useAddress()
  const open = query.get('open')
  const setOpen = (key: string | null) => setQuery({ open: key })
  const preview = usePreview(draft.value, draft.name, asOf)
  const opened = preview.rows.find(({ key }) => key === open)
  const put = usePutTag()
  const error = put.error
  const isOfRule = error instanceof ApiError && (error.at?.startsWith('/value') ?? false)
  return (
    <div className={opened ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <Link to={`${useBase()}/tags${before ? `/${encodeURIComponent(before.name)}` : ''}`}>← {before ? before.name : t('tags.title')}</Link>
        <h1>{title}</h1>
        <Provenance workspace={workspace} asOf={asOf} isUpdating={preview.isStale} />
        <div className="tag-form">
          <div className="play-plan">
            <section className="card" aria-labelledby="rule-title">
              <h2 id="rule-title">{t('tag.rule')}</h2>
              <RuleFields rule={draft.value} asOf={asOf} faulty={isOfRule ? faultyCase(error.at) : undefined} onChange={(value) => change({ value })} />
              {isOfRule && <Failure error={error} />}
            </section>
            <About draft={draft} before={before} error={isOfRule ? null : error} isSaving={put.isPending} onChange={change} onSave={(done) => put.mutate({ name: draft.name.trim(), body: tagBody(draft) }, { onSuccess: done })} />
          </div>
          <RulePreview preview={preview} open={open} onOpen={setOpen} />
        </div>
      </div>
      {opened && <ExpressionPanel key={`${open} ${JSON.stringify(opened.expression)} ${asOf}`} door={doorOf(opened, draft.name || t('define.new_title'), asOf)} asOf={asOf} onClose={() => setOpen(null)} />}
    </div>
  )
}

interface AboutProps {
  draft: Draft
  before: Tag | undefined
  error: Error | null
  isSaving: boolean
  onChange: (part: Partial<Draft>) => void
  onSave: (done: (tag: Tag) => void) => void
}

function About({ draft, before, error, isSaving, onChange, onSave }: AboutProps) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const tags = useTags().data ?? []
  const categories = [...new Set(tags.flatMap(({ labels }) => labels ?? []))].sort()
  const [isAsked, setAsked] = useState(false)
  const fault = useFault(draft, before, tags)
  const save = () => {
    setAsked(true)
    if (!fault) onSave((tag) => void navigate(`${base}/tags/${encodeURIComponent(tag.name)}`))
  }
  return (
    <section className="card" aria-labelledby="about-title">
      <h2 id="about-title">{t('define.about')}</h2>
      <div className="form-fields about-fields">
        <Field label={t('tracks.name')}>
          <Input aria-label={t('tracks.name')} value={draft.name} disabled={before !== undefined} maxLength={200} spellCheck={false} placeholder="value_365d" onChange={({ target }) => onChange({ name: target.value })} />
        </Field>
        <Field label={t('track.description')}>
          <Input aria-label={t('track.description')} value={draft.description} maxLength={1000} onChange={({ target }) => onChange({ description: target.value })} />
        </Field>
        <Field label={t('tags.category')}>
          <Select aria-label={t('tags.category')} mode="tags" value={draft.labels} options={categories.map((value) => ({ value, label: value }))} onChange={(labels: string[]) => onChange({ labels })} />
        </Field>
        <Field label={t('tags.owner')}>
          <Input aria-label={t('tags.owner')} value={draft.owner} maxLength={200} onChange={({ target }) => onChange({ owner: target.value })} />
        </Field>
        <Field label={t('define.refresh')}>
          <Select aria-label={t('define.refresh')} mode="tags" allowClear value={draft.refresh ? [draft.refresh] : []} placeholder={t('tracks.by_hand')} options={USUAL_REFRESH.map((value) => ({ value, label: value }))} onChange={(list: string[]) => onChange({ refresh: list.at(-1) ?? '' })} />
        </Field>
      </div>
      <p className="quiet hint">{t('define.refresh_help')}</p>
      {isAsked && fault && <Alert type="error" showIcon title={fault} className="play-fault" />}
      {error && <Failure error={error} />}
      <div className="push-buttons">
        <Button type="primary" loading={isSaving} onClick={save}>
          {t('define.save')}
        </Button>
        <span className="quiet">{t('define.save_help')}</span>
      </div>
    </section>
  )
}

/** What must be mended before it can be saved. */
function useFault(draft: Draft, before: Tag | undefined, tags: Tag[]): string | undefined {
  const { t } = useSpeech()
  const name = draft.name.trim()
  const cases = casesOf(draft.value, 'cases') ?? casesOf(draft.value, 'each') ?? []
  if (name === '') return t('door.name_empty')
  if (!before && tags.some((tag) => tag.name === name)) return t('define.taken', { name })
  if (cases.some(({ is }) => is.trim() === '')) return t('define.needs_value')
  return draft.refresh !== '' && !REFRESH.test(draft.refresh) ? t('track.refresh_bad') : undefined
}
