// The distribution on the day: one figure per state, its share, and how the share changed since the flow's first date.

import type { States } from '../api/types'
import { Count } from '../door/Count'
import { inSentence } from '../format/day'
import { points } from '../format/number'
import { useSpeech } from '../i18n'
import type { Selection } from '../view/selection'
import { countedAt, heightOf, type Distribution } from './area'
import { lookOf } from './look'
import { isBand, type Section } from './section'
import { Swatch } from './Swatch'

interface Props extends Section {
  answer: States
  isStale: boolean
}

export function StateCards({ answer, isStale, ...section }: Props) {
  const { t, language } = useSpeech()
  const { view, names } = section
  const now = answer.at.find(({ date }) => date === view.asOf)
  const before = answer.at.find(({ date }) => date === view.from)
  if (!now) return null
  return (
    <section aria-label={t('states.now', { date: inSentence(view.asOf, language) })} className={isStale ? 'stale' : undefined}>
      <div className="cards">
        <Total {...section} now={now} answer={answer} isCompared={before !== undefined} />
        {names.map((state) => (
          <StateCard key={state} {...section} state={state} now={now} before={view.from < view.asOf ? before : undefined} />
        ))}
      </div>
      <p className="quiet hint">{t('states.intro')}</p>
    </section>
  )
}

function Total({ now, answer, isCompared, names, view, say, selection, select }: Section & { now: Distribution; answer: States; isCompared: boolean }) {
  const { t } = useSpeech()
  const all: Selection = { kind: 'band', date: view.asOf, states: names }
  const isOpen = selection?.kind === 'band' && selection.date === view.asOf && selection.states.length === names.length
  return (
    <div className="state-card total">
      <span className="state-name">{t('states.total')}</span>
      <Count value={countedAt(now)} sentence={say(all)} isOpen={isOpen} onOpen={() => select(all)} className="big" testId="count-total" />
      {isCompared && view.from < view.asOf && <span className="quiet">{t('states.compared', { date: view.from })}</span>}
      {answer.merged > 0 && <span className="quiet">{t('states.merged', { n: answer.merged })}</span>}
      {answer.erased > 0 && <span className="quiet">{t('states.erased', { n: answer.erased })}</span>}
    </div>
  )
}

interface CardProps extends Section {
  state: string
  now: Distribution
  before: Distribution | undefined
}

function StateCard({ state, now, before, view, looks, say, selection, select }: CardProps) {
  const { t, percent } = useSpeech()
  const look = lookOf(looks, state)
  const band: Selection = { kind: 'band', date: view.asOf, states: [state] }
  const count = now.states[state] ?? 0
  return (
    <div className="state-card">
      <span className="state-name">
        <Swatch look={look} />
        {look.title}
      </span>
      <Count
        value={count}
        sentence={say(band)}
        isOpen={isBand(selection, view.asOf, state)}
        onOpen={() => select(band)}
        className="big"
        testId={`count-${state}`}
      />
      <span className="quiet">{t('states.share', { share: percent(count, countedAt(now)) })}</span>
      {before && (
        <span className="quiet">
          {t('states.change', {
            points: points(heightOf(before, state, 'share'), heightOf(now, state, 'share')),
          })}
        </span>
      )}
    </div>
  )
}
