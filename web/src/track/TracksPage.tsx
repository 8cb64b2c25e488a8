// Every track: whom it follows, by which rules, since when, and what should be noticed.

import { PlusOutlined } from '@ant-design/icons'
import { Badge, Button, Empty, Table } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useOpenAlerts, useTracks } from '../api/tracks'
import type { AlertRecord, Track, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { Scroll } from '../view/Scroll'
import { lastDayOf } from '../view/useView'
import { TrackDialog } from './TrackForm'
import { useTold } from './useTold'

export function TracksPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('tracks.title'))
  const base = useBase()
  const navigate = useNavigate()
  const tracks = useTracks()
  const alerts = useOpenAlerts()
  const [isNew, setNew] = useState(false)
  const create = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setNew(true)}>
      {t('tracks.new')}
    </Button>
  )
  return (
    <div className="page">
      <div className="page-main">
        <div className="section-head">
          <h1>{t('tracks.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} />
        <p className="quiet">{t('tracks.intro')}</p>
        {tracks.error && <Failure error={tracks.error} onRetry={() => void tracks.refetch()} />}
        {tracks.data?.length === 0 && (
          <Empty className="card" description={<strong>{t('tracks.empty.title')}</strong>}>
            <p className="quiet">{t('tracks.empty.body')}</p>
            {create}
          </Empty>
        )}
        {!tracks.error && tracks.data?.length !== 0 && (
          <Scroll label={t('tracks.title')}>
            <TrackTable items={tracks.data ?? []} alerts={alerts.data ?? []} isLoading={tracks.isPending} />
          </Scroll>
        )}
      </div>
      {isNew && (
        <TrackDialog
          from={lastDayOf(workspace)}
          onClose={() => setNew(false)}
          onDone={(track) => void navigate(`${base}/tracks/${encodeURIComponent(track.name)}`)}
        />
      )}
    </div>
  )
}

function TrackTable({ items, alerts, isLoading }: { items: Track[]; alerts: AlertRecord[]; isLoading: boolean }) {
  const { t } = useSpeech()
  const base = useBase()
  const told = useTold()
  const openOf = (name: string) => alerts.filter(({ track }) => track === name).length
  return (
    <Table<Track>
      className="tracks"
      rowKey="name"
      size="middle"
      loading={isLoading}
      dataSource={items}
      pagination={items.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      columns={[
        {
          title: t('tracks.name'),
          render: (_, { name, description }) => (
            <>
              <Link to={`${base}/tracks/${encodeURIComponent(name)}`}>
                <strong>{name}</strong>
              </Link>
              {description && <div className="quiet">{description}</div>}
            </>
          ),
        },
        { title: t('tracks.whom'), className: 'said-cell', render: (_, track) => told.whom(track) },
        { title: t('view.model'), render: (_, track) => told.model(track) },
        { title: t('view.scope'), render: (_, track) => told.scope(track) },
        { title: t('tracks.from'), dataIndex: 'from', className: 'figure nowrap' },
        { title: t('tracks.step'), className: 'nowrap', render: (_, track) => told.step(track) },
        { title: t('tracks.refresh'), className: 'nowrap', render: (_, { refresh }) => refresh ?? <span className="quiet">{t('tracks.by_hand')}</span> },
        {
          title: t('alerts.title'),
          className: 'nowrap',
          render: (_, { name, alerts }) => {
            const n = openOf(name)
            if (n > 0) return <Badge status="error" text={t('alerts.open', { n })} />
            return alerts.length > 0 ? <Badge status="success" text={t('alerts.watched', { n: alerts.length })} /> : <span className="quiet">–</span>
          },
        },
      ]}
    />
  )
}
