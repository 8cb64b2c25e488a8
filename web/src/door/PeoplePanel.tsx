// What lies behind a number, and what can be done with these people.

import { AimOutlined, CloseOutlined, CopyOutlined, EditOutlined, LockOutlined, SaveOutlined, SendOutlined, SolutionOutlined } from '@ant-design/icons'
import { App, Alert, Button, Skeleton } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import type { People } from '../api/types'
import { useBase } from '../app/useBase'
import { Failure } from '../app/Failure'
import type { Json } from '../builder/tree'
import { inSentence } from '../format/day'
import { useSpeech } from '../i18n'
import { whoIs, writeWho, type Scope } from '../view/view'
import { FreezeForm, SaveForm } from './forms'

// What few clicks lead to is loaded when they do.
const Members = lazy(() => import('../consumer/Members').then((file) => ({ default: file.Members })))
const PushDialog = lazy(() => import('../push/PushDialog').then((file) => ({ default: file.PushDialog })))
const TrackDialog = lazy(() => import('../track/TrackForm').then((file) => ({ default: file.TrackDialog })))

interface Props {
  /** The question who they are, and its answer. */
  people: { data: People | undefined; error: Error | null; isPending: boolean; refetch: () => unknown }
  /** Who they are, in a sentence. */
  said: string
  /** A name to begin with. */
  name: string
  /** What the page says how many they are. */
  shown: number | undefined
  onClose: () => void
  /** Goes on to the states of whoever was saved or locked. */
  onFollow: (who: string) => void
  /** Under which rules a track would begin. */
  lens?: Lens
}

export interface Lens {
  model: string
  scope: Scope
}

export function PeoplePanel({ people, said, name, shown, onClose, onFollow, lens }: Props) {
  const { t, exact, language } = useSpeech()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere = document.querySelector('.ant-modal-wrap, .ant-select-dropdown:not(.ant-select-dropdown-hidden)')
      if (event.key === 'Escape' && !isElsewhere) onClose()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onClose])
  return (
    <aside className="panel" aria-labelledby="panel-title" data-testid="panel">
      <div className="panel-head">
        <h2 id="panel-title">{t('door.title')}</h2>
        <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('app.close')} onClick={onClose} />
      </div>
      <p className="panel-sentence" aria-live="polite">
        {said}
      </p>
      {people.isPending && <Skeleton active paragraph={{ rows: 2 }} title={false} />}
      {people.error && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && (
        <>
          <p className="panel-count" data-testid="panel-count" data-count={people.data.count}>
            {exact(people.data.count)}
          </p>
          {shown !== undefined && shown !== people.data.count && (
            <Alert
              type="warning"
              showIcon
              title={t('door.recounted', { shown: exact(shown), count: exact(people.data.count) })}
            />
          )}
          <p className="quiet">{t('door.as_of', { date: inSentence(people.data.as_of, language) })}</p>
          <PeopleActions people={people.data} description={said} name={name} onFollow={onFollow} hasBuilder lens={lens} />
        </>
      )}
    </aside>
  )
}

type Open = 'save' | 'freeze' | undefined

interface ActionProps {
  people: People
  description: string
  name: string
  onFollow: (who: string) => void
  /** Whether to offer the builder; not within it. */
  hasBuilder?: boolean
  lens?: Lens
}

export function PeopleActions({ people, description, name, onFollow, hasBuilder, lens }: ActionProps) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const [open, setOpen] = useState<Open>()
  const [isPushing, setPushing] = useState(false)
  const [tracked, setTracked] = useState<{ people: People; name: string }>()
  const toggle = (which: Open) => setOpen(open === which ? undefined : which)
  const isEmpty = people.count === 0
  return (
    <>
      <div className="panel-actions">
        <Button type="primary" icon={<SendOutlined aria-hidden />} disabled={isEmpty} title={isEmpty ? t('door.nobody') : undefined} onClick={() => setPushing(true)}>
          {t('door.push')}
        </Button>
        <Button icon={<SaveOutlined aria-hidden />} aria-expanded={open === 'save'} onClick={() => toggle('save')}>
          {t('door.save')}
        </Button>
        <Button icon={<LockOutlined aria-hidden />} aria-expanded={open === 'freeze'} onClick={() => toggle('freeze')}>
          {t('door.snapshot')}
        </Button>
        <Button icon={<AimOutlined aria-hidden />} disabled={isEmpty} onClick={() => setTracked({ people, name })}>
          {t('door.track')}
        </Button>
        <PortraitButton people={people} />
        {hasBuilder && (
          <Button
            icon={<EditOutlined aria-hidden />}
            onClick={() => void navigate(`${base}/audiences/new?as_of=${people.as_of}`, { state: { expression: people.expression, name } })}
          >
            {t('door.edit')}
          </Button>
        )}
        <CopyButton expression={people.expression} />
      </div>
      {open === 'save' && <SaveForm people={people} name={name} description={description} onFollow={onFollow} />}
      {open === 'freeze' && <FreezeForm people={people} name={name} onFollow={onFollow} onTrack={(people, name) => setTracked({ people, name })} />}
      <MembersOf people={people} />
      <details className="expression">
        <summary>{t('door.expression')}</summary>
        <pre tabIndex={0}>{JSON.stringify(people.expression, null, 2)}</pre>
      </details>
      <Suspense>
        {tracked && (
          <TrackDialog
            people={tracked.people}
            name={tracked.name}
            from={people.as_of}
            model={lens?.model}
            scope={lens?.scope}
            onClose={() => setTracked(undefined)}
            onDone={(track) => void navigate(`${base}/tracks/${encodeURIComponent(track.name)}`)}
          />
        )}
        {isPushing && <PushDialog people={people} name={name} onClose={() => setPushing(false)} />}
      </Suspense>
    </>
  )
}

/** Servers and proxies take no address that is longer. */
const LONGEST_ADDRESS = 8000

/** To the portrait of these people: the address there holds who they are. */
function PortraitButton({ people: { expression, as_of, count } }: { people: People }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const address = `${base}/insight/portrait?${new URLSearchParams({ who: writeWho(whoIs(expression)), as_of })}`
  const isTooLong = address.length > LONGEST_ADDRESS
  return (
    <Button icon={<SolutionOutlined aria-hidden />} disabled={count === 0 || isTooLong} title={isTooLong ? t('door.portrait_long') : undefined} onClick={() => void navigate(address)}>
      {t('door.portrait')}
    </Button>
  )
}

/** Who they are, one by one; asked for when somebody wants to see them. */
function MembersOf({ people }: { people: People }) {
  const { t } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  if (people.count === 0) return null
  return (
    <details className="expression" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('door.members')}</summary>
      {isOpen && (
        <Suspense>
          <Members expression={people.expression as Json} asOf={people.as_of} count={people.count} />
        </Suspense>
      )}
    </details>
  )
}

function CopyButton({ expression }: { expression: unknown }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(expression))
      message.success(t('app.copied'))
    } catch {
      message.error(t('app.copy_failed'))
    }
  }
  return (
    <Button icon={<CopyOutlined aria-hidden />} onClick={() => void copy()}>
      {t('door.copy')}
    </Button>
  )
}
