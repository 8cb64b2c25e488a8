// Where events come from, and whether they do.

import { PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Empty, Form, Input, Modal, Select, Table } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useIngestStatus, useNewSource, useSources } from '../api/sources'
import type { IngestStatus, Source, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'
import { Provenance } from '../view/Provenance'
import { isOrigin, stateOf } from './age'
import { Age, SourceTag } from './SourceTag'

export function SourcesPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('sources.title'))
  const sources = useSources()
  const status = useIngestStatus()
  const [isNew, setNew] = useState(false)
  const create = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
      {t('sources.new')}
    </Button>
  )
  return (
    <div className="page">
      <div className="page-main">
        <div className="section-head">
          <h1>{t('sources.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} />
        <p className="quiet">{t('sources.intro')}</p>
        {status.data?.disk?.is_full && <Alert type="error" showIcon title={t('sources.disk_full', { reason: status.data.disk.reason ?? '' })} />}
        {sources.error && <Failure error={sources.error} onRetry={() => void sources.refetch()} />}
        {sources.data?.length === 0 ? (
          <Empty className="card" description={<strong>{t('sources.empty.title')}</strong>}>
            <p className="quiet">{t('sources.empty.body')}</p>
            {create}
          </Empty>
        ) : (
          !sources.error && <SourceTable sources={sources.data ?? []} status={status.data} isLoading={sources.isPending} />
        )}
      </div>
      {isNew && <NewSource onClose={() => setNew(false)} />}
    </div>
  )
}

export const ageOf = (status: IngestStatus | undefined, name: string): number | undefined =>
  status?.sources.find(({ source }) => source === name)?.age_seconds ?? undefined

function SourceTable({ sources, status, isLoading }: { sources: Source[]; status: IngestStatus | undefined; isLoading: boolean }) {
  const { t, exact } = useSpeech()
  const base = useBase()
  const counts = (title: string, of: (source: Source) => { accepted: number; duplicate: number; rejected: number }) => ({
    title,
    children: (['accepted', 'duplicate', 'rejected'] as const).map((key) => ({
      title: t(`sources.${key}`),
      align: 'right' as const,
      className: 'figure',
      render: (_: unknown, source: Source) => <span className={key === 'rejected' && of(source).rejected > 0 ? 'odd' : undefined}>{exact(of(source)[key])}</span>,
    })),
  })
  return (
    <Table<Source>
      className="sources"
      rowKey="name"
      size="middle"
      loading={isLoading}
      dataSource={sources}
      pagination={false}
      columns={[
        {
          title: t('sources.name'),
          render: (_, { name }) => (
            <Link to={`${base}/data/sources/${encodeURIComponent(name)}`}>
              <strong>{name}</strong>
            </Link>
          ),
        },
        { title: t('sources.kind'), render: (_, { kind }) => kindName(kind, t) },
        { title: t('sources.state'), render: (_, source) => <SourceTag state={stateOf(source, ageOf(status, source.name))} /> },
        { title: t('sources.last'), className: 'figure', render: (_, { name }) => <Age seconds={ageOf(status, name)} /> },
        counts(t('sources.since_start'), ({ since_start }) => since_start),
        counts(t('sources.ever'), ({ total }) => total),
      ]}
    />
  )
}

function kindName(kind: string, t: Text): string {
  const key = `sources.kind.${kind}`
  return isKey(key) ? t(key) : kind
}

const NAME = /^[A-Za-z0-9_.-]+$/

function NewSource({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const create = useNewSource()
  const onFinish = ({ name, origins }: { name: string; origins?: string[] }) =>
    create.mutate(
      { name: name.trim(), origins: origins ?? [] },
      // The key goes along in memory only: it is shown once, and no address may hold it.
      { onSuccess: (made) => void navigate(`${base}/data/sources/${encodeURIComponent(made.source)}`, { state: { key: made.write_key } }) },
    )
  return (
    <Modal open title={t('source.new_title')} footer={null} onCancel={onClose}>
      <Form layout="vertical" requiredMark={false} onFinish={onFinish}>
        <Form.Item name="name" label={t('source.new_name')} extra={t('source.new_name_help')} rules={[{ required: true, pattern: NAME, message: t('source.new_name_bad') }]}>
          <Input autoFocus spellCheck={false} maxLength={100} />
        </Form.Item>
        <OriginsItem />
        {create.error && (
          <Form.Item>
            <Failure error={create.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t('source.create')}
        </Button>
      </Form>
    </Modal>
  )
}

export function OriginsItem() {
  const { t } = useSpeech()
  const check = (_: unknown, origins: string[] | undefined) => {
    const bad = origins?.find((origin) => !isOrigin(origin))
    return bad === undefined ? Promise.resolve() : Promise.reject(new Error(t('source.origins_bad', { origin: bad })))
  }
  return (
    <Form.Item name="origins" label={t('source.origins')} extra={t('source.origins_help')} rules={[{ validator: check }]}>
      <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} />
    </Form.Item>
  )
}
