// Saved audiences that the person is in, those they are not in, and why.

import { Button, Skeleton } from 'antd'
import { useEffect } from 'react'
import { Link } from 'react-router'
import { useWhy } from '../api/audiences'
import type { Branch, Consumer, ConsumerAudience } from '../api/types'
import { Failure } from '../app/Failure'
import { useBase } from '../app/useBase'
import { Evidence } from '../builder/side/Evidence'
import { useNames } from '../builder/useNames'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { useAddress } from '../view/useAddress'
import { said } from './branch'

export function Audiences({ person, asOf }: { person: Consumer; asOf: Day }) {
  const { t } = useSpeech()
  const [query, setQuery] = useAddress()
  const open = query.get('why')
  const toggle = (name: string) => setQuery({ why: open === name ? null : name })
  const groups = [
    { title: t('consumer.in', { n: person.audiences.filter(({ member }) => member === true).length }), of: person.audiences.filter(({ member }) => member === true) },
    { title: t('consumer.out', { n: person.audiences.filter(({ member }) => member === false).length }), of: person.audiences.filter(({ member }) => member === false) },
    { title: t('consumer.untold'), of: person.audiences.filter(({ problem }) => problem) },
  ].filter((group) => group.of.length > 0)
  return (
    <section className="card" aria-labelledby="audiences-title">
      <h2 id="audiences-title">{t('consumer.audiences')}</h2>
      {person.audiences.length === 0 && <p className="quiet hint">{t('consumer.no_audiences')}</p>}
      {groups.map((group) => (
        <div key={group.title} className="consumer-audiences">
          <h3>{group.title}</h3>
          <ul>
            {group.of.map((audience) => (
              <Row key={audience.name} audience={audience} isOpen={open === audience.name} onToggle={() => toggle(audience.name)} person={person} asOf={asOf} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

interface RowProps {
  audience: ConsumerAudience
  isOpen: boolean
  onToggle: () => void
  person: Consumer
  asOf: Day
}

function Row({ audience: { name, member, problem }, isOpen, onToggle, person, asOf }: RowProps) {
  const { t } = useSpeech()
  const base = useBase()
  return (
    <li data-testid={`audience-${name}`} data-member={member ?? undefined}>
      <div className="consumer-audience">
        <span aria-hidden className={member ? 'even' : 'quiet'}>
          {member ? '✓' : '✗'}
        </span>
        <Link to={`${base}/audiences/${encodeURIComponent(name)}/edit?as_of=${asOf}`}>{name}</Link>
        {!problem && (
          <Button size="small" type="text" aria-expanded={isOpen} aria-label={t('consumer.why_of', { name })} onClick={onToggle}>
            {t('consumer.why')}
          </Button>
        )}
      </div>
      {problem && <p className="quiet hint">{problem.message}</p>}
      {isOpen && <Reason key={`${person.key} ${asOf}`} name={name} person={person.key} asOf={asOf} />}
    </li>
  )
}

function Reason({ name, person, asOf }: { name: string; person: string; asOf: Day }) {
  const why = useWhy()
  const { mutate } = why
  useEffect(() => mutate({ consumer: person, expression: { audience: name }, as_of: asOf }), [mutate, name, person, asOf])
  if (why.error) return <Failure error={why.error} />
  if (!why.data) return <Skeleton active title={false} paragraph={{ rows: 2 }} />
  // The tree begins with the name; what it stands for is below.
  const tree = why.data.tree as Branch
  return (
    <ul className="branches" data-testid="why-tree">
      {((tree.parts ?? []) as Branch[]).map((part) => (
        <BranchItem key={part.at} branch={part} />
      ))}
    </ul>
  )
}

function BranchItem({ branch }: { branch: Branch }) {
  const { t, language } = useSpeech()
  const names = useNames()
  return (
    <li>
      <span className={branch.member ? 'even' : 'odd'}>{branch.member ? t('consumer.branch_in') : t('consumer.branch_out')}</span> {said(branch, names, language)}
      <Evidence branch={branch} names={names} />
      {branch.parts && branch.parts.length > 0 && (
        <ul className="branches">
          {(branch.parts as Branch[]).map((part) => (
            <BranchItem key={part.at} branch={part} />
          ))}
        </ul>
      )}
    </li>
  )
}
