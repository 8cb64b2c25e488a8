// ⌘K: go to a page, an audience or a model by a few letters of its name.

import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Modal, type InputRef } from 'antd'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useNavigate } from 'react-router'
import { useAudiences, useModels } from '../api/queries'
import { useTracks } from '../api/tracks'
import { mayBeIdentifier } from '../consumer/filters'
import { useSpeech } from '../i18n'
import type { MessageKey, Text } from '../i18n/text'
import { modelTitle } from '../view/Filters'
import { PAGES } from './pages'
import { matching, type Place } from './places'
import { useBase } from './useBase'

const MOST = 12

export function Palette() {
  const { t } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  const input = useRef<InputRef>(null)
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <Button className="palette-button" icon={<SearchOutlined aria-hidden />} aria-label={t('palette.open')} title={t('palette.open')} onClick={() => setOpen(true)}>
        <kbd aria-hidden>⌘K</kbd>
      </Button>
      <Modal open={isOpen} onCancel={() => setOpen(false)} footer={null} title={t('palette.title')} destroyOnHidden width={560} afterOpenChange={(is) => is && input.current?.focus()}>
        <Search input={input} onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function usePlaces(): Place[] {
  const { t, language } = useSpeech()
  const audiences = useAudiences().data
  const models = useModels().data
  const tracks = useTracks().data
  return useMemo(
    () => [
      ...PAGES.map(({ path, title }) => ({ kind: 'palette.pages' as const, name: t(title), path })),
      ...(audiences ?? []).map(({ name }) => ({
        kind: 'palette.audiences' as const,
        name,
        path: `audiences/${encodeURIComponent(name)}/edit`,
      })),
      ...(tracks ?? []).map(({ name }) => ({ kind: 'palette.tracks' as const, name, path: `tracks/${encodeURIComponent(name)}` })),
      ...(models ?? []).map((model) => ({
        kind: 'palette.models' as const,
        name: modelTitle(model, language),
        path: `models/${encodeURIComponent(model.name)}`,
      })),
    ],
    [t, language, audiences, tracks, models],
  )
}

/** What was typed may be somebody's identifier; whether it is the page says. */
function consumerOf(text: string, t: Text): Place[] {
  if (!mayBeIdentifier(text)) return []
  const id = text.trim()
  return [{ kind: 'palette.consumer', name: t('palette.open_consumer', { id }), path: `consumers/${encodeURIComponent(id)}` }]
}

function Search({ input, onDone }: { input: RefObject<InputRef | null>; onDone: () => void }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const base = useBase()
  const id = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = [...matching(usePlaces(), text).slice(0, MOST), ...consumerOf(text, t)]
  const open = (place: Place | undefined) => {
    if (!place) return
    onDone()
    void navigate(`${base}/${place.path}`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setChosen((now) => (now + step + found.length) % Math.max(1, found.length))
    }
    if (event.key === 'Enter') open(found[chosen])
  }
  return (
    <>
      <Input
        ref={input}
        autoFocus
        allowClear
        role="combobox"
        aria-expanded
        aria-controls={`${id}list`}
        aria-activedescendant={found.length > 0 ? `${id}${chosen}` : undefined}
        aria-label={t('palette.search')}
        placeholder={t('palette.search')}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <p className="unseen" role="status">
        {t('palette.found', { n: found.length })}
      </p>
      <ul className="palette" id={`${id}list`} role="listbox" aria-label={t('palette.title')}>
        {found.map((place, i) => (
          <li
            key={place.path}
            id={`${id}${i}`}
            role="option"
            aria-selected={i === chosen}
            onMouseMove={() => setChosen(i)}
            onClick={() => open(place)}
          >
            <span>{place.name}</span>
            <span className="quiet">{t(place.kind satisfies MessageKey)}</span>
          </li>
        ))}
      </ul>
      <p className="quiet hint">{found.length === 0 ? t('palette.none', { text }) : t('palette.keys')}</p>
    </>
  )
}
