// A plan of media: the curve of reach, the media in their order, how often people are reached, and what stays out.

import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import type { Overlap, Reach } from '../api/types'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { useTheme } from '../theme'
import { writeOpen, type Open } from './overlap'
import { Times } from './Planner'
import { reachOption } from './reachOption'

interface Props {
  answer: Reach
  overlap: Overlap
  titles: string[]
  currency: string
  open: string | undefined
  onOpen: (open: Open) => void
  said: (open: Open) => string
  isStale: boolean
  fileName: string
}

/** The place of the set that a medium is. */
export const placeOf = (medium: string): number => Number(medium) - 1

export function Plan(props: Props) {
  const { t, exact, percent, language } = useSpeech()
  const { answer, titles, currency, open, onOpen, said, isStale } = props
  if (answer.plan.length === 0) return <LeftOut {...props} />
  const lost = answer.best.reach - answer.reach
  const best = listed(answer.best.media.map((medium) => titles[placeOf(medium)] ?? medium), 'conjunction', language)
  return (
    <div className={isStale ? 'plan stale' : 'plan'}>
      <section className="card plan-head" aria-label={t('reach.plan')}>
        <div>
          <Count className="big" value={answer.reach} sentence={said({ kind: 'plan' })} isOpen={open === 'plan'} onOpen={() => onOpen({ kind: 'plan' })} testId="plan-reach" />
          <p className="quiet">{t('reach.reached', { cost: exact(Number(answer.cost)), currency, n: answer.plan.length })}</p>
        </div>
        <p className="quiet plan-method">
          {t('reach.greedy', { guarantee: percent(answer.guarantee, 1) })} {t('reach.of_best', { best: exact(answer.best.reach), isBest: lost === 0 ? 'yes' : 'no', lost: exact(lost), media: best })}
        </p>
      </section>
      <Curve {...props} />
      <section className="card" aria-labelledby="times-title">
        <h3 id="times-title">{t('reach.frequency')}</h3>
        <Frequency {...props} />
      </section>
      <LeftOut {...props} />
    </div>
  )
}

function Curve({ answer, titles, currency, ...props }: Props) {
  const { t, exact, compact, language } = useSpeech()
  const { theme } = useTheme()
  const points = useMemo(
    () => answer.plan.map((step) => ({ title: titles[placeOf(step.medium)] ?? step.medium, spent: Number(step.spent), reach: step.reach, money: exact(Number(step.spent)), people: exact(step.reach), added: exact(step.new) })),
    [answer, titles, exact],
  )
  const budget = answer.budget === null || answer.budget === undefined ? undefined : Number(answer.budget)
  const option = useMemo(
    () => reachOption({ points, budget, theme, compact, names: { spent: t('reach.spent', { currency }), reach: t('reach.reach'), added: t('reach.new'), budget: t('reach.budget_short') } }),
    [points, budget, theme, compact, t, currency],
  )
  const { onOpen } = props
  const onReady = useCallback(
    (chart: EChartsType) => {
      const onClick = ({ dataIndex }: { dataIndex?: number }) => {
        if (dataIndex !== undefined && dataIndex > 0) onOpen({ kind: 'new', place: dataIndex - 1 })
      }
      chart.on('click', onClick)
      return () => {
        if (!chart.isDisposed()) chart.off('click', onClick)
      }
    },
    [onOpen],
  )
  const steps = points.map(({ title, people, money }) => t('reach.summary_step', { title, people, money }))
  const table = <PlanTable {...props} answer={answer} titles={titles} currency={currency} />
  return (
    <Chart
      title={t('reach.curve')}
      level={3}
      summary={t('reach.summary', { n: points.length, steps: listed(steps, 'conjunction', language) })}
      option={option}
      height={260}
      onReady={onReady}
      isStale={props.isStale}
      fileName={`${props.fileName}-reach`}
      csvRows={() => [['medium', 'people', 'cost', 'new', 'reach', 'spent'], ...answer.plan.map(({ medium, size, cost, new: added, reach, spent }) => [titles[placeOf(medium)] ?? '', size, Number(cost), added, reach, Number(spent)])]}
      table={table}
      below={table}
    />
  )
}

function PlanTable({ answer, titles, currency, open, onOpen, said }: Omit<Props, 'overlap'>) {
  const { t, exact } = useSpeech()
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('reach.plan')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('reach.medium')}</th>
            {[t('overlap.people'), t('reach.cost', { currency }), t('reach.new'), t('reach.reach'), t('reach.spent', { currency })].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.plan.map(({ medium, size, cost, new: added, reach, spent }, i) => {
            const door: Open = { kind: 'new', place: i }
            return (
              <tr key={medium}>
                <th scope="row">
                  {i + 1} {titles[placeOf(medium)]}
                </th>
                <td>{exact(size)}</td>
                <td>{exact(Number(cost))}</td>
                <td>
                  <Count value={added} isExact sentence={said(door)} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} testId={`new-${i + 1}`} />
                </td>
                <td>{exact(reach)}</td>
                <td>{exact(Number(spent))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Frequency({ answer, overlap, open, onOpen, said }: Props) {
  const { t } = useSpeech()
  const { once, twice, three_or_more: often } = answer.frequency
  const isDoor = overlap.more.combinations === 0
  return (
    <ul className="entrance-bars value-bars">
      {[once, twice, often].map((people, place) => (
        <Times key={place} label={t(`reach.times.${(place + 1) as 1 | 2 | 3}`)} people={people} whole={answer.reach} place={place} sentence={said({ kind: 'times', place })} open={open} onOpen={onOpen} isDoor={isDoor && people > 0} />
      ))}
    </ul>
  )
}

function LeftOut({ answer, titles, currency }: Pick<Props, 'answer' | 'titles' | 'currency'>) {
  const { t, exact } = useSpeech()
  if (answer.left_out.length === 0) return null
  return (
    <section className="card" aria-labelledby="left-out-title">
      <h3 id="left-out-title">{t('reach.left_out', { n: answer.left_out.length })}</h3>
      <ul className="plain-list">
        {answer.left_out.map(({ medium, size, cost, reason }) => (
          <li key={medium}>{t('reach.left_out_row', { medium: titles[placeOf(medium)] ?? '', people: exact(size), cost: exact(Number(cost)), currency, reason })}</li>
        ))}
      </ul>
    </section>
  )
}
