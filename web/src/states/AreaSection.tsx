// The distribution over time: a stacked area in the order of the model, labelled where it ends.

import { Segmented, Select } from 'antd'
import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import type { States } from '../api/types'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { useTheme } from '../theme'
import { SPANS, UNITS, type View } from '../view/view'
import { axisTop, bandAt, countedAt, labelRoom, placeLabels, stepOf, type Distribution } from './area'
import { areaOption, dayOf, GRID } from './areaOption'
import { lookOf } from './look'
import { isBand, type Section } from './section'
import { Swatch } from './Swatch'

const HEIGHT = 300
const LABEL_APART = 24

interface Props extends Section {
  answer: States
  dates: Day[]
  isStale: boolean
  /** Whether the dates go back from as-of for a while that can be chosen; else they are given. */
  hasSpan?: boolean
}

export function AreaSection({ answer, dates, isStale, hasSpan = true, ...section }: Props) {
  const { t, language, exact, compact, percent } = useSpeech()
  const { theme } = useTheme()
  const { view, names, looks, select } = section
  const shown = useMemo(() => answer.at.filter(({ date }) => dates.includes(date)), [answer, dates])
  const top = view.unit === 'share' ? 1 : axisTop(Math.max(0, ...shown.map(countedAt)))
  const ends = names.map((state) => compact(shown.at(-1)?.states[state] ?? 0))
  const widest = ends.reduce((a, b) => (b.length > a.length ? b : a), '')
  const right = labelRoom(names.map((state) => lookOf(looks, state).title), view.unit === 'share' ? '100.0 %' : widest)
  const option = useMemo(
    () => areaOption({ shown, names, looks, theme, unit: view.unit, top, right, marks: marksOf(view, t), exact, compact, percent }),
    [shown, names, looks, theme, view, top, right, t, exact, compact, percent],
  )
  const onReady = useCallback(
    (chart: EChartsType) => listenToBands(chart, shown, names, view.unit, (date, state) => select({ kind: 'band', date, states: [state] })),
    [shown, names, view.unit, select],
  )
  const last = shown.at(-1)
  const title = (state: string) => lookOf(looks, state).title
  const summary = t('area.summary', {
    states: listed(names.map(title), 'conjunction', language),
    n: shown.length,
    from: shown[0]?.date ?? '',
    to: last?.date ?? '',
    last: last ? listed(names.map((state) => `${title(state)} ${exact(last.states[state] ?? 0)}`), 'conjunction', language) : '',
  })
  return (
    <Chart
      title={t('area.title')}
      summary={summary}
      option={option}
      height={Math.max(HEIGHT, names.length * LABEL_APART + 60)}
      onReady={onReady}
      isStale={isStale}
      fileName={`weir-states-${view.model}-${view.asOf}`}
      csvRows={() => [['date', ...names], ...shown.map((at) => [at.date, ...names.map((state) => at.states[state] ?? 0)])]}
      table={<AreaTable {...section} shown={shown} />}
      overlay={last && <EndLabels {...section} at={last} top={top} right={right} />}
      controls={<Controls view={view} change={section.change} hasSpan={hasSpan} />}
      hint={hasSpan ? `${t('area.hint')} ${t('area.step', { days: stepOf(dates) })}` : t('area.hint')}
    />
  )
}

function marksOf(view: View, t: ReturnType<typeof useSpeech>['t']) {
  if (view.from >= view.to) return []
  return [
    { date: view.from, name: t('view.from') },
    { date: view.to, name: t('view.to') },
  ]
}

/** A click anywhere on a band opens the people who were in it on the nearest date. */
function listenToBands(
  chart: EChartsType,
  shown: Distribution[],
  names: string[],
  unit: View['unit'],
  open: (date: Day, state: string) => void,
): () => void {
  const canvas = chart.getZr()
  const at = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
    if (!chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return undefined
    const [x, height] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) as [number, number]
    const nearest = [...shown].sort((a, b) => Math.abs(dayOf(a.date) - x) - Math.abs(dayOf(b.date) - x))[0]
    const state = nearest && bandAt(nearest, names, unit, height)
    return nearest && state ? { date: nearest.date, state } : undefined
  }
  const onClick = (event: { offsetX: number; offsetY: number }) => {
    const hit = at(event)
    if (hit) open(hit.date, hit.state)
  }
  const onMove = (event: { offsetX: number; offsetY: number }) => canvas.setCursorStyle(at(event) ? 'pointer' : 'default')
  canvas.on('click', onClick)
  canvas.on('mousemove', onMove)
  return () => {
    if (chart.isDisposed()) return
    canvas.off('click', onClick)
    canvas.off('mousemove', onMove)
  }
}

interface EndProps extends Section {
  at: Distribution
  top: number
  right: number
}

function EndLabels({ at, top, right, names, looks, view, say, selection, select }: EndProps) {
  const { percent } = useSpeech()
  const plot = Math.max(HEIGHT, names.length * LABEL_APART + 60) - GRID.top - GRID.bottom
  return (
    <ul className="end-labels" style={{ top: GRID.top, width: right - 12 }}>
      {placeLabels(at, names, view.unit, top, plot, LABEL_APART).map(({ state, y }) => {
        const count = at.states[state] ?? 0
        const band = { kind: 'band' as const, date: at.date, states: [state] }
        return (
          <li key={state} style={{ top: y }}>
            <Swatch look={lookOf(looks, state)} />
            <span className="end-name" title={lookOf(looks, state).title}>{lookOf(looks, state).title}</span>
            {view.unit === 'people' ? (
              <Count value={count} sentence={say(band)} isOpen={isBand(selection, at.date, state)} onOpen={() => select(band)} />
            ) : (
              <span className="figure">{percent(count, countedAt(at))}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Controls({ view, change, hasSpan }: { view: View; change: Section['change']; hasSpan: boolean }) {
  const { t } = useSpeech()
  return (
    <>
      <Segmented
        aria-label={t('area.unit')}
        value={view.unit}
        options={UNITS.map((unit) => ({ value: unit, label: t(`area.${unit}`) }))}
        onChange={(unit) => change({ unit })}
      />
      {hasSpan && (
        <Select
          aria-label={t('view.span')}
          value={view.span}
          options={SPANS.map((n) => ({ value: n, label: t('view.days', { n }) }))}
          onChange={(span) => change({ span: String(span) })}
          popupMatchSelectWidth={false}
        />
      )}
    </>
  )
}

function AreaTable({ shown, names, looks, view, say, selection, select }: Section & { shown: Distribution[] }) {
  const { t, percent } = useSpeech()
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('area.title')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('area.date')}</th>
            {names.map((state) => (
              <th key={state} scope="col">
                <Swatch look={lookOf(looks, state)} /> {lookOf(looks, state).title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...shown].reverse().map((at) => (
            <tr key={at.date}>
              <th scope="row">{at.date}</th>
              {names.map((state) => {
                const band = { kind: 'band' as const, date: at.date, states: [state] }
                const count = at.states[state] ?? 0
                return (
                  <td key={state}>
                    <Count value={count} isExact sentence={say(band)} isOpen={isBand(selection, at.date, state)} onOpen={() => select(band)} />
                    {view.unit === 'share' && <span className="quiet"> {percent(count, countedAt(at))}</span>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
