// What the names of clients' events mean: a table for the usual, JSON for all of it.

import { DeleteOutlined } from '@ant-design/icons'
import { Alert, App, Button, Collapse, Input, Select, Skeleton, Table } from 'antd'
import { useState } from 'react'
import { useMappings, usePutMappings } from '../api/settings'
import { Failure } from '../app/Failure'
import { BEHAVIORS } from '../builder/field/Names'
import type { JsonObject } from '../builder/tree'
import { behaviorName } from '../builder/useNames'
import { useSpeech } from '../i18n'
import { meanings, withMeaning, type Meaning } from './names'

export function EventNames() {
  const mappings = useMappings()
  if (mappings.error) return <Failure error={mappings.error} onRetry={() => void mappings.refetch()} />
  if (!mappings.data) return <Skeleton active />
  return <Names tables={mappings.data} />
}

function Names({ tables }: { tables: JsonObject }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const put = usePutMappings()
  const [text, setText] = useState('')
  const [fresh, setFresh] = useState('')
  const save = (next: JsonObject) => put.mutate(next, { onSuccess: () => message.success(t('settings.saved')) })
  const shown = meanings(tables).filter(({ event, behavior }) => `${event} ${behavior} ${behaviorName(behavior, t)}`.toLowerCase().includes(text.trim().toLowerCase()))
  const add = () => {
    const name = fresh.trim()
    if (name === '') return
    save(withMeaning(tables, name, 'view'))
    setFresh('')
    setText(name)
  }
  return (
    <section className="card settings-names">
      <p className="quiet">{t('settings.names_intro')}</p>
      {put.error && <Failure error={put.error} />}
      <div className="card-controls">
        <Input.Search className="find" allowClear aria-label={t('settings.find_event')} placeholder={t('settings.find_event')} value={text} onChange={({ target }) => setText(target.value)} />
        <Input className="find" aria-label={t('settings.new_event')} placeholder={t('settings.new_event')} value={fresh} onChange={({ target }) => setFresh(target.value)} onPressEnter={add} />
        <Button onClick={add}>{t('settings.add_event')}</Button>
      </div>
      <Table<Meaning>
        rowKey="event"
        size="small"
        loading={put.isPending}
        dataSource={shown}
        pagination={{ pageSize: 15, showSizeChanger: false, hideOnSinglePage: true }}
        columns={[
          { title: t('settings.event'), render: (_, { event }) => <code>{event}</code> },
          {
            title: t('settings.means'),
            render: (_, { event, behavior }) => (
              <Select
                aria-label={`${event}: ${t('settings.means')}`}
                className="meaning"
                showSearch={{ optionFilterProp: 'label' }}
                value={behavior}
                options={[...new Set([...BEHAVIORS, behavior])].map((name) => ({ value: name, label: behaviorName(name, t) }))}
                onChange={(next) => save(withMeaning(tables, event, next))}
                popupMatchSelectWidth={false}
              />
            ),
          },
          { title: t('settings.on_channel'), render: (_, { channel, hasLines }) => [channel, hasLines && t('settings.lines')].filter(Boolean).join(' · ') },
          {
            title: '',
            align: 'right',
            render: (_, { event }) => (
              <Button type="text" size="small" aria-label={t('settings.remove_event', { name: event })} title={t('settings.remove_event', { name: event })} icon={<DeleteOutlined aria-hidden />} onClick={() => save(withMeaning(tables, event, null))} />
            ),
          },
        ]}
      />
      <Collapse className="card-plain" items={[{ key: 'json', label: t('settings.all_json'), children: <Tables key={JSON.stringify(tables)} tables={tables} isPending={put.isPending} onSave={save} /> }]} />
    </section>
  )
}

function Tables({ tables, isPending, onSave }: { tables: JsonObject; isPending: boolean; onSave: (tables: JsonObject) => void }) {
  const { t } = useSpeech()
  const [text, setText] = useState(() => JSON.stringify(tables, null, 2))
  const [reason, setReason] = useState<string>()
  const apply = () => {
    try {
      onSave(JSON.parse(text) as JsonObject)
      setReason(undefined)
    } catch (error) {
      setReason(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <Input.TextArea className="code" aria-label={t('settings.all_json')} spellCheck={false} autoSize={{ minRows: 8, maxRows: 24 }} value={text} onChange={({ target }) => setText(target.value)} />
      {reason && <Alert type="error" showIcon title={t('settings.json_bad', { reason })} />}
      <div className="push-buttons">
        <Button type="primary" loading={isPending} onClick={apply}>
          {t('settings.apply')}
        </Button>
      </div>
    </>
  )
}
