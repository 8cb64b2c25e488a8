// Why a person is in or out: the answer paints the tree, and tells the events, tags and states that decided.

import { Alert, Button, Input } from 'antd'
import { useMemo, useState } from 'react'
import { useWhy } from '../../api/audiences'
import type { Branch } from '../../api/types'
import { Failure } from '../../app/Failure'
import { useSpeech } from '../../i18n'
import { ConsumerLink } from '../../consumer/ConsumerLink'
import { pointers, write, type Node } from '../tree'
import { Evidence } from './Evidence'
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
            action={
              <ConsumerLink id={who} asOf={asOf}>
                {t('consumer.open')}
              </ConsumerLink>
            }
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
