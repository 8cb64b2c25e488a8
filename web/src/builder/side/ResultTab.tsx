// How many the chosen condition has, what each of its parts takes away or adds, and what can be done with these people.

import { Skeleton } from 'antd'
import { useNavigate } from 'react-router'
import { useEstimate } from '../../api/audiences'
import { useBase } from '../../app/useBase'
import { Failure } from '../../app/Failure'
import { Count } from '../../door/Count'
import { PeopleActions } from '../../door/PeoplePanel'
import { duration } from '../../format/number'
import { useSpeech } from '../../i18n'
import { find } from '../edit'
import { sayNode, say, textOf } from '../grammar/say'
import { titleOf } from '../title'
import { write, type Group, type Json, type Node } from '../tree'
import type { SideProps } from './Side'
import { stepsOf } from './steps'

export function ResultTab({ builder, counts, names, asOf, name }: SideProps) {
  const { t, language, exact, percent } = useSpeech()
  const base = useBase()
  const navigate = useNavigate()
  const node = find(builder.root, builder.focus) ?? builder.root
  const count = counts.of.get(node.id)
  const said = textOf(say(node, asOf, language, names))
  const universe = counts.answer?.universe
  if (counts.error && count === undefined) return <Failure error={counts.error} />
  if (count === undefined) return <Skeleton active title={false} paragraph={{ rows: 3 }} />
  const isRoot = node.id === builder.root.id
  return (
    <>
      <p className="quiet">{t(isRoot ? 'result.whole' : 'result.part')}</p>
      <p className={counts.isStale ? 'panel-count stale' : 'panel-count'} data-testid="result-count" data-count={count} data-stale={counts.isStale} data-rev={counts.revision}>
        {exact(count)}
      </p>
      {universe !== undefined && (
        <p className="quiet">
          {t('result.share', { share: percent(count, universe), universe: exact(universe) })}
          {counts.answer && ` · ${duration(counts.answer.elapsed_us)}`}
        </p>
      )}
      {!isRoot && <p className="panel-sentence">{sayNode(node, language, names)}</p>}
      {node.kind === 'group' && node.parts.length > 1 && <Steps node={node} builder={builder} counts={counts} names={names} asOf={asOf} name={name} />}
      <PeopleActions
        key={`${node.id} ${count}`}
        people={{ expression: write(node) as Record<string, never>, as_of: asOf, count }}
        description={said}
        name={isRoot && name ? `${name} ${asOf}` : titleOf(node, language, names).slice(0, 80)}
        onFollow={(who) => void navigate(`${base}/states?who=${encodeURIComponent(who)}&as_of=${asOf}`)}
      />
    </>
  )
}

/** The group part by part: how many are left after each. */
function Steps({ node, builder, names, asOf }: SideProps & { node: Group }) {
  const { t, language, exact } = useSpeech()
  const steps = stepsOf(node)
  const answer = useEstimate({ any: steps } satisfies Json, asOf)
  const at = (i: number) => answer.data?.nodes?.find((one) => one.at === `/any/${i}`)?.count
  const change = (i: number) => {
    const [before, now] = [at(i - 1), at(i)]
    if (i === 0) return t('result.step_first')
    if (before === undefined || now === undefined) return ''
    return now > before ? t('result.adds', { n: exact(now - before) }) : t('result.takes', { n: exact(before - now) })
  }
  return (
    <>
      <h3 className="side-title">{t('result.steps')}</h3>
      <ol className="steps" data-testid="steps">
        {node.parts.map((part: Node, i) => (
          <li key={part.id}>
            <span className="step-what" title={titleOf(part, language, names)}>
              {titleOf(part, language, names)}
            </span>
            <span className="quiet">{change(i)}</span>
            <StepCount count={at(i)} say={titleOf(part, language, names)} onOpen={() => builder.focusOn(part.id)} />
          </li>
        ))}
      </ol>
    </>
  )
}

function StepCount({ count, say, onOpen }: { count: number | undefined; say: string; onOpen: () => void }) {
  if (count === undefined) return <span className="figure">…</span>
  return <Count value={count} isExact sentence={say} onOpen={onOpen} />
}
