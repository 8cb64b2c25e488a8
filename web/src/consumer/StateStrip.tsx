// In which state the person was, day by day, under the model and over the scope that are chosen.

import { useMemo } from 'react'
import type { Consumer } from '../api/types'
import { Chart } from '../chart/Chart'
import { useSetting } from '../door/useSetting'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { lookOf } from '../states/look'
import { Swatch } from '../states/Swatch'
import { useTheme } from '../theme'
import { ModelSelect, ScopeSelect } from '../view/Filters'
import type { ViewState } from '../view/useView'
import { writeScope, type View } from '../view/view'
import { daysOf, STRIP_HEIGHT, stripOption, totals } from './strip'

interface Props {
  person: Consumer
  view: View
  change: ViewState['change']
  isStale: boolean
}

const NOTHING_TO_HEAR = () => () => undefined

export function StateStrip({ person, view, change, isStale }: Props) {
  const { t, language } = useSpeech()
  const { theme } = useTheme()
  const { setting } = useSetting(view, person.states.states)
  const { spans } = person.states
  const { looks } = setting
  const option = useMemo(() => stripOption({ spans, looks, theme, inDays: (n) => t('consumer.days', { n }) }), [spans, looks, theme, t])
  const filters = (
    <div className="filters">
      <ModelSelect value={view.model} onChange={(model) => change({ model })} />
      <ScopeSelect value={view.scope} onChange={(scope) => change({ scope: scope.kind === 'workspace' ? null : writeScope(scope) })} />
    </div>
  )
  if (spans.length === 0) {
    return (
      <section className="card" aria-labelledby="states-title">
        <h2 id="states-title">{t('consumer.states')}</h2>
        {filters}
        <p className="quiet hint">{t('consumer.states_none')}</p>
      </section>
    )
  }
  const title = (state: string) => lookOf(looks, state).title
  const now = spans.at(-1)
  const told = listed(totals(spans).map(({ state, days }) => t('consumer.state_days', { state: title(state), n: days })), 'conjunction', language)
  return (
    <>
      {filters}
      <Chart
        title={t('consumer.states')}
        summary={t('consumer.states_summary', { from: spans[0]?.from ?? '', to: now?.to ?? '', state: title(now?.state ?? ''), told })}
        option={option}
        height={STRIP_HEIGHT}
        onReady={NOTHING_TO_HEAR}
        isStale={isStale}
        fileName={`weir-states-${person.key.slice(1)}-${person.as_of}`}
        csvRows={() => [['state', 'from', 'to', 'days'], ...spans.map((span) => [span.state, span.from, span.to, daysOf(span)])]}
        table={<SpanTable spans={spans} title={title} />}
        below={
          <>
            <ul className="state-legend">
              {totals(spans).map(({ state, days }) => (
                <li key={state}>
                  <Swatch look={lookOf(looks, state)} /> {t('consumer.state_days', { state: title(state), n: days })}
                </li>
              ))}
            </ul>
            <p className="quiet hint" data-testid="state-now" data-state={now?.state}>
              {t('consumer.state_now', { state: title(now?.state ?? ''), since: now?.from ?? '' })}
            </p>
          </>
        }
      />
    </>
  )
}

function SpanTable({ spans, title }: { spans: Consumer['states']['spans']; title: (state: string) => string }) {
  const { t, exact } = useSpeech()
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('consumer.states')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('consumer.state')}</th>
            <th scope="col">{t('consumer.from')}</th>
            <th scope="col">{t('consumer.to')}</th>
            <th scope="col">{t('consumer.length')}</th>
          </tr>
        </thead>
        <tbody>
          {spans.toReversed().map((span) => (
            <tr key={span.from}>
              <th scope="row">{title(span.state)}</th>
              <td>{span.from}</td>
              <td>{span.to}</td>
              <td>{exact(daysOf(span))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
