// Why a person is in or out: the answer paints the tree, and tells the events, tags and states that decided.

import { Alert, Button, Input } from 'antd'
import { useMemo, useState } from 'react'
import { useWhy } from '../../api/audiences'
import type { Branch } from '../../api/types'
import { Failure } from '../../app/Failure'
import { useSpeech } from '../../i18n'
import { behaviorName } from '../useNames'
import { pointers, write, type Node } from '../tree'
import type { SideProps } from './Side'

interface Props extends SideProps {
  verdicts: ReadonlyMap<number, Branch>
  setVerdicts: (verdicts: ReadonlyMap<number, Branch>) => void
}

/** Every branch of the answer at the node it speaks of. */
function painted(root: Node, tree: Branch): Map<number, Branch> {
  const byPlace = new Map<string, Branch>()
  const walk = (branch: Branch) => {
    byPlace.set(branch.at, branch)
    branch.parts?.forEach((part) => walk(part as Branch))
  }
  walk(tree)
  const found = new Map<number, Branch>()
  for (const [id, at] of pointers(root)) {
    const branch = byPlace.get(at)
    if (branch) found.set(id, branch)
  }
  return found
}

export function WhyTab({ builder, names, asOf, verdicts, setVerdicts }: Props) {
  const { t } = useSpeech()
  const [person, setPerson] = useState('')
  const why = useWhy()
  const { root, focus } = builder
  const expression = useMemo(() => write(root), [root])
  const ask = (consumer: string) => {
    if (consumer.trim() === '') return
    why.mutate(
      { consumer: consumer.trim(), expression, as_of: asOf },
      { onSuccess: (answer) => setVerdicts(painted(root, answer.tree as Branch)), onError: () => setVerdicts(new Map()) },
    )
  }
  const answer = why.data
  const who = answer ? `${answer.consumer.kind}:${answer.consumer.value}` : ''
  const branch = verdicts.get(focus)
  return (
    <>
      <label className="field wide">
        <span className="quiet">{t('why.person')}</span>
        <Input.Search value={person} enterButton={t('why.ask')} loading={why.isPending} onChange={({ target }) => setPerson(target.value)} onSearch={ask} />
      </label>
      <p className="quiet hint">{t('why.hint')}</p>
      {why.error && <Failure error={why.error} />}
      {answer && verdicts.size > 0 && (
        <>
          <Alert
            type={answer.member ? 'success' : 'info'}
            showIcon
            data-testid="why-verdict"
            title={t(!answer.known ? 'why.unknown' : answer.member ? 'why.in' : 'why.out', { who })}
            description={t('why.painted')}
          />
          {branch && <Evidence branch={branch} names={names} />}
          <Button className="field-more" size="small" onClick={() => setVerdicts(new Map())}>
            {t('why.clear')}
          </Button>
        </>
      )}
    </>
  )
}

function Evidence({ branch, names }: { branch: Branch; names: SideProps['names'] }) {
  const { t } = useSpeech()
  const { events, tags, state } = branch
  return (
    <div className="evidence" data-testid="evidence">
      {events && <p>{t('why.events', { n: events.total })}</p>}
      {events && (
        <ul>
          {events.shown.map((event) => (
            <li key={`${event.time} ${event.behavior} ${event.item}`}>
              <span className="figure">{event.day}</span> {behaviorName(event.behavior ?? '', t)}{' '}
              <span className="quiet">
                {[event.channel && names.channel(event.channel), event.shop && names.shop(event.shop), event.item && names.item(event.item), event.amount]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {tags &&
        Object.entries(tags as Record<string, unknown>).map(([key, value]) => (
          <p key={key}>{t('why.tag', { key, value: value === null ? t('why.no_tag') : Array.isArray(value) ? value.join(', ') : String(value) })}</p>
        ))}
      {state && <p>{t('why.state', { state })}</p>}
    </div>
  )
}
