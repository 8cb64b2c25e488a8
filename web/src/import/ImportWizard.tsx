// A file on its way in: chosen, its columns understood, its events seen, and only then imported.

import { InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input, Progress, Radio, Select, Skeleton, Steps, Upload } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useImport, usePreview } from '../api/imports'
import type { Import, ImportPreview, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { ImportLedger } from './ledger'
import { columnOf, guess, guessTime, hasHead, HEAD_BYTES, ID_KINDS, lacks, sql as write, type Column, type Kind, type Mapping } from './mapping'
import { MappingForm } from './MappingForm'
import { PreviewTables } from './PreviewTables'

type AnyKind = Kind | 'list'

interface Chosen {
  /** Stands for the file in questions about it. */
  id: string
  file: File
  kind: AnyKind
}

export function ImportWizard({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('wizard.title'))
  const base = useBase()
  const [chosen, setChosen] = useState<Chosen>()
  const [done, setDone] = useState<Import>()
  const step = done ? 2 : chosen ? 1 : 0
  const restart = () => {
    setDone(undefined)
    setChosen(undefined)
  }
  return (
    <div className="page">
      <div className="page-main">
        <Link to={`${base}/data/imports`}>← {t('imports.all')}</Link>
        <h1>{t('wizard.title')}</h1>
        <Provenance workspace={workspace} />
        <Steps size="small" current={step} items={(['file', 'mapping', 'ledger'] as const).map((name) => ({ title: t(`wizard.step.${name}`) }))} />
        {step === 0 && <FileStep onChoose={setChosen} />}
        {step === 1 && chosen?.kind === 'list' && <ListStep chosen={chosen} onDone={setDone} onBack={restart} />}
        {step === 1 && chosen && chosen.kind !== 'list' && (
          <MappingStep key={chosen.id} chosen={chosen} kind={chosen.kind} zone={workspace.timezone} onDone={setDone} onBack={restart} />
        )}
        {done && (
          <section className="card">
            <Alert type="success" showIcon title={done.accepted > 0 ? t('wizard.done', { accepted: done.accepted }) : t('wizard.done_nothing')} />
            <ImportLedger of={done} zone={workspace.timezone} />
            <div className="push-buttons">
              <LinkButton type="primary" to={`${base}/data/imports`}>
                {t('imports.all')}
              </LinkButton>
              <Button onClick={restart}>{t('wizard.again')}</Button>
            </div>
          </section>
        )}
      </div>
    </div>
  )
}

const KINDS: AnyKind[] = ['events', 'tags', 'list']

function FileStep({ onChoose }: { onChoose: (chosen: Chosen) => void }) {
  const { t } = useSpeech()
  const [kind, setKind] = useState<AnyKind>('events')
  const choose = (file: File) => {
    onChoose({ id: `${file.name} ${file.size} ${file.lastModified}`, file, kind })
    return false
  }
  return (
    <section className="card">
      <p className="quiet">{t('wizard.kind')}</p>
      <Radio.Group aria-label={t('wizard.kind')} className="destinations" value={kind} onChange={({ target }) => setKind(target.value as AnyKind)}>
        {KINDS.map((one) => (
          <Radio key={one} value={one}>
            {t(`wizard.kind.${one}`)}
          </Radio>
        ))}
      </Radio.Group>
      <Upload.Dragger className="dropzone" beforeUpload={choose} showUploadList={false} multiple={false}>
        <p>
          <InboxOutlined aria-hidden className="drop-icon" />
        </p>
        <p>{t('wizard.drop')}</p>
        <p className="quiet">{t('wizard.drop_help')}</p>
      </Upload.Dragger>
    </section>
  )
}

interface StepProps {
  chosen: Chosen
  onDone: (done: Import) => void
  onBack: () => void
}

function ListStep({ chosen, onDone, onBack }: StepProps) {
  const { t } = useSpeech()
  const [name, setName] = useState(chosen.file.name.replace(/\..*$/, ''))
  const [kind, setKind] = useState<string>(ID_KINDS[0])
  return (
    <section className="card">
      <FileHead chosen={chosen} onBack={onBack} />
      <div className="editor-fields">
        <Field label={t('wizard.list_name')}>
          <Input aria-label={t('wizard.list_name')} value={name} onChange={({ target }) => setName(target.value)} />
        </Field>
        <Field label={t('wizard.list_kind')}>
          <Select aria-label={t('wizard.list_kind')} value={kind} options={ID_KINDS.map((one) => ({ value: one, label: one }))} onChange={setKind} />
        </Field>
      </div>
      <Commit chosen={chosen} fields={{ kind: 'list', name: name.trim(), identifier_kind: kind }} isReady={name.trim() !== ''} onDone={onDone} />
    </section>
  )
}

function FileHead({ chosen, onBack, columns }: { chosen: Chosen; onBack: () => void; columns?: number }) {
  const { t } = useSpeech()
  return (
    <div className="card-head">
      <h2>
        {chosen.file.name} {columns !== undefined && <span className="quiet">{t('wizard.columns', { n: columns })}</span>}
      </h2>
      <Button onClick={onBack}>{t('wizard.change_file')}</Button>
    </div>
  )
}

/** The beginning of a long text file, cut where a line ends. */
function useHead(file: File): Blob | undefined {
  const [head, setHead] = useState<Blob>()
  useEffect(() => {
    let isGone = false
    const read = async () => {
      if (!hasHead(file.name, file.size)) return file
      const text = await file.slice(0, HEAD_BYTES).text()
      return new Blob([text.slice(0, text.lastIndexOf('\n') + 1)])
    }
    void read().then((blob) => !isGone && setHead(blob))
    return () => {
      isGone = true
    }
  }, [file])
  return head
}

/** The text once it has rested, so that not every letter is tried. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), 300)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}

function MappingStep({ chosen, kind, zone, onDone, onBack }: StepProps & { kind: Kind; zone: string }) {
  const { t } = useSpeech()
  const head = useHead(chosen.file)
  const looked = usePreview(chosen.id, head, chosen.file.name, { kind, rows: 200 }, true)
  if (looked.error) {
    return (
      <section className="card">
        <FileHead chosen={chosen} onBack={onBack} />
        <Failure error={looked.error} onRetry={() => void looked.refetch()} />
      </section>
    )
  }
  if (!looked.data || !head) {
    return (
      <section className="card">
        <p role="status">{t('wizard.looking')}</p>
        <Skeleton active />
      </section>
    )
  }
  return <Mapper chosen={chosen} kind={kind} zone={zone} head={head} file={looked.data} onDone={onDone} onBack={onBack} />
}

interface MapperProps extends StepProps {
  kind: Kind
  zone: string
  head: Blob
  /** The file's own columns and first rows. */
  file: ImportPreview
}

