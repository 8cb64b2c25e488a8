// The last messages of a source with their verdicts: what was understood, and what to do about what was not.

import { Button, Empty, Segmented, Table, Tag } from 'antd'
import { useState } from 'react'
import { useSeen } from '../api/sources'
import type { SeenMessage } from '../api/types'
import { Failure } from '../app/Failure'
import { behaviorName } from '../builder/useNames'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'

const VERDICTS = ['accepted', 'duplicate', 'rejected', 'deferred'] as const
const COLORS = { accepted: 'green', duplicate: 'default', rejected: 'red', deferred: 'gold' } as const

export function Debugger({ source, zone }: { source: string; zone: string }) {
  const { t } = useSpeech()
  const [isLive, setLive] = useState(true)
  const [verdict, setVerdict] = useState<'all' | SeenMessage['verdict']>('all')
  const seen = useSeen(source, isLive)
  const all = seen.data ?? []
  const shown = all.filter((message) => verdict === 'all' || message.verdict === verdict).reverse()
  return (
    <section className="card" aria-labelledby="debugger-title">
      <div className="card-head">
        <h2 id="debugger-title">{t('debugger.title')}</h2>
        <div className="card-controls">
          <Segmented
            aria-label={t('debugger.filter')}
            value={verdict}
            options={[{ value: 'all' as const, label: t('debugger.all') }, ...VERDICTS.map((value) => ({ value, label: t(`verdict.${value}`) }))]}
            onChange={setVerdict}
          />
          <Button onClick={() => setLive(!isLive)}>{t(isLive ? 'debugger.pause' : 'debugger.resume')}</Button>
        </div>
      </div>
      <p className="quiet">{t('debugger.tail', { n: all.length })}</p>
      {seen.error && <Failure error={seen.error} onRetry={() => void seen.refetch()} />}
      <Table<SeenMessage>
        className="debugger"
        rowKey="number"
        size="small"
        dataSource={shown}
        pagination={shown.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('debugger.empty')} /> }}
        expandable={{ expandedRowRender: (message) => <Detail message={message} /> }}
        columns={[
          { title: t('debugger.received'), className: 'figure', render: (_, { received }) => inZone(received, zone) },
          {
            title: t('debugger.verdict'),
            render: (_, message) => <Tag color={COLORS[message.verdict]}>{t(`verdict.${message.verdict}`)}</Tag>,
          },
          { title: t('debugger.what'), render: (_, message) => whatOf(message, t) },
          { title: t('debugger.message'), className: 'message-id', render: (_, { message_id: id }) => <code>{id ?? '–'}</code> },
        ]}
      />
    </section>
  )
}

function whatOf(message: SeenMessage, t: Text): string {
  if (message.behavior) return behaviorName(message.behavior, t)
  const type = `type.${message.type ?? ''}`
  return isKey(type) ? t(type) : (message.detail ?? message.reason ?? '–')
}

function Detail({ message }: { message: SeenMessage }) {
  const { t } = useSpeech()
  const fix = `fix.${message.reason ?? ''}`
  return (
    <div className="seen-detail">
      {message.detail && (
        <p>
          <code>{message.reason}</code> {message.detail}
        </p>
      )}
      {isKey(fix) && (
        <p>
          <strong>{t('debugger.fix')}:</strong> {t(fix)}
        </p>
      )}
      {message.preview !== undefined && message.preview !== null && (
        <>
          <p className="quiet">{t('debugger.understood')}</p>
          <pre tabIndex={0}>{typeof message.preview === 'string' ? message.preview : JSON.stringify(message.preview, null, 2)}</pre>
        </>
      )}
    </div>
  )
}
