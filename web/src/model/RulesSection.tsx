// The rules of a model in their order: whom each decides, whom it matches, and whom earlier ones have already.

import type { EChartsType } from 'echarts/core'
import { useCallback } from 'react'
import type { ModelCheck, RuleCheck, State } from '../api/types'
import { BAR_HEIGHT, barsOption, onBar, REST } from '../chart/barsOption'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { lookOf, type Looks } from '../states/look'
import { Swatch } from '../states/Swatch'
import { useTheme } from '../theme'
import { STATE_COLORS } from '../theme/tokens'
import type { Selection } from '../view/selection'
import type { Opened } from './doors'
import { NONE } from './rules'
import { useRuleSaid } from './useRuleSaid'

export interface RulesProps {
  title: string
  states: readonly State[]
  check: ModelCheck
  looks: Looks
  isStale: boolean
  selection: Selection | undefined
  opened: Opened | undefined
  select: (states: string[]) => void
  open: (opened: Opened) => void
  /** What a door of this page says. */
  say: (what: string[] | Opened) => string
  fileName: string
}

const ROW_HEIGHT = 40

/** Whom the rules decided, and who is left: for the check below the table. */
const decidedIn = ({ rules }: ModelCheck) => rules.reduce((sum, { decided }) => sum + decided, 0)

export function RulesSection(props: RulesProps) {
  const { t, exact, percent, language } = useSpeech()
  const { theme } = useTheme()
  const { title, check, looks, isStale, select, open, fileName } = props
  const whole = decidedIn(check) + check.none
  const rows: RuleCheck[] = [...check.rules, { state: NONE, matched: check.none, decided: check.none, taken: 0, taken_by: {} }]
  const bars = rows.map(({ state, decided, taken }) => {
    const look = lookOf(looks, state)
    return { title: look.title, value: decided, rest: taken, label: `${exact(decided)} · ${percent(decided, whole)}`, color: STATE_COLORS[theme][look.slot], pattern: look.pattern }
  })
  const option = barsOption({ bars, theme, words: { value: t('rules.decided'), rest: t('rules.taken') }, exact })
  const onReady = useCallback(
    (chart: EChartsType) =>
      onBar(chart, (part, i) => {
        const row = rows[i]
        if (!row) return
        if (part === REST) open({ kind: 'taken', state: row.state })
        else select([row.state])
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is chosen goes into the address, whichever function puts it there
    [check],
  )
  const told = rows.map(({ state, decided }) => t('rules.summary_rule', { state: lookOf(looks, state).title, count: exact(decided) }))
  const table = <RulesTable {...props} whole={whole} />
  return (
    <>
      <Chart
        title={t('rules.chart')}
        summary={t('rules.summary', { model: title, rules: listed(told, 'conjunction', language) })}
        option={option}
        height={rows.length * Math.min(BAR_HEIGHT, ROW_HEIGHT) + 8}
        onReady={onReady}
        isStale={isStale}
        fileName={fileName}
        csvRows={() => [['state', 'decided', 'matched', 'taken'], ...rows.map(({ state, decided, matched, taken }) => [state, decided, matched, taken])]}
        table={table}
        hint={t('rules.hint')}
      />
      <section className={isStale ? 'card stale' : 'card'} aria-labelledby="rules-title">
        <h2 id="rules-title">{t('rules.title')}</h2>
        <p className="quiet">{t('rules.note')}</p>
        {table}
        <Balance check={check} />
      </section>
    </>
  )
}

export function Balance({ check }: { check: ModelCheck }) {
  const { t, exact } = useSpeech()
  const { none, total, merged, erased } = check
  const isWhole = merged + erased === 0
  return (
    <p className="balance" data-testid="rules-balance">
      {t(isWhole ? 'rules.balance' : 'rules.balance_lost', { decided: exact(decidedIn(check)), none: exact(none), total: exact(total), merged: exact(merged), erased: exact(erased) })}
    </p>
  )
}

function RulesTable({ states, check, looks, whole, ...props }: RulesProps & { whole: number }) {
  const { t } = useSpeech()
  const said = useRuleSaid()
  const columns = ['rules.decided', 'rules.share', 'rules.matched', 'rules.taken'] as const
  return (
    <div className="scroll wide-table" tabIndex={0} role="region" aria-label={t('rules.title')}>
      <table className="grid rules-grid">
        <thead>
          <tr>
            <th scope="col">{t('rules.state')}</th>
            <th scope="col" className="text">
              {t('rules.rule')}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {check.rules.map((rule, i) => {
            const look = lookOf(looks, rule.state)
            return (
              <tr key={rule.state}>
                <th scope="row">
                  <span className="rule-number quiet">{i + 1}</span> <Swatch look={look} /> {look.title}
                  {look.title !== rule.state && <code className="quiet"> {rule.state}</code>}
                </th>
                <td className="text said-cell">{said(states.find(({ name }) => name === rule.state)?.when)}</td>
                <RuleFigures {...props} rule={rule} whole={whole} />
              </tr>
            )
          })}
          <tr>
            <th scope="row">
              <span className="rule-number" /> <Swatch look={lookOf(looks, NONE)} /> {lookOf(looks, NONE).title}
            </th>
            <td className="text said-cell">{t('states.none_definition')}</td>
            <RuleFigures {...props} rule={{ state: NONE, matched: check.none, decided: check.none, taken: 0, taken_by: {} }} whole={whole} />
          </tr>
        </tbody>
      </table>
    </div>
  )
}

type Doors = Pick<RulesProps, 'selection' | 'opened' | 'select' | 'open' | 'say'>

function RuleFigures({ rule, whole, selection, opened, select, open, say }: Doors & { rule: RuleCheck; whole: number }) {
  const { t, percent } = useSpeech()
  const { state, decided, matched, taken } = rule
  const isOpen = selection?.kind === 'band' && selection.states.length === 1 && selection.states[0] === state
  const door = (kind: Opened['kind'], value: number) => {
    if (state === NONE) return null
    const is = opened?.kind === kind && opened.state === state
    return <Count value={value} isExact sentence={say({ kind, state })} isOpen={is} onOpen={() => open({ kind, state })} testId={`${kind}-${state}`} />
  }
  return (
    <>
      <td title={decided === 0 && matched > 0 ? t('rules.too_low') : undefined} className={decided === 0 && matched > 0 ? 'emptied' : undefined}>
        <Count value={decided} isExact sentence={say([state])} isOpen={isOpen} onOpen={() => select([state])} testId={`decided-${state}`} />
      </td>
      <td>{percent(decided, whole)}</td>
      <td>{door('matched', matched)}</td>
      <td>{taken > 0 ? door('taken', taken) : state === NONE ? null : '0'}</td>
    </>
  )
}
