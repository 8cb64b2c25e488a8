// Uploaded lists: who is on them, what matched, and what did not.

import { DeleteOutlined, DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { App, Button, Empty, Form, Input, Modal, Popconfirm, Progress, Select, Table, Upload } from 'antd'
import { useState } from 'react'
import { useLists } from '../api/audiences'
import { fileUrl } from '../api/client'
import { useImport } from '../api/imports'
import { useDeleteList } from '../api/tags'
import type { List, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import { onList } from '../builder/usual'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { ImportLedger } from '../import/ledger'
import { Provenance } from '../view/Provenance'
import { Scroll } from '../view/Scroll'
import { useAddress } from '../view/useAddress'
import { lastDayOf } from '../view/useView'

export function ListsPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('lists.title'))
  const lists = useLists()
  const [isNew, setNew] = useState(false)
  const [query, setQuery] = useAddress()
  const asOf = lastDayOf(workspace)
  const opened = lists.data?.find(({ name }) => name === query.get('open'))
  const setOpen = (open: string | null) => setQuery({ open })
  const door: Door | undefined = opened && { expression: onList(opened.name), said: t('lists.said', { name: opened.name }), name: opened.name, shown: opened.size }
  const create = (
    <Button type="primary" icon={<UploadOutlined aria-hidden />} onClick={() => setNew(true)}>
      {t('lists.new')}
    </Button>
  )
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <div className="section-head page-head">
          <h1>{t('lists.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} />
        <p className="quiet">{t('lists.intro')}</p>
        {lists.error && <Failure error={lists.error} onRetry={() => void lists.refetch()} />}
        {lists.data?.length === 0 && (
          <Empty className="card" description={<strong>{t('lists.empty.title')}</strong>}>
            <p className="quiet">{t('lists.empty.body')}</p>
            {create}
          </Empty>
        )}
        {!lists.error && lists.data?.length !== 0 && (
          <Scroll label={t('lists.title')}>
            <ListTable items={lists.data ?? []} isLoading={lists.isPending} zone={workspace.timezone} open={opened?.name} onOpen={setOpen} />
          </Scroll>
        )}
      </div>
      {isNew && <UploadDialog zone={workspace.timezone} onClose={() => setNew(false)} />}
      {door && <ExpressionPanel key={door.name} door={door} asOf={asOf} onClose={() => setOpen(null)} />}
    </div>
  )
}

interface TableProps {
  items: List[]
  isLoading: boolean
  zone: string
  open: string | undefined
  onOpen: (name: string) => void
}

function ListTable({ items, isLoading, zone, open, onOpen }: TableProps) {
  const { t, exact, percent } = useSpeech()
  return (
    <Table<List>
      className="lists"
      rowKey="name"
      size="middle"
      loading={isLoading}
      dataSource={items}
      pagination={items.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      columns={[
        { title: t('tracks.name'), render: (_, { name }) => <strong>{name}</strong> },
        {
          title: t('alerts.people'),
          align: 'right',
          className: 'figure',
          render: (_, { name, size }) => <Count value={size} isExact sentence={t('lists.said', { name })} isOpen={open === name} onOpen={() => onOpen(name)} testId={`list-${name}`} />,
        },
        { title: t('lists.kind'), render: (_, { kind, hashed }) => [kind, hashed].filter(Boolean).join(' · ') || <span className="quiet">–</span> },
        { title: t('lists.owner'), render: (_, { owner, partner }) => (owner === 'partner' ? t('lists.partner_of', { partner: partner ?? '' }) : t('lists.own')) },
        { title: t('lists.matched'), align: 'right', className: 'figure', render: (_, { matched, unmatched }) => `${exact(matched)} · ${percent(matched, matched + unmatched)}` },
        {
          title: t('lists.unmatched'),
          align: 'right',
          className: 'figure',
          render: (_, { name, unmatched }) =>
            unmatched === 0 ? (
              0
            ) : (
              <a href={fileUrl(`/lists/${encodeURIComponent(name)}/unmatched`)} download={`${name}-unmatched.csv`} aria-label={t('lists.download', { name, n: unmatched })}>
                {exact(unmatched)} <DownloadOutlined aria-hidden />
              </a>
            ),
        },
        { title: t('lists.updated'), className: 'figure nowrap', render: (_, { updated }) => inZone(updated, zone) },
        { title: t('tag.used_by'), render: (_, { used_by }) => used_by.join(', ') || <span className="quiet">–</span> },
        { title: '', align: 'right', render: (_, list) => <Remove list={list} /> },
      ]}
    />
  )
}

function Remove({ list }: { list: List }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const remove = useDeleteList()
  const label = t('lists.delete', { name: list.name })
  return (
    <Popconfirm
      title={t('lists.delete_sure', { name: list.name })}
      okText={t('track.delete')}
      onConfirm={() => remove.mutate(list.name, { onSuccess: () => message.success(t('lists.deleted', { name: list.name })), onError: (error) => message.error(error.message) })}
    >
      <Button type="text" size="small" aria-label={label} title={label} icon={<DeleteOutlined aria-hidden />} loading={remove.isPending} />
    </Popconfirm>
  )
}

const KINDS = ['user_id', 'phone', 'email', 'unionid', 'openid', 'device']

interface Typed {
  name: string
  identifier_kind: string
  hashed?: string
  partner?: string
  mode: string
}

function UploadDialog({ zone, onClose }: { zone: string; onClose: () => void }) {
  const { t } = useSpeech()
  const upload = useImport()
  const [file, setFile] = useState<File>()
  const [sent, setSent] = useState(0)
  const onFinish = ({ name, identifier_kind, hashed, partner, mode }: Typed) => {
    if (!file) return
    const owner = partner?.trim() ? { owner: 'partner', partner: partner.trim() } : {}
    const fields = { kind: 'list', name: name.trim(), identifier_kind, mode, ...(hashed ? { hashed } : {}), ...owner }
    upload.mutate({ file, fields, onSent: setSent })
  }
  if (upload.data) {
    return (
      <Modal open title={t('lists.done')} footer={<Button type="primary" onClick={onClose}>{t('push.done')}</Button>} onCancel={onClose}>
        <ImportLedger of={upload.data} zone={zone} />
      </Modal>
    )
  }
  return (
    <Modal open title={t('lists.new')} footer={null} onCancel={onClose}>
      <Form layout="vertical" requiredMark={false} initialValues={{ identifier_kind: 'user_id', mode: 'add' }} onFinish={onFinish}>
        <Form.Item label={t('lists.file')} extra={t('lists.file_help')}>
          <Upload.Dragger beforeUpload={(chosen) => (setFile(chosen), false)} showUploadList={false} maxCount={1}>
            <p>{file ? file.name : t('lists.drop')}</p>
          </Upload.Dragger>
        </Form.Item>
        <Form.Item name="name" label={t('tracks.name')} rules={[{ required: true, whitespace: true, message: t('door.name_empty') }]}>
          <Input maxLength={200} />
        </Form.Item>
        <div className="filters form-row">
          <Form.Item name="identifier_kind" label={t('lists.kind')}>
            <Select options={KINDS.map((value) => ({ value, label: value }))} />
          </Form.Item>
          <Form.Item name="hashed" label={t('lists.hashed')}>
            <Select allowClear placeholder={t('lists.plain')} options={['sha256', 'md5'].map((value) => ({ value, label: value }))} />
          </Form.Item>
          <Form.Item name="mode" label={t('lists.mode')}>
            <Select options={(['add', 'replace'] as const).map((value) => ({ value, label: t(`lists.mode.${value}`) }))} />
          </Form.Item>
        </div>
        <Form.Item name="partner" label={t('lists.partner')} extra={t('lists.partner_help')}>
          <Input maxLength={100} />
        </Form.Item>
        {upload.isPending && <Progress percent={Math.round(sent * 100)} aria-label={t('lists.sending')} />}
        {upload.error && (
          <Form.Item>
            <Failure error={upload.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" disabled={!file} loading={upload.isPending}>
          {t('lists.upload')}
        </Button>
      </Form>
    </Modal>
  )
}
