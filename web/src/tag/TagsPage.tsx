// The tag market: every fact about people, with how many have it and how old it is.

import { PlusOutlined } from '@ant-design/icons'
import { Empty, Input, Select, Table } from 'antd'
import { lazy, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useTags } from '../api/audiences'
import { useTagDetails } from '../api/tags'
import type { Tag, TagDetail, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { Scroll } from '../view/Scroll'
import { useAddress } from '../view/useAddress'
import type { QueryChanges } from '../view/view'
import { useView } from '../view/useView'

const PAGE = 20

const TagForm = lazy(() => import('./TagForm').then((file) => ({ default: file.TagForm })))

/** Below an address of its own the form would take a name from tags. */
export function TagsPage({ workspace }: { workspace: Workspace }) {
  const defined = useAddress()[0].get('define')
  return defined === null ? <Market workspace={workspace} /> : <TagForm key={defined} workspace={workspace} name={defined} />
}

function Market({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('tags.title'))
  const tags = useTags()
  const { view } = useView(workspace)
  const [query, setQuery] = useAddress()
  const [text, category, origin] = [query.get('find') ?? '', query.get('category'), query.get('origin')]
  const change = (changes: QueryChanges) => setQuery(changes, { replace: true })
  const all = useMemo(() => tags.data ?? [], [tags.data])
  const found = useMemo(() => all.filter((tag) => fits(tag, text, category, origin)), [all, text, category, origin])
  const categories = [...new Set(all.flatMap(({ labels }) => labels ?? []))].sort()
  const origins = [...new Set(all.map((tag) => tag.origin))].sort()
  const create = (
    <LinkButton type="primary" icon={<PlusOutlined aria-hidden />} to={`${useBase()}/tags?define=&as_of=${view.asOf}`}>
      {t('tags.new')}
    </LinkButton>
  )
  return (
    <div className="page">
      <div className="page-main">
        <div className="section-head page-head">
          <h1>{t('tags.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} />
        <p className="quiet">{t('tags.intro')}</p>
        {tags.error && <Failure error={tags.error} onRetry={() => void tags.refetch()} />}
        {tags.data?.length === 0 && (
          <Empty className="card" description={<strong>{t('tags.empty.title')}</strong>}>
            <p className="quiet">{t('tags.empty.body')}</p>
            {create}
          </Empty>
        )}
        {all.length > 0 && (
          <>
            <div className="filters">
              <Field label={t('tags.search')}>
                <Input.Search allowClear aria-label={t('tags.search')} defaultValue={text} onChange={({ target }) => change({ find: target.value || null })} />
              </Field>
              <Field label={t('tags.category')}>
                <Select aria-label={t('tags.category')} allowClear value={category} placeholder={t('tags.any')} options={categories.map((value) => ({ value, label: value }))} disabled={categories.length === 0} onChange={(next?: string) => change({ category: next ?? null })} />
              </Field>
              <Field label={t('tags.origin')}>
                <Select aria-label={t('tags.origin')} allowClear value={origin} placeholder={t('tags.any')} options={origins.map((value) => ({ value, label: named('tags.origin', value, t) }))} onChange={(next?: string) => change({ origin: next ?? null })} />
              </Field>
            </div>
            <Scroll label={t('tags.title')}>
              <TagTable items={found} asOf={view.asOf} />
            </Scroll>
          </>
        )}
      </div>
    </div>
  )
}

function fits(tag: Tag, text: string, category: string | null, origin: string | null): boolean {
  const has = `${tag.name} ${tag.description ?? ''} ${(tag.labels ?? []).join(' ')}`.toLowerCase().includes(text.trim().toLowerCase())
  return has && (!category || (tag.labels ?? []).includes(category)) && (!origin || tag.origin === origin)
}

/** A word of the server in ours, where there is one. */
export function named(kind: 'tags.origin' | 'tags.kind', word: string, t: Text): string {
  const key = `${kind}.${word}`
  return isKey(key) ? t(key) : word
}

function TagTable({ items, asOf }: { items: Tag[]; asOf: string }) {
  const { t, exact, percent } = useSpeech()
  const base = useBase()
  const [page, setPage] = useState(1)
  const last = Math.max(1, Math.ceil(items.length / PAGE))
  const current = Math.min(page, last)
  const shown = items.slice((current - 1) * PAGE, current * PAGE)
  const details = useTagDetails(shown.map(({ name }) => name), asOf)
  const of = (name: string): TagDetail | undefined => details[shown.findIndex((one) => one.name === name)]?.data
  return (
    <Table<Tag>
      className="tags"
      rowKey="name"
      size="middle"
      dataSource={items}
      locale={{ emptyText: t('tags.none_found') }}
      pagination={items.length > PAGE ? { current, pageSize: PAGE, onChange: setPage, showSizeChanger: false } : false}
      columns={[
        {
          title: t('tracks.name'),
          render: (_, { name, description }) => (
            <>
              <Link to={`${base}/tags/${encodeURIComponent(name)}`}>
                <strong>{name}</strong>
              </Link>
              {description && <div className="quiet">{description}</div>}
            </>
          ),
        },
        { title: t('tags.kind'), render: (_, { kind }) => named('tags.kind', kind, t) },
        { title: t('tags.origin'), render: (_, tag) => named('tags.origin', tag.origin, t) },
        { title: t('tags.category'), render: (_, { labels }) => (labels ?? []).join(', ') || <span className="quiet">–</span> },
        { title: t('tags.owner'), render: (_, { owner }) => owner ?? <span className="quiet">–</span> },
        {
          title: t('tags.people'),
          align: 'right',
          className: 'figure',
          render: (_, { name }) => {
            const coverage = of(name)?.coverage
            return coverage ? <span data-testid={`coverage-${name}`} data-count={coverage.people}>{exact(coverage.people)}</span> : <span className="quiet">…</span>
          },
        },
        {
          title: t('tags.coverage'),
          className: 'coverage-cell',
          render: (_, { name }) => {
            const coverage = of(name)?.coverage
            return coverage && <Coverage people={coverage.people} universe={coverage.universe} text={percent(coverage.people, coverage.universe)} />
          },
        },
        { title: t('tags.fresh'), className: 'figure nowrap', render: (_, { name }) => of(name)?.freshness.last_statement ?? <span className="quiet">–</span> },
      ]}
    />
  )
}

export function Coverage({ people, universe, text }: { people: number; universe: number; text: string }) {
  return (
    <span className="coverage">
      <span className="bar-track" aria-hidden>
        <i style={{ width: `${universe === 0 ? 0 : (people / universe) * 100}%`, background: 'var(--weir-link)' }} />
      </span>
      {text}
    </span>
  )
}
