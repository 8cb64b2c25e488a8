// The expression as text, in JSON or YAML, to read, copy, or write.

import { Alert, App, Button, Input } from 'antd'
import { useState, type KeyboardEvent } from 'react'
import { Failure } from '../../app/Failure'
import { useSpeech } from '../../i18n'
import { readCode, writeCode, type Format } from '../code'
import { write } from '../tree'
import type { SideProps } from './Side'

export function CodeTab({ builder, counts, format }: Pick<SideProps, 'builder' | 'counts'> & { format: Format }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const written = writeCode(write(builder.root), format)
  /** What is being typed; without it the text follows the tree. */
  const [draft, setDraft] = useState<string>()
  const read = draft === undefined ? undefined : readCode(draft, format)
  const isChanged = draft !== undefined && draft !== written
  const apply = () => {
    if (!read || !('json' in read)) return
    builder.replaceAll(read.json)
    setDraft(undefined)
  }
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(draft ?? written)
      message.success(t('app.copied'))
    } catch {
      message.error(t('app.copy_failed'))
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    apply()
  }
  return (
    <>
      <Input.TextArea
        className="code"
        aria-label={t('code.label', { format: t(`side.${format}`) })}
        autoSize={{ minRows: 8, maxRows: 24 }}
        spellCheck={false}
        value={draft ?? written}
        onChange={({ target }) => setDraft(target.value)}
        onKeyDown={onKeyDown}
      />
      {read && 'reason' in read && <Alert type="error" showIcon title={t('code.unread', { reason: read.reason })} />}
      {counts.error && !isChanged && <Failure error={counts.error} />}
      <div className="push-buttons">
        <Button type="primary" disabled={!isChanged || !read || 'reason' in read} onClick={apply}>
          {t('code.apply')}
        </Button>
        {isChanged && <Button onClick={() => setDraft(undefined)}>{t('code.reset')}</Button>}
        <Button onClick={() => void copy()}>{t('code.copy')}</Button>
      </div>
      <p className="quiet hint">{t('code.help')}</p>
    </>
  )
}
