// The file as it is, what becomes of its rows, and those that would be refused.

import { Alert, Button, Table, Tabs } from 'antd'
import type { ImportPreview, PreviewRow } from '../api/types'
import { csv } from '../chart/csv'
import { downloadText } from '../chart/download'
import { useSpeech } from '../i18n'
import { Scroll } from '../view/Scroll'
import { Counts, reasonName } from './ledger'

interface Props {
  preview: ImportPreview
  fileName: string
  /** Whether the whole file was looked at, or its beginning. */
  isWhole: boolean
  isStale: boolean
}

export function PreviewTables({ preview, fileName, isWhole, isStale }: Props) {
  const { t, exact } = useSpeech()
  const { read, mapped, rejected } = preview
  return (
    <div className={isStale ? 'preview stale' : 'preview'} aria-busy={isStale} data-testid="preview" data-stale={isStale}>
      {typeof read === 'number' && typeof mapped === 'number' && typeof rejected === 'number' && (
        <>
          <p className="balance" data-testid="preview-balance">
            {t('wizard.balanced', { read: exact(read), mapped: exact(mapped), rejected: exact(rejected) })}
          </p>
          <p className="quiet">
            {isWhole ? t('wizard.preview_whole') : t('wizard.preview_head', { read })} {t('wizard.duplicates_later')}
          </p>
          <dl className="preview-counts">
            <Counts title={t('imports.reasons')} counts={preview.reasons} name={(reason) => reasonName(reason, t)} />
            {Object.entries(preview.unmapped).map(([kind, counts]) => (
              <Counts key={kind} title={t('imports.unmapped', { kind })} counts={counts as Record<string, number>} />
            ))}
            <Counts title={t('imports.remarks')} counts={preview.remarks} name={(remark) => reasonName(remark, t)} />
          </dl>
        </>
      )}
      <Tabs
        size="small"
        items={[
          ...(preview.rows.length > 0 ? [{ key: 'rows', label: t('wizard.events'), children: <Scroll label={t('wizard.events')}><Mapped rows={preview.rows} /></Scroll> }] : []),
          ...(preview.rejects.length > 0
            ? [{ key: 'rejects', label: `${t('wizard.rejects')} (${exact(rejected ?? 0)})`, children: <Scroll label={t('wizard.rejects')}><Rejects rows={preview.rejects} fileName={fileName} /></Scroll> }]
            : []),
          { key: 'input', label: t('wizard.input'), children: <Scroll label={t('wizard.input')}><Input preview={preview} /></Scroll> },
        ]}
      />
    </div>
  )
}

const PAGING = { pageSize: 20, showSizeChanger: false, size: 'small' as const, hideOnSinglePage: true }

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Columns that any of the rows has a value in. */
function filled(rows: readonly Record<string, unknown>[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return names.filter((name) => rows.some((row) => row[name] !== null && row[name] !== undefined))
}

function Mapped({ rows }: { rows: PreviewRow[] }) {
  const { t } = useSpeech()
  const names = filled(rows.map(({ mapped }) => (mapped ?? {}) as Record<string, unknown>))
  return (
    <>
      <p className="quiet">{t('wizard.first_rows', { n: rows.length })}</p>
      <Table<PreviewRow>
        rowKey="number"
        size="small"
        dataSource={rows}
        pagination={PAGING}
        rowClassName={({ reason }) => (reason ? 'refused' : '')}
        columns={[
          { title: t('wizard.row'), dataIndex: 'number', align: 'right', className: 'figure' },
          ...names.map((name, i) => ({
            title: name,
            render: (_: unknown, row: PreviewRow) => {
              if (row.mapped) return shown((row.mapped as Record<string, unknown>)[name])
              return i === 0 ? <Alert type="error" banner title={`${reasonName(row.reason ?? '', t)}: ${JSON.stringify(row.selected)}`} /> : null
            },
            onCell: (row: PreviewRow) => (row.mapped ? {} : { colSpan: i === 0 ? names.length : 0 }),
          })),
        ]}
      />
    </>
  )
}

function Rejects({ rows, fileName }: { rows: PreviewRow[]; fileName: string }) {
  const { t } = useSpeech()
  const names = filled(rows.map(({ selected }) => selected as Record<string, unknown>))
  const save = () => {
    const lines = rows.map(({ number, reason, selected }) => [number, reason ?? '', ...names.map((name) => shown((selected as Record<string, unknown>)[name]))])
    downloadText(`${fileName}.rejects.csv`, csv([['row', 'reason', ...names], ...lines]), 'text/csv')
  }
  return (
    <>
      <div className="card-controls">
        <span className="quiet">{t('wizard.first_rows', { n: rows.length })}</span>
        <Button size="small" onClick={save}>
          {t('wizard.rejects_csv')}
        </Button>
      </div>
      <Table<PreviewRow>
        rowKey="number"
        size="small"
        dataSource={rows}
        pagination={PAGING}
        columns={[
          { title: t('wizard.row'), dataIndex: 'number', align: 'right', className: 'figure' },
          { title: t('wizard.reason'), render: (_, { reason }) => reasonName(reason ?? '', t) },
          ...names.map((name) => ({ title: name, render: (_: unknown, { selected }: PreviewRow) => shown((selected as Record<string, unknown>)[name]) })),
        ]}
      />
    </>
  )
}

function Input({ preview }: { preview: ImportPreview }) {
  const rows = preview.input.map((values, i) => ({ values, i }))
  return (
    <Table
      rowKey="i"
      size="small"
      dataSource={rows}
      pagination={PAGING}
      columns={preview.columns.map(({ name, holds }, i) => ({
        title: (
          <>
            {name} <span className="quiet">{holds}</span>
          </>
        ),
        render: (_: unknown, { values }: { values: unknown[] }) => shown(values[i]),
      }))}
    />
  )
}
