// Why all this is one person: identifiers, the links that join them, and what people stated about links.

import { Button, Skeleton } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Consumer, ConsumerLink as Link } from '../api/types'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'
import { Scroll } from '../view/Scroll'
import { ConsumerLink } from './ConsumerLink'
import { graphOf, pairs } from './graph'
import { kindName } from './kind'
import { LinkDialog } from './LinkDialog'

const IdentityGraph = lazy(() => import('./IdentityGraph').then((file) => ({ default: file.IdentityGraph })))

export function Identity({ person, zone }: { person: Consumer; zone: string }) {
  const { t } = useSpeech()
  const graph = useMemo(() => graphOf(person), [person])
  const [stated, setStated] = useState<Link>()
  const hasLinks = person.links.length > 0
  return (
    <section className="card" aria-labelledby="identity-title">
      <h2 id="identity-title">{t('consumer.identity')}</h2>
      <p className="quiet hint">{t(hasLinks ? 'consumer.identity_hint' : 'consumer.identity_alone')}</p>
      {hasLinks && (
        <>
          <Suspense fallback={<Skeleton.Node active />}>
            <IdentityGraph graph={graph} />
          </Suspense>
          {graph.left > 0 && <p className="quiet hint">{t('consumer.graph_left', { n: graph.left })}</p>}
          <Scroll label={t('consumer.links')}>
            <LinkTable person={person} zone={zone} onState={setStated} />
          </Scroll>
        </>
      )}
      {person.statements.length > 0 && <Statements person={person} zone={zone} />}
      {stated && <LinkDialog link={stated} onClose={() => setStated(undefined)} />}
    </section>
  )
}

function LinkTable({ person, zone, onState }: { person: Consumer; zone: string; onState: (link: Link) => void }) {
  const { t } = useSpeech()
  const mine = new Set(person.identifiers.map(({ key }) => key))
  const end = (key: string, { kind, value }: { kind: string; value: string }) => (
    <>
      <span className="quiet">{kindName(kind, t)}</span> {mine.has(key) ? value : <ConsumerLink id={key} asOf={person.as_of}>{value}</ConsumerLink>}
    </>
  )
  return (
    <table className="grid links">
      <thead>
        <tr>
          <th scope="col" className="text">{t('consumer.link')}</th>
          <th scope="col" className="text">{t('consumer.link_state')}</th>
          <th scope="col" className="text">{t('consumer.link_since')}</th>
          <th scope="col" className="text">{t('consumer.link_source')}</th>
          <th scope="col" className="text">
            <span className="unseen">{t('consumer.link_action')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {pairs(person.links).map(({ id, link, links, state }) => (
          <tr key={id} data-state={state}>
            <th scope="row">
              {end(link.a_key, link.a)} <span aria-hidden>—</span> {end(link.b_key, link.b)}
            </th>
            <td>
              {t(`consumer.state_${state}`)}
              {links > 1 && <span className="quiet"> {t('consumer.stated_times', { n: links })}</span>}
            </td>
            <td>{link.time ? inZone(link.time, zone) : t('consumer.undated')}</td>
            <td>{link.source ?? t('consumer.from_log')}</td>
            <td>
              <Button size="small" onClick={() => onState(link)}>
                {t(state === 'unlinked' ? 'consumer.relink' : 'consumer.unlink')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Statements({ person, zone }: { person: Consumer; zone: string }) {
  const { t } = useSpeech()
  const spell = ({ kind, value }: { kind: string; value: string }) => `${kindName(kind, t)} ${value}`
  return (
    <>
      <h3 className="statements-title">{t('consumer.statements')}</h3>
      <ol className="statements" data-testid="statements">
        {person.statements.map(({ a, b, counts, author, reason, made }) => (
          <li key={made}>
            {t(counts ? 'consumer.said_relink' : 'consumer.said_unlink', { a: spell(a), b: spell(b), author, time: inZone(made, zone) })}
            {reason && <span> {t('consumer.reason_given', { reason })}</span>}
          </li>
        ))}
      </ol>
    </>
  )
}
