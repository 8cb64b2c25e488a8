// Which of the sets, taken as media, to buy for a budget: greedily, and said so.

import { Alert, Input, Skeleton, Slider } from 'antd'
import { useState } from 'react'
import type { Overlap, Reach } from '../api/types'
import { Failure } from '../app/Failure'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { costAt, costOf, isMoney, writeOpen, writePicked, type Cost, type Open, type Picked } from './overlap'
import { Plan } from './Plan'

interface Props {
  sets: Picked[]
  titles: string[]
  overlap: Overlap
  costs: Record<string, Cost>
  budget: string | undefined
  currency: string
  plan: { data: Reach | undefined; error: Error | null; isPending: boolean; isPlaceholderData: boolean; refetch: () => unknown }
  open: string | undefined
  onOpen: (open: Open) => void
  said: (open: Open) => string
  onCost: (set: Picked, part: Partial<Cost>) => void
  onBudget: (budget: string | undefined) => void
  fileName: string
}

export function Planner(props: Props) {
  const { t } = useSpeech()
  const { sets, titles, overlap, costs, budget, currency, plan, onCost, onBudget } = props
  const whole = sets.reduce((sum, set, place) => sum + costOf(overlap.sets[place]?.size ?? 0, costAt(costs, set)), 0)
  const isExample = sets.every((set) => costs[writePicked(set)] === undefined)
  return (
    <>
      <h2>{t('reach.title')}</h2>
      <p className="quiet">{t('reach.intro')}</p>
      <section className="card" aria-labelledby="costs-title">
        <h3 id="costs-title">{t('reach.costs', { currency })}</h3>
        {isExample && <p className="quiet">{t('reach.example')}</p>}
        <div className="scroll costs" tabIndex={0} role="region" aria-label={t('reach.costs', { currency })}>
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">{t('reach.medium')}</th>
                <th scope="col">{t('reach.fixed')}</th>
                <th scope="col">{t('reach.per_thousand')}</th>
              </tr>
            </thead>
            <tbody>
              {sets.map((set, place) => (
                <CostRow key={writePicked(set)} title={titles[place] ?? ''} cost={costAt(costs, set)} onChange={(part) => onCost(set, part)} />
              ))}
            </tbody>
          </table>
        </div>
        <Budget key={budget ?? 'all'} budget={budget} whole={whole} currency={currency} onChange={onBudget} />
      </section>
      {plan.error && <Failure error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.isPending && !plan.error && <Skeleton active className="card" />}
      {plan.data && !plan.error && plan.data.plan.length === 0 && <Alert type="info" showIcon title={t('reach.none')} />}
      {plan.data && !plan.error && <Plan {...props} answer={plan.data} isStale={plan.isPlaceholderData} />}
    </>
  )
}

/** What is in a field while somebody is in it, and until it has arrived where it goes. */
interface Typed {
  text: string
  /** What was there before. */
  began: string
  /** Once the field is left, the value that the text is to replace. */
  replaces?: string
}

/** A field for money that goes into the address once it is sound. Whatever else changes, it does not change under whoever types. */
function Money({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useSpeech()
  const [last, setTyped] = useState<Typed>()
  const typed = last?.replaces === undefined || last.replaces === value ? last : undefined
  const text = typed?.text ?? value
  const isWrong = typed?.replaces !== undefined && !isMoney(text.trim())
  return (
    <Input
      aria-label={label}
      inputMode="decimal"
      className="money"
      value={text}
      status={isWrong ? 'error' : undefined}
      title={isWrong ? t('reach.not_money') : undefined}
      onFocus={() => setTyped({ text, began: text })}
      onChange={({ target }) => setTyped({ text: target.value, began: typed?.began ?? value })}
      onBlur={() => {
        const isNew = typed !== undefined && text !== typed.began
        setTyped(isNew ? { ...typed, replaces: value } : undefined)
        if (isNew && isMoney(text.trim()) && text.trim() !== value) onChange(text.trim())
      }}
      onPressEnter={({ currentTarget }) => currentTarget.blur()}
    />
  )
}

function CostRow({ title, cost, onChange }: { title: string; cost: Cost; onChange: (part: Partial<Cost>) => void }) {
  const { t } = useSpeech()
  return (
    <tr>
      <th scope="row" className="set-name" title={title}>
        {title}
      </th>
      <td>
        <Money label={`${title}: ${t('reach.fixed')}`} value={cost.fixed} onChange={(fixed) => onChange({ fixed })} />
      </td>
      <td>
        <Money label={`${title}: ${t('reach.per_thousand')}`} value={cost.perThousand} onChange={(perThousand) => onChange({ perThousand })} />
      </td>
    </tr>
  )
}

const STEPS = 100

function Budget({ budget, whole, currency, onChange }: { budget: string | undefined; whole: number; currency: string; onChange: (budget: string | undefined) => void }) {
  const { t, exact } = useSpeech()
  const end = Math.max(1, Math.ceil(whole))
  const [dragged, setDragged] = useState<number>()
  const shown = dragged ?? (budget === undefined ? end : Number(budget))
  const choose = (value: number) => {
    const next = value >= end ? undefined : String(value)
    if (next === budget) setDragged(undefined)
    else onChange(next)
  }
  return (
    <div className="budget">
      <Field label={t('reach.budget', { currency })}>
        <Money label={t('reach.budget', { currency })} value={budget ?? String(end)} onChange={(text) => choose(Number(text))} />
      </Field>
      <Slider
        className="budget-slider"
        ariaLabelForHandle={t('reach.budget', { currency })}
        min={0}
        max={end}
        step={Math.max(1, Math.round(end / STEPS))}
        value={Math.min(shown, end)}
        tooltip={{ formatter: (value) => exact(value ?? 0) }}
        onChange={setDragged}
        onChangeComplete={choose}
      />
      <span className="quiet">{budget === undefined ? t('reach.unlimited') : t('reach.of_whole', { whole: exact(end) })}</span>
    </div>
  )
}

/** How many of the plan's media reach people; a door where the combinations tell who they are. */
export function Times({ label, people, whole, place, sentence, open, onOpen, isDoor }: { label: string; people: number; whole: number; place: number; sentence: string; open: string | undefined; onOpen: (open: Open) => void; isDoor: boolean }) {
  const { exact, percent } = useSpeech()
  const door: Open = { kind: 'times', place }
  return (
    <li>
      <span>{label}</span>
      <span className="bar-track" aria-hidden>
        <i style={{ width: `${whole > 0 ? (people / whole) * 100 : 0}%`, background: 'var(--weir-link)' }} />
      </span>
      {isDoor ? <Count value={people} isExact sentence={sentence} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} testId={`times-${place + 1}`} /> : <span className="figure">{exact(people)}</span>}
      <span className="quiet figure">{percent(people, whole)}</span>
    </li>
  )
}
