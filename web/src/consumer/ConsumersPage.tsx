// Finding a person: by any of their identifiers, or among the members of an audience.

import { Input, Select } from 'antd'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useAudiences } from '../api/queries'
import { usePeopleOf } from '../api/audiences'
import type { Workspace } from '../api/types'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useView } from '../view/useView'
import { withQuery } from '../view/view'
import { Members } from './Members'

export function ConsumersPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('nav.consumers'))
  const { view } = useView(workspace)
  return (
    <div className="page">
      <div className="page-main narrow">
        <h1>{t('nav.consumers')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} />
        <p className="quiet">{t('consumers.intro')}</p>
        <Search asOf={view.asOf} />
        <Among asOf={view.asOf} />
      </div>
    </div>
  )
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
        className="find"
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

function Among({ asOf }: { asOf: string }) {
  const { t, exact } = useSpeech()
  const [query, setQuery] = useSearchParams()
  const name = query.get('audience') ?? ''
  const audiences = (useAudiences().data ?? []).map(({ name }) => ({ value: name, label: name }))
  const expression: Json = name ? { audience: name } : { everyone: true }
  const people = usePeopleOf(expression, asOf).data
  return (
    <section className="card" aria-labelledby="among-title">
      <div className="card-head">
        <h2 id="among-title">{t('consumers.among')}</h2>
        <span className="quiet figure">{people && t('consumers.count', { count: exact(people.count) })}</span>
      </div>
      <Field label={t('consumers.audience')}>
        <Select
          aria-label={t('consumers.audience')}
          showSearch={{ optionFilterProp: 'label' }}
          value={name}
          options={[{ value: '', label: t('view.everyone') }, ...audiences]}
          onChange={(audience: string) => setQuery((now) => withQuery(now, { audience: audience || null }))}
        />
      </Field>
      <Members key={`${name} ${asOf}`} expression={expression} asOf={asOf} count={people?.count} />
    </section>
  )
}
