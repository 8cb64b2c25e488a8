// How to send to a source, and whether anything has come.

import { Alert, App, Button, Input, Tabs } from 'antd'
import { useEffect, useState } from 'react'
import { useSeen } from '../api/sources'
import type { Source } from '../api/types'
import { behaviorName } from '../builder/useNames'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { LANGUAGES, snippet } from './snippets'

/** After this long without an event one begins to wonder. */
const PATIENCE_MS = 15_000

interface Props {
  source: Source
  /** The whole key, at the one moment when it is known. */
  secret: string | undefined
  zone: string
}

export function Connect({ source, secret, zone }: Props) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState('')
  const key = secret ?? (typed.trim() || t('source.key_placeholder'))
  return (
    <section className="card" aria-labelledby="connect-title">
      <h2 id="connect-title">{t('source.connect')}</h2>
      {secret ? (
        <Alert
          className="key-once"
          type="warning"
          showIcon
          title={<code data-testid="write-key">{secret}</code>}
          description={t('source.key_once')}
          action={<CopyButton text={secret} />}
        />
      ) : (
        <label className="field wide">
          <span className="quiet">{t('source.key_known', { prefix: source.key_prefix ?? '–' })}</span>
          <Input value={typed} placeholder={t('source.key_placeholder')} spellCheck={false} onChange={({ target }) => setTyped(target.value)} />
        </label>
      )}
      <Tabs
        size="small"
        items={LANGUAGES.map((language) => ({
          key: language,
          label: t(`source.snippet.${language}`),
          children: <Snippet text={snippet(language, location.origin, key)} label={t('source.snippet_label', { language: t(`source.snippet.${language}`) })} />,
        }))}
      />
      <FirstEvent source={source} zone={zone} />
    </section>
  )
}

function Snippet({ text, label }: { text: string; label: string }) {
  return (
    <div className="snippet">
      <pre tabIndex={0} aria-label={label} role="region">
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  )
}

function CopyButton({ text }: { text: string }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      message.success(t('app.copied'))
    } catch {
      message.error(t('app.copy_failed'))
    }
  }
  return (
    <Button size="small" onClick={() => void copy()}>
      {t('source.copy')}
    </Button>
  )
}

function FirstEvent({ source, zone }: { source: Source; zone: string }) {
  const { t } = useSpeech()
  const seen = useSeen(source.name, true).data
  const first = seen?.find(({ verdict }) => verdict === 'accepted' || verdict === 'duplicate')
  const hasCome = source.total.accepted > 0 || source.since_start.accepted > 0
  const isLong = useIsLong(!first && !hasCome)
  if (first) {
    const time = inZone(first.received, zone)
    const title = first.behavior ? t('source.seen', { behavior: behaviorName(first.behavior, t), time }) : t('source.seen_other', { time })
    return <Alert type="success" showIcon title={title} data-testid="first-event" role="status" />
  }
  if (hasCome || source.kind !== 'sdk') return null
  return (
    <div role="status">
      <p className="waiting">
        <span className="pulse" aria-hidden /> {t('source.waiting')}
      </p>
      {isLong && (
        <>
          <p>{t('source.checklist')}</p>
          <ul className="checklist">
            <li>{t('source.check_host', { host: location.origin })}</li>
            <li>{t('source.check_key')}</li>
            <li>{t('source.check_flush')}</li>
            {source.origins.length > 0 && <li>{t('source.check_origin')}</li>}
          </ul>
        </>
      )}
    </div>
  )
}

function useIsLong(isWaiting: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isWaiting) return undefined
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return isLong && isWaiting
}
