// Every audience with its size on the day; each number is a door.

import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Empty, Input, Table } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { besideOf, useDeleteAudience, usePeopleOf, usePutAudience, useSizes } from '../api/audiences'
import { useAudiences } from '../api/queries'
import type { Audience, Estimate, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { say, textOf } from '../builder/grammar/say'
import { read, type Json } from '../builder/tree'
import { useNames } from '../builder/useNames'
import { Count } from '../door/Count'
import { PeoplePanel } from '../door/PeoplePanel'
import { inSentence } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import type { QueryChanges } from '../view/view'
import { useView } from '../view/useView'

const PAGE = 20
const UNDO_SECONDS = 10

export function AudiencesPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('audiences.title'))
  const base = useBase()
  const audiences = useAudiences()
  const { view } = useView(workspace)
  const [query, setQuery] = useAddress()
  const text = query.get('find') ?? ''
  const open = audiences.data?.find(({ name }) => name === query.get('open'))
  const change = (changes: QueryChanges, replace = false) => setQuery(changes, { replace })
  const found = useMemo(() => (audiences.data ?? []).filter((audience) => hasText(audience, text)), [audiences.data, text])
  const isEmpty = audiences.data?.length === 0
  const create = (
    <LinkButton type="primary" icon={<PlusOutlined aria-hidden />} to={`${base}/audiences/new`}>
      {t('audiences.new')}
    </LinkButton>
  )
  return (
    <div className={open ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <div className="section-head">
          <h1>{t('audiences.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} />
        <p className="quiet">{t('audiences.intro')}</p>
        {audiences.error && <Failure error={audiences.error} onRetry={() => void audiences.refetch()} />}
        {isEmpty && (
          <Empty className="card" description={<strong>{t('audiences.empty.title')}</strong>}>
            <p className="quiet">{t('audiences.empty.body')}</p>
            {create}
          </Empty>
        )}
        {!isEmpty && !audiences.error && (
          <>
            <Input.Search
              className="find"
              allowClear
              aria-label={t('audiences.search')}
              placeholder={t('audiences.search')}
              defaultValue={text}
              onChange={({ target }) => change({ find: target.value || null }, true)}
            />
            <AudienceTable
              items={found}
              isLoading={audiences.isPending}
              asOf={view.asOf}
              open={open?.name}
              onOpen={(name) => change({ open: name })}
              none={t('audiences.none_found', { text })}
            />
          </>
        )}
      </div>
      {open && <OpenPanel key={`${open.name} ${view.asOf}`} audience={open} asOf={view.asOf} onClose={() => change({ open: null })} />}
    </div>
  )
}

const hasText = ({ name, description }: Audience, text: string) =>
  `${name} ${description ?? ''}`.toLowerCase().includes(text.trim().toLowerCase())

function OpenPanel({ audience, asOf, onClose }: { audience: Audience; asOf: string; onClose: () => void }) {
  const { t, language } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const people = usePeopleOf({ audience: audience.name }, asOf)
  return (
    <PeoplePanel
      people={people}
      said={t('audiences.sentence', { name: audience.name, date: inSentence(asOf, language) })}
      name={`${audience.name} ${asOf}`}
      shown={undefined}
      onClose={onClose}
      onFollow={(who) => void navigate(`${base}/states?who=${encodeURIComponent(who)}&as_of=${asOf}`)}
    />
  )
}

interface TableProps {
  items: Audience[]
  isLoading: boolean
  asOf: string
  open: string | undefined
  onOpen: (name: string) => void
  none: string
}

function AudienceTable({ items, isLoading, asOf, open, onOpen, none }: TableProps) {
  const { t, language } = useSpeech()
  const base = useBase()
  const names = useNames()
  const [page, setPage] = useState(1)
  const shown = items.slice((page - 1) * PAGE, page * PAGE)
  const sizes = useSizes(shown.map(({ name }) => ({ audience: name })), asOf)
  const sizeOf = (name: string) => sizes[shown.findIndex((one) => one.name === name)]
  const edit = (name: string) => `${base}/audiences/${encodeURIComponent(name)}/edit`
  return (
    <Table<Audience>
      className="audiences"
      rowKey="name"
      size="middle"
      loading={isLoading}
      dataSource={items}
      locale={{ emptyText: none }}
      pagination={items.length > PAGE ? { current: page, pageSize: PAGE, onChange: setPage, showSizeChanger: false } : false}
      columns={[
        {
          title: t('audiences.name'),
          render: (_, { name, description }) => (
            <>
              <Link to={edit(name)}>
                <strong>{name}</strong>
              </Link>
              {description && <div className="quiet">{description}</div>}
            </>
          ),
        },
        {
          title: t('audiences.people'),
          align: 'right',
          className: 'figure',
          render: (_, { name }) => <Size name={name} size={sizeOf(name)} asOf={asOf} isOpen={open === name} onOpen={() => onOpen(name)} />,
        },
        {
          title: t('audiences.who'),
          className: 'said-cell',
          render: (_, { expression }) => textOf(say(read(expression as Json), asOf, language, names)),
        },
        { title: t('audiences.version'), dataIndex: 'version', align: 'right', className: 'figure nowrap' },
        {
          title: '',
          align: 'right',
          render: (_, audience) => (
            <div className="row-actions">
              <Link className="icon-link" to={edit(audience.name)} aria-label={`${t('builder.edit')}: ${audience.name}`}>
                <EditOutlined aria-hidden />
              </Link>
              <Remove audience={audience} />
            </div>
          ),
        },
      ]}
    />
  )
}

function Size({ name, size, asOf, isOpen, onOpen }: { name: string; size: { data?: Estimate; error: Error | null } | undefined; asOf: string; isOpen: boolean; onOpen: () => void }) {
  const { t, language } = useSpeech()
  if (size?.error) return <span className="odd" title={size.error.message}>–</span>
  if (!size?.data) return <span className="quiet">…</span>
  const sentence = t('audiences.sentence', { name, date: inSentence(asOf, language) })
  return <Count value={size.data.count} isExact sentence={sentence} isOpen={isOpen} onOpen={onOpen} testId={`size-${name}`} />
}

/** Deletes at once, and offers for a while to take that back. */
function Remove({ audience }: { audience: Audience }) {
  const { t } = useSpeech()
  const { notification, message } = App.useApp()
  const remove = useDeleteAudience()
  const put = usePutAudience()
  const { name, expression, description } = audience
  const restore = () => {
    notification.destroy(name)
    put.mutate({ name, expression: expression as Json, description: description ?? '', beside: besideOf(audience), isNew: true })
  }
  const onClick = () =>
    remove.mutate(name, {
      onSuccess: () =>
        notification.info({
          key: name,
          title: t('audiences.deleted', { name }),
          duration: UNDO_SECONDS,
          actions: (
            <Button type="primary" size="small" onClick={restore}>
              {t('audiences.undo')}
            </Button>
          ),
        }),
      onError: (error) => message.error(error.message),
    })
  const label = t('audiences.delete', { name })
  return <Button type="text" size="small" aria-label={label} title={label} icon={<DeleteOutlined aria-hidden />} loading={remove.isPending} onClick={onClick} />
}
