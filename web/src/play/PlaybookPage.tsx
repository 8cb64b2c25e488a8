// One plan: its settings, whom that concerns, and what would be created. The address holds what was changed.

import { Alert, Button, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'react-router'
import { usePlaybook, usePlaybookPreview } from '../api/playbooks'
import { ApiError } from '../api/client'
import type { Playbook, PlaybookPreview, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { say, textOf as plain } from '../builder/grammar/say'
import { read, type Json, type JsonObject } from '../builder/tree'
import { useNames } from '../builder/useNames'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { inSentence, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { useAddress, type ChangeAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { Makes } from './Makes'
import { Media, Whom } from './Numbers'
import { ParameterField } from './ParameterField'
import { isChain, opened, parametersOf, PARTS, readGiven, valueOf, withGiven, type Part } from './play'
import { symptomOf, textOf, titleOf } from './told'

export function PlaybookPage({ workspace }: { workspace: Workspace }) {
  const { t, language } = useSpeech()
  const name = useParams().playbook ?? ''
  const playbook = usePlaybook(name)
  usePageTitle(playbook.data ? titleOf(playbook.data, language) : t('plays.title'))
  const { view } = useView(workspace)
  return playbook.data ? (
    <Plan key={name} workspace={workspace} playbook={playbook.data} asOf={view.asOf} />
  ) : (
    <div className="page">
      <div className="page-main">
        <Back />
        {playbook.error && <Failure error={playbook.error} onRetry={() => void playbook.refetch()} />}
        {playbook.isPending && <Skeleton active className="card" />}
      </div>
    </div>
  )
}

function Back() {
  const { t } = useSpeech()
  const base = useBase()
  return <Link to={`${base}/playbooks`}>← {t('plays.back')}</Link>
}

function Plan({ workspace, playbook, asOf }: { workspace: Workspace; playbook: Playbook; asOf: Day }) {
  const { t, language } = useSpeech()
  const [query, setQuery] = useAddress()
  const [given, setGiven] = useGiven(query, setQuery)
  const preview = usePlaybookPreview(playbook.name, given, asOf)
  const prefix = String(given.prefix ?? playbook.name)
  const open = query.get('open')
  const setOpen = (key: string | null) => setQuery({ open: key })
  const door = useDoor(preview.data, prefix, open, asOf)
  const numbers = preview.data && { preview: preview.data, prefix, asOf, open, onOpen: setOpen }
  const isStale = preview.isPlaceholderData || preview.error !== null
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <Back />
        <h1>{titleOf(playbook, language)}</h1>
        <Provenance workspace={workspace} asOf={asOf} isUpdating={preview.isPlaceholderData && !preview.error} />
        <p>
          <strong>{symptomOf(playbook.name, t)}</strong> <span className="quiet">{textOf(playbook, language)}</span>
        </p>
        <div className="play">
          <Settings playbook={playbook} given={given} error={preview.error} asOf={asOf} onChange={setGiven} />
          <div className={isStale ? 'play-plan stale' : 'play-plan'} aria-busy={preview.isPlaceholderData}>
            {preview.isPending && <Skeleton active className="card" />}
            {numbers && <Whom {...numbers} />}
            {numbers && <Media {...numbers} />}
            {preview.data && <Makes preview={preview.data} body={{ ...given, as_of: asOf }} isReady={!isStale} />}
          </div>
        </div>
      </div>
      {door && <ExpressionPanel key={`${open} ${JSON.stringify(given)} ${asOf}`} door={door} asOf={asOf} onClose={() => setOpen(null)} />}
    </div>
  )
}

/**
 * The form, which the address keeps. It is state of the page first: an address changes a moment later, and what is typed
 * meanwhile must not be lost.
 */
function useGiven(query: URLSearchParams, setQuery: ChangeAddress): [JsonObject, (change: (given: JsonObject) => JsonObject) => void] {
  const [given, setGiven] = useState(() => readGiven(query.get('given')))
  const text = Object.keys(given).length > 0 ? JSON.stringify(given) : null
  useEffect(() => {
    if (query.get('given') !== text) setQuery({ given: text }, { replace: true })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is typed changes the address
  }, [text])
  return [given, setGiven]
}

/** The people behind a number of the plan, said by what they are. */
function useDoor(preview: PlaybookPreview | undefined, prefix: string, open: string | null, asOf: Day): Door | undefined {
  const { t, language } = useSpeech()
  const names = useNames()
  const shown = preview && opened(preview, prefix, open)
  if (!shown || !open) return undefined
  const date = inSentence(asOf, language)
  const medium = names.channel(open.slice(open.indexOf(':') + 1))
  const said = {
    medium: () => t('play.said_medium', { medium, date }),
    only: () => t('play.said_only', { medium, date }),
    reach: () => t('play.said_reach', { date }),
  }[open.split(':')[0] ?? '']
  const sentence = said?.() ?? plain(say(read(shown.expression), asOf, language, names))
  return { expression: shown.expression, said: sentence, name: `${prefix}_${open.replace(':', '_')} ${asOf}`, shown: shown.count }
}

interface SettingsProps {
  playbook: Playbook
  given: JsonObject
  error: Error | null
  asOf: Day
  onChange: (change: (given: JsonObject) => JsonObject) => void
}

function Settings({ playbook, given, error, asOf, onChange }: SettingsProps) {
  const { t } = useSpeech()
  const isChanged = Object.keys(given).length > 0
  const isPlaced = playbook.parameters.some(({ name }) => name !== 'as_of' && isAt(error, name))
  return (
    <section className="card play-form" aria-labelledby="form-title">
      <div className="card-head">
        <h2 id="form-title">{t('play.form')}</h2>
        <Button size="small" disabled={!isChanged} onClick={() => onChange(() => ({}))}>
          {t('play.reset')}
        </Button>
      </div>
      <p className="quiet">{t('play.form_help')}</p>
      {error && !isPlaced && <Failure error={error} />}
      {PARTS.map((part) => (
        <PartFields key={part} part={part} playbook={playbook} given={given} error={error} asOf={asOf} onChange={onChange} />
      ))}
    </section>
  )
}

const isAt = (error: Error | null, name: string): error is ApiError => error instanceof ApiError && (error.at === `/${name}` || (error.at?.startsWith(`/${name}/`) ?? false))

function PartFields({ part, playbook, given, error, asOf, onChange }: SettingsProps & { part: Part }) {
  const { t } = useSpeech()
  const parameters = parametersOf(playbook, part)
  const model = playbook.parameters.find(({ name }) => name === 'model')
  return (
    <div className="play-part" role="group" aria-labelledby={`part-${part}`}>
      <h3 id={`part-${part}`}>{t(`play.part.${part}`)}</h3>
      {parameters.map((parameter) => (
        <div key={parameter.name}>
          <ParameterField
            parameter={parameter}
            value={valueOf(given, parameter)}
            isOrdered={isChain(playbook.name, parameter.name)}
            model={String(model ? valueOf(given, model) : '')}
            asOf={asOf}
            onChange={(value: Json) => onChange((now) => withGiven(now, parameter, value))}
          />
          {isAt(error, parameter.name) && <Alert type="error" showIcon title={error.message} description={error.help} className="play-fault" />}
        </div>
      ))}
    </div>
  )
}