function sampleTime({ columns, input }: ImportPreview, mapping: Mapping): string {
  const time = mapping.fields.time && columnOf(mapping.fields.time)
  const at = columns.findIndex(({ name }) => name === time)
  const value = input.map((row) => row[at]).find((one) => one !== null && one !== undefined)
  return value === undefined ? '' : String(value)
}

function Mapper({ chosen, kind, zone, head, file, onDone, onBack }: MapperProps) {
  const { t } = useSpeech()
  const columns: Column[] = file.columns
  const [mapping, setMapping] = useState(() => guess(kind, columns, file.input))
  /** What was written by hand; it locks the form. */
  const [hand, setHand] = useState<string>()
  const [isWhole, setWhole] = useState(head === chosen.file)
  const [source, setSource] = useState('files')
  const [isTimeSure, setTimeSure] = useState(false)
  const sample = sampleTime(file, mapping)
  const time = mapping.fields.time && columnOf(mapping.fields.time)
  const ambiguous = useMemo(() => (guessTime(columns, file.input, time).isAmbiguous ? sample : undefined), [columns, file.input, time, sample])
  const sql = hand ?? write(mapping)
  const missing = hand === undefined ? lacks(mapping) : []
  const rested = useRested(sql)
  const preview = usePreview(chosen.id + (isWhole ? ' whole' : ''), isWhole ? chosen.file : head, chosen.file.name, { kind, sql: rested, rows: 200 }, missing.length === 0)
  const isStale = preview.isPlaceholderData || rested !== sql
  const change = (next: Mapping) => {
    if (next.timeFormat !== mapping.timeFormat) setTimeSure(true)
    setMapping(next)
  }
  return (
    <>
      <section className="card">
        <FileHead chosen={chosen} onBack={onBack} columns={columns.length} />
        <div className="wizard">
          <div>
            <h3>{t('wizard.form')}</h3>
            {hand !== undefined && (
              <Alert
                type="info"
                showIcon
                title={t('wizard.locked')}
                action={
                  <Button size="small" onClick={() => setHand(undefined)}>
                    {t('wizard.unlock')}
                  </Button>
                }
              />
            )}
            <MappingForm mapping={mapping} columns={columns} ambiguous={isTimeSure ? undefined : ambiguous} zone={zone} isLocked={hand !== undefined} onChange={change} />
          </div>
          <div className="wizard-sql">
            <h3 id="sql-title">{t('wizard.sql')}</h3>
            <Input.TextArea className="code" aria-labelledby="sql-title" autoSize={{ minRows: 10, maxRows: 28 }} spellCheck={false} value={sql} onChange={({ target }) => setHand(target.value)} />
            <p className="quiet hint">{t('wizard.sql_help')}</p>
            <Field label={t('wizard.source')}>
              <Input aria-label={t('wizard.source')} title={t('wizard.source_help')} value={source} onChange={({ target }) => setSource(target.value)} />
            </Field>
          </div>
        </div>
      </section>
      <section className="card" aria-labelledby="preview-title">
        <div className="card-head">
          <h2 id="preview-title">{t('wizard.preview')}</h2>
          {!isWhole && <Button onClick={() => setWhole(true)}>{t('wizard.check_whole')}</Button>}
        </div>
        {missing.map((what) => (
          <Alert key={what} type="warning" showIcon title={t(`wizard.lacks.${what}`)} />
        ))}
        {preview.error && !isStale && <Failure error={preview.error} />}
        {preview.data && missing.length === 0 && !preview.error && <PreviewTables preview={preview.data} fileName={chosen.file.name} isWhole={isWhole} isStale={isStale} />}
        <Commit
          chosen={chosen}
          fields={{ kind, sql, source: source.trim() || 'files' }}
          isReady={missing.length === 0 && preview.data !== undefined && !preview.error && !isStale && (!ambiguous || isTimeSure || hand !== undefined)}
          onDone={onDone}
        />
      </section>
    </>
  )
}

interface CommitProps {
  chosen: Chosen
  fields: { kind: string; sql?: string; source?: string; name?: string; identifier_kind?: string }
  isReady: boolean
  onDone: (done: Import) => void
}

function Commit({ chosen, fields, isReady, onDone }: CommitProps) {
  const { t } = useSpeech()
  const [sent, setSent] = useState(0)
  const commit = useImport()
  const percent = Math.floor(sent * 100)
  return (
    <Form className="commit" onFinish={() => commit.mutate({ file: chosen.file, fields, onSent: setSent }, { onSuccess: onDone })}>
      {commit.error && <Failure error={commit.error} />}
      {commit.isPending && (
        <div role="status">
          <Progress percent={percent} status="active" aria-label={t('wizard.sending', { percent })} />
          <p className="quiet">{percent < 100 ? t('wizard.sending', { percent }) : t('wizard.importing')}</p>
        </div>
      )}
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={commit.isPending}>
        {t('wizard.import_all')}
      </Button>
    </Form>
  )
}
