// Which ways people took over several dates: a Sankey diagram from each date to the next, and the whole ways as rows.
// A link joins two dates only, so the rows say what links cannot; what is not listed is counted.

import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo, useState } from 'react'
import { Failure } from '../app/Failure'
import { Chart } from '../chart/Chart'
import { Count } from '../door/Count'
import { addDays, daysBetween, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { labelRoom } from '../states/area'
import { lookOf, type Looks } from '../states/look'
import type { Section } from '../states/section'
import { Swatch } from '../states/Swatch'
import { useTheme } from '../theme'
import { DayPicker } from '../view/DayPicker'
import { samePath, type Stop } from '../view/selection'
import { sum } from './matrix'
import { HEAD } from './sankeyOption'
import { drawWays, isMostlyStill, linkStops, nodeStops, pathStops, waysTotal, withDate, type DrawnWays, type Ways } from './ways'
import { waysOption } from './waysOption'

export const FEWEST_DATES = 2
export const MOST_DATES = 6
const SWATCH = 16
const FOOT = 12
const FIRST_PATHS = 10
/** Paths that the summary says. */
const TOLD = 3

const wayName = (states: readonly string[], looks: Looks) => states.map((state) => lookOf(looks, state).title).join(' → ')

interface Props extends Section {
  ways: Ways | undefined
  error: Error | null
  isStale: boolean
  dates: Day[]
  setDates: (dates: Day[]) => void
}

export function PathsSection({ ways, error, isStale, dates, setDates, ...section }: Props) {
  const { t } = useSpeech()
  return (
    <section aria-labelledby="paths-title">
      <div className="section-head">
        <h2 id="paths-title">{t('paths.title')}</h2>
        <Dates dates={dates} last={section.view.asOf} onChange={setDates} />
      </div>
      {error && <Failure error={error} />}
      {ways && (
        <div className="flow stacked">
          <WaysChart {...section} ways={ways} isStale={isStale} />
          <PathRows {...section} ways={ways} isStale={isStale} />
        </div>
      )}
    </section>
  )
}

function Dates({ dates, last, onChange }: { dates: Day[]; last: Day; onChange: (dates: Day[]) => void }) {
  const { t } = useSpeech()
  return (
    <div className="flow-dates">
      {dates.map((date, i) => (
        <span key={date} className="path-date">
          <DayPicker
            label={t('paths.date', { n: String(i + 1) })}
            value={date}
            isDisabled={(day) => day > last || (day !== date && dates.includes(day))}
            onChange={(day) => onChange(withDate(dates.toSpliced(i, 1), day))}
          />
          {dates.length > FEWEST_DATES && (
            <Button type="text" size="small" aria-label={t('paths.remove_date', { date })} icon={<CloseOutlined aria-hidden />} onClick={() => onChange(dates.toSpliced(i, 1))} />
          )}
        </span>
      ))}
      <Button size="small" icon={<PlusOutlined aria-hidden />} disabled={dates.length >= MOST_DATES || widest(dates) === undefined} onClick={() => onChange(withDate(dates, widest(dates) ?? last))}>
        {t('paths.add_date')}
      </Button>
    </div>
  )
}

/** The day in the middle of the widest gap; nothing where no day is free. */
function widest(dates: readonly Day[]): Day | undefined {
  const gaps = dates.slice(1).map((to, i) => ({ from: dates[i] ?? to, days: daysBetween(dates[i] ?? to, to) }))
  const [gap] = gaps.sort((a, b) => b.days - a.days)
  return gap && gap.days > 1 ? addDays(gap.from, Math.floor(gap.days / 2)) : undefined
}

interface ChartProps extends Section {
  ways: Ways
  isStale: boolean
}

function WaysChart({ ways, isStale, ...section }: ChartProps) {
  const { t, exact, compact, percent, language } = useSpeech()
  const { theme } = useTheme()
  const { looks, select, view } = section
  const everyone = useMemo(() => waysTotal(ways), [ways])
  const isStill = useMemo(() => isMostlyStill(ways), [ways])
  const moversOnly = isStill !== undefined && (view.moves === 'auto' ? isStill : view.moves === 'movers')
  const drawn = useMemo(() => drawWays(ways, moversOnly), [ways, moversOnly])
  const side = labelRoom(drawn.nodes.map(({ state }) => lookOf(looks, state).title), exact(9_999)) - SWATCH
  const option = useMemo(
    () => waysOption({ drawn, looks, theme, side, exact, compact, percent }),
    [drawn, looks, theme, side, exact, compact, percent],
  )
  const onReady = useCallback((chart: EChartsType) => listen(chart, drawn, (stops) => select({ kind: 'path', stops })), [drawn, select])
  const told = ways.paths.slice(0, TOLD).map((path) => t('paths.told', { path: wayName(path.states, looks), count: exact(path.count) }))
  return (
    <Chart
      level={3}
      title={t('paths.chart', { n: ways.dates.length })}
      summary={t('paths.summary', { dates: listed(ways.dates, 'conjunction', language), total: exact(everyone), paths: listed(told, 'conjunction', language) })}
      option={option}
      height={HEAD + drawn.height + FOOT}
      onReady={onReady}
      isStale={isStale}
      fileName={`weir-paths-${view.model}-${ways.dates.at(-1)}`}
      csvRows={() => [[...ways.dates, 'count'], ...ways.paths.map(({ states, count }) => [...states, count]), ['others', ...ways.dates.slice(1).map(() => ''), ways.others.count]]}
      table={<LinkTable {...section} ways={ways} />}
      overlay={<Heads dates={ways.dates} side={side} />}
      controls={
        isStill !== undefined && (
          <Segmented
            aria-label={t('flow.shown')}
            value={moversOnly ? 'movers' : 'all'}
            options={(['all', 'movers'] as const).map((moves) => ({ value: moves, label: t(moves === 'all' ? 'flow.all' : 'paths.movers') }))}
            onChange={(moves) => section.change({ moves })}
          />
        )
      }
      hint={t('paths.hint')}
      below={drawn.small.length > 0 && <SmallLinks {...section} dates={ways.dates} small={drawn.small} />}
    />
  )
}

function Heads({ dates, side }: { dates: string[]; side: number }) {
  return (
    <div className="way-heads" style={{ height: HEAD, insetInline: side }} aria-hidden>
      {dates.map((date) => (
        <span key={date}>{date}</span>
      ))}
    </div>
  )
}

function listen(chart: EChartsType, drawn: DrawnWays, open: (stops: Stop[]) => void): () => void {
  const onClick = (event: unknown) => {
    const { dataType, data } = event as { dataType?: string; data?: { name?: string; source?: string; target?: string } }
    const node = dataType === 'node' ? drawn.nodes.find(({ id }) => id === data?.name) : undefined
    const link = dataType === 'edge' ? drawn.links.find(({ source, target }) => source === data?.source && target === data?.target) : undefined
    if (node) open(nodeStops(drawn.dates, node))
    if (link) open(linkStops(drawn.dates, link))
  }
  chart.on('click', onClick)
  return () => {
    if (!chart.isDisposed()) chart.off('click', onClick)
  }
}

function SmallLinks({ small, dates, looks, say, selection, select }: Section & { small: DrawnWays['small']; dates: string[] }) {
  const { t } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  const title = (state: string) => lookOf(looks, state).title
  return (
    <div className="small-flows">
      <Button type="link" size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('flow.small', { n: small.length, count: sum(small.map(({ count }) => count)) })}
      </Button>
      {isOpen && (
        <ul>
          {small.map((link) => {
            const stops = linkStops(dates, link)
            return (
              <li key={`${link.source}>${link.target}`}>
                {dates[link.depth]?.slice(5)} {t('flow.move', { from: title(link.from), to: title(link.to) })}{' '}
                <Count value={link.count} isExact sentence={say({ kind: 'path', stops })} isOpen={samePath(selection, stops)} onOpen={() => select({ kind: 'path', stops })} />
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}

/** Every node and link, exactly: the picture as a table. */
function LinkTable({ ways, looks, say, selection, select }: Section & { ways: Ways }) {
  const { t } = useSpeech()
  const title = (state: string) => lookOf(looks, state).title
  const links = useMemo(() => {
    const { links, small } = drawWays(ways, false)
    return [...links, ...small].sort((a, b) => a.depth - b.depth || b.count - a.count)
  }, [ways])
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('paths.title')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('view.from')}</th>
            <th scope="col">{t('view.to')}</th>
            <th scope="col">{t('matrix.count')}</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => {
            const stops = linkStops(ways.dates, link)
            return (
              <tr key={`${link.source}>${link.target}`}>
                <th scope="row">
                  {ways.dates[link.depth]} {title(link.from)}
                </th>
                <td className="text">
                  {ways.dates[link.depth + 1]} {title(link.to)}
                </td>
                <td>
                  <Count value={link.count} isExact sentence={say({ kind: 'path', stops })} isOpen={samePath(selection, stops)} onOpen={() => select({ kind: 'path', stops })} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Whole ways, the greatest first, each a door. */
function PathRows({ ways, isStale, looks, say, selection, select }: ChartProps) {
  const { t, exact, percent } = useSpeech()
  const [isAll, setAll] = useState(false)
  const everyone = waysTotal(ways)
  const shown = isAll ? ways.paths : ways.paths.slice(0, FIRST_PATHS)
  const folded = ways.paths.slice(shown.length)
  const rest = { n: folded.length + ways.others.paths, count: exact(sum(folded.map(({ count }) => count)) + ways.others.count) }
  return (
    <section className={isStale ? 'card stale' : 'card'} aria-labelledby="path-rows-title">
      <h3 id="path-rows-title">{t('paths.rows')}</h3>
      <ol className="path-rows">
        {shown.map(({ states, count }) => {
          const stops = pathStops(ways.dates, states)
          const open = () => select({ kind: 'path', stops })
          const said = say({ kind: 'path', stops })
          return (
            <li key={states.join('>')} className={samePath(selection, stops) ? 'chosen' : undefined}>
              <button type="button" className="path-chips" title={said} onClick={open} tabIndex={-1} aria-hidden>
                {states.map((state, i) => (
                  <span key={ways.dates[i]} className="path-chip">
                    {i > 0 && <i className="arrow">→</i>}
                    <Swatch look={lookOf(looks, state)} /> {lookOf(looks, state).title}
                  </span>
                ))}
              </button>
              <span className="path-share quiet">{percent(count, everyone)}</span>
              <Count value={count} isExact sentence={said} isOpen={samePath(selection, stops)} onOpen={open} testId={`path-${states.join('>')}`} />
            </li>
          )
        })}
      </ol>
      {rest.n > 0 && (
        <p className="quiet hint" data-testid="path-others" data-count={sum(folded.map(({ count }) => count)) + ways.others.count}>
          {t('paths.others', rest)}{' '}
          {folded.length > 0 && (
            <Button type="link" size="small" onClick={() => setAll(true)}>
              {t('paths.show', { n: folded.length })}
            </Button>
          )}
        </p>
      )}
      <p className="balance">{t('paths.balance', { total: exact(everyone) })}</p>
    </section>
  )
}
