// Every import with its ledger, the latest first.

import { PlusOutlined } from '@ant-design/icons'
import { App, Badge, Button, Empty, Popconfirm, Table } from 'antd'
import { useImports, useUndoImport } from '../api/imports'
import type { Import, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'
import { Provenance } from '../view/Provenance'
import { Scroll } from '../view/Scroll'
import { balances, ImportLedger } from './ledger'

export function ImportsPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('imports.title'))
  const base = useBase()
  const imports = useImports()
  const items = imports.data?.pages.flatMap((page) => page.items) ?? []
  const isEmpty = imports.data !== undefined && items.length === 0
  const create = (
    <LinkButton type="primary" icon={<PlusOutlined aria-hidden />} to={`${base}/data/imports/new`}>
      {t('imports.new')}
    </LinkButton>
  )
  return (
    <div className="page">
      <div className="page-main">
        <div className="section-head">
          <h1>{t('imports.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} />
        <p className="quiet">{t('imports.intro')}</p>
        {imports.error && <Failure error={imports.error} onRetry={() => void imports.refetch()} />}
        {isEmpty && (
          <Empty className="card" description={<strong>{t('imports.empty.title')}</strong>}>
            <p className="quiet">{t('imports.empty.body')}</p>
            {create}
          </Empty>
        )}
        {!isEmpty && !imports.error && (
          <Scroll label={t('imports.title')}>
            <ImportTable items={items} isLoading={imports.isPending} zone={workspace.timezone} />
          </Scroll>
        )}
        {imports.hasNextPage && (
          <Button loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
            {t('imports.more')}
          </Button>
        )}
      </div>
    </div>
  )
}

function kindName(kind: string, t: Text): string {
  const key = `imports.kind.${kind}`
  return isKey(key) ? t(key) : kind
}

function ImportTable({ items, isLoading, zone }: { items: Import[]; isLoading: boolean; zone: string }) {
  const { t, exact } = useSpeech()
  const count = (key: 'read' | 'accepted' | 'duplicate' | 'rejected') => ({
    title: t(`imports.${key}`),
    align: 'right' as const,
    className: 'figure',
    render: (_: unknown, one: Import) => <span className={key === 'rejected' && one.rejected > 0 ? 'odd' : undefined}>{exact(one[key])}</span>,
  })
  return (
    <Table<Import>
      className="imports"
      rowKey="import"
      size="middle"
      loading={isLoading}
      dataSource={items}
      pagination={false}
      expandable={{ expandedRowRender: (one) => <ImportLedger of={one} zone={zone} /> }}
      columns={[
        { title: t('imports.number'), dataIndex: 'import', align: 'right', className: 'figure' },
        { title: t('imports.when'), className: 'figure', render: (_, { finished }) => inZone(finished, zone) },
        { title: t('imports.kind'), render: (_, { kind }) => kindName(kind, t) },
        { title: t('imports.source'), dataIndex: 'source' },
        { title: t('imports.files'), className: 'file-names', render: (_, { files }) => <Files names={files} /> },
        count('read'),
        count('accepted'),
        count('duplicate'),
        count('rejected'),
        {
          title: t('imports.balance'),
          align: 'center',
          render: (_, one) => (balances(one) ? <span className="even">✓</span> : <span className="odd">≠</span>),
        },
        {
          title: t('imports.state'),
          render: (_, { state }) => <Badge status={state === 'done' ? 'success' : 'default'} text={t(state === 'done' ? 'imports.state.done' : 'imports.state.undone')} />,
        },
        { title: '', align: 'right', render: (_, one) => one.state === 'done' && <Undo id={one.import} /> },
      ]}
    />
  )
}

function Files({ names }: { names: string[] }) {
  const { t } = useSpeech()
  const [first, ...others] = names
  if (!first) return null
  return <span title={names.slice(0, 50).join('\n')}>{others.length === 0 ? first : t('imports.more_files', { first, n: others.length })}</span>
}

function Undo({ id }: { id: number }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const undo = useUndoImport()
  const onConfirm = () =>
    undo.mutate(id, {
      onSuccess: () => message.success(t('imports.undone', { id: String(id) })),
      onError: (error) => message.error(error.message),
    })
  return (
    <Popconfirm title={t('imports.undo_sure', { id: String(id) })} okText={t('imports.undo')} onConfirm={onConfirm} overlayStyle={{ maxWidth: 340 }}>
      <Button size="small" loading={undo.isPending}>
        {t('imports.undo')}
      </Button>
    </Popconfirm>
  )
}
