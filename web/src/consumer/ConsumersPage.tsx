// Finding a person: by any of their identifiers, or among the members of an audience.

import { Empty, Input, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useAudiences } from '../api/queries'
import { usePeopleOf } from '../api/audiences'
import type { Workspace } from '../api/types'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { inSentence } from '../format/day'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { MembersTable } from './MembersTable'

export function ConsumersPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('nav.consumers'))
  const { view } = useView(workspace)
  const [query, setQuery] = useAddress()
  const isOpen = query.get('open') === '1'
  const setOpen = (is: boolean) => setQuery({ open: is ? '1' : null })
  const door = useDoor(query.get('audience') ?? '', view.asOf)
  return (
    <div className={isOpen ? 'page with-panel' : 'page'}>
      <div className={isOpen ? 'page-main' : 'page-main narrow'}>
        <h1>{t('nav.consumers')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} />
        <p className="quiet">{t('consumers.intro')}</p>
        {!workspace.data?.last_day && <Nobody />}
        <Search asOf={view.asOf} />
        <Among door={door} asOf={view.asOf} isOpen={isOpen} onOpen={() => setOpen(true)} />
      </div>
      {isOpen && <ExpressionPanel key={`${door.name} ${view.asOf}`} door={door} asOf={view.asOf} onClose={() => setOpen(false)} />}
    </div>
  )
}

/** Nothing has come in yet. */
function Nobody() {
  const { t } = useSpeech()
  const base = useBase()
  return (
    <Empty className="card" description={<strong>{t('consumers.empty.title')}</strong>}>
      <p className="quiet">{t('consumers.empty.body')}</p>
      <LinkButton type="primary" to={`${base}/data/imports/new`}>
        {t('consumers.empty.import')}
      </LinkButton>
    </Empty>
  )
}

/** Among whom one looks: the members of an audience, or everybody. */
function useDoor(name: string, asOf: string): Door {
  const { t, language } = useSpeech()
  const date = inSentence(asOf, language)
  const expression: Json = name ? { audience: name } : { everyone: true }
  return { expression, said: name ? t('consumers.said', { name, date }) : t('consumers.said_all', { date }), name, shown: undefined }
}

export function Search({ asOf }: { asOf: string }) {
  const { t } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const open = (id: string) => {
    if (id.trim() !== '') void navigate(`${base}/consumers/${encodeURIComponent(id.trim())}?as_of=${asOf}`)
  }
  return (
    <section className="card" aria-labelledby="find-title">
      <h2 id="find-title">{t('consumers.find')}</h2>
      <Input.Search
        className="consumer-find"
        aria-label={t('consumers.identifier')}
        placeholder="user_id / phone:13712341234 / email:lily@example.com"
        enterButton={t('consumers.open')}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onSearch={open}
      />
      <p className="quiet hint">{t('consumers.hint')}</p>
    </section>
  )
}

interface AmongProps {
  door: Door
  asOf: string
  isOpen: boolean
  onOpen: () => void
}

function Among({ door: { expression, said, name }, asOf, isOpen, onOpen }: AmongProps) {
  const { t } = useSpeech()
  const [, setQuery] = useAddress()
  const audiences = (useAudiences().data ?? []).map(({ name }) => ({ value: name, label: name }))
  const people = usePeopleOf(expression, asOf).data
  return (
    <section className="card" aria-labelledby="among-title">
      <div className="card-head">
        <h2 id="among-title">{t('consumers.among')}</h2>
        {people && (
          <span className="quiet">
            {t('consumers.count')} <Count value={people.count} isExact sentence={said} isOpen={isOpen} onOpen={onOpen} testId="among-count" />
          </span>
        )}
      </div>
      <Field label={t('consumers.audience')}>
        <Select
          aria-label={t('consumers.audience')}
          showSearch={{ optionFilterProp: 'label' }}
          value={name}
          options={[{ value: '', label: t('view.everyone') }, ...audiences]}
          onChange={(audience: string) => setQuery({ audience: audience || null, open: null })}
        />
      </Field>
      <MembersTable key={`${name} ${asOf}`} expression={expression} asOf={asOf} count={people?.count} />
    </section>
  )
}
