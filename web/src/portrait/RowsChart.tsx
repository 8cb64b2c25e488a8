// Some rows of a portrait: dot and interval on a log axis around 100, their figures, and behind each its people.

import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo, type ReactNode } from 'react'
import type { Portrait, PortraitCut, PortraitRow } from '../api/types'
import { Chart } from '../chart/Chart'
import type { CsvCell } from '../chart/csv'
import { listenTo } from '../chart/drawing'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { useTheme } from '../theme'
import { markOf, shortTgi, writeOpen, type Found, type Open } from './portrait'
import { PEOPLE, ROW, rowsOption, TOP, type DrawnRow } from './rowsOption'
import type { Spoken } from './useSpoken'

export interface Common {
  answer: Portrait
  spoken: Spoken
  reach: number
  open: string | undefined
  onOpen: (open: Open) => void
  said: (found: Found) => string
  saidRest: (cut: PortraitCut) => string
  isStale: boolean
}

interface Props extends Common {
  title: string
  level?: 2 | 3
  rows: Found[]
  /** Whether rows say what they are by; not where they are all by the same. */
  hasCuts?: boolean
  fileName: string
  /** What is saved as CSV, where that is more than is shown. */
  all?: Found[]
  hint?: ReactNode
  below?: ReactNode
  controls?: ReactNode
}

const doorOf = ({ cut, row }: Found): Open => ({ kind: 'row', cut: cut.name, value: row.value ?? null })

export function RowsChart({ title, level = 2, rows, hasCuts, fileName, all, hint, below, controls, ...common }: Props) {
  const { t, language } = useSpeech()
  const { theme } = useTheme()
  const { spoken, reach, onOpen } = common
  const drawn = useDrawn(rows, common, hasCuts)
  const option = useMemo(
    () => rowsOption({ rows: drawn, isLong: hasCuts ?? false, reach, theme, headings: { tgi: t('portrait.tgi'), interval: t('portrait.interval'), share: t('portrait.share'), base: t('portrait.base_share'), people: t('portrait.people') } }),
    [drawn, hasCuts, reach, theme, t],
  )
  const onReady = useCallback((chart: EChartsType) => listenToRows(chart, rows.map(doorOf), onOpen), [rows, onOpen])
  const told = drawn.slice(0, 5).map(({ label, tgi, interval }) => t('portrait.summary_row', { label, tgi, interval }))
  return (
    <Chart
      title={title}
      level={level}
      summary={t('portrait.summary', { n: drawn.length, rows: listed(told, 'conjunction', language) })}
      option={option}
      height={TOP + rows.length * ROW + 2}
      onReady={onReady}
      isStale={common.isStale}
      fileName={fileName}
      csvRows={() => csvOf(all ?? rows, spoken)}
      table={<RowsTable {...common} rows={rows} drawn={drawn} title={title} />}
      overlay={<Doors {...common} rows={rows} testId={hasCuts ? 'top' : 'row'} />}
      hint={hint}
      below={below}
      controls={controls}
    />
  )
}

function useDrawn(rows: Found[], { answer, spoken, reach }: Common, hasCuts?: boolean): DrawnRow[] {
  const { t, exact, percent } = useSpeech()
  const { subject, base } = answer.sizes
  return rows.map(({ cut, row }) => {
    const value = spoken.value(cut, row.value)
    return {
      label: hasCuts ? t('portrait.row', { cut: spoken.short(cut), value }) : value,
      mark: markOf(row, reach),
      isNotable: row.notable,
      tgi: row.tgi === null || row.tgi === undefined ? '–' : `≈ ${shortTgi(row.tgi)}`,
      interval: row.interval?.map(shortTgi).join(' – ') ?? '',
      share: percent(row.subject, subject),
      base: percent(row.base, base),
      people: exact(row.subject),
    }
  })
}

/** A click anywhere on a row opens it. */
function listenToRows(chart: EChartsType, doors: Open[], onOpen: (open: Open) => void): () => void {
  return listenTo(chart, ({ offsetY }) => doors[Math.floor((offsetY - TOP) / ROW)], onOpen)
}

function Doors({ rows, said, open, onOpen, testId }: Common & { rows: Found[]; testId: string }) {
  return (
    <ul className="row-doors" style={{ top: TOP, width: PEOPLE }}>
      {rows.map((found) => {
        const door = doorOf(found)
        const key = writeOpen(door)
        return (
          <li key={key} style={{ height: ROW }}>
            <Count value={found.row.subject} isExact sentence={said(found)} isOpen={open === key} onOpen={() => onOpen(door)} testId={`${testId} ${key}`} />
          </li>
        )
      })}
    </ul>
  )
}

function RowsTable({ rows, drawn, title, said, open, onOpen }: Common & { rows: Found[]; drawn: DrawnRow[]; title: string }) {
  const { t, exact } = useSpeech()
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={title}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('portrait.value')}</th>
            {(['tgi', 'interval', 'share', 'base_share', 'people', 'base_people', 'q'] as const).map((name) => (
              <th key={name} scope="col">
                {t(`portrait.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((found, i) => {
            const door = doorOf(found)
            const { row } = found
            const shown = drawn[i]
            return (
              <tr key={writeOpen(door)} className={row.notable ? undefined : 'quiet'}>
                <th scope="row">
                  {shown?.label} <Caution row={row} />
                </th>
                <td>{shown?.tgi}</td>
                <td>{shown?.interval}</td>
                <td>{shown?.share}</td>
                <td>{shown?.base}</td>
                <td>
                  <Count value={row.subject} isExact sentence={said(found)} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} />
                </td>
                <td>{exact(row.base)}</td>
                <td>{qText(row)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const CAUTIONS = ['not_in_base', 'not_in_subject', 'few', 'no_rest'] as const

function Caution({ row }: { row: PortraitRow }) {
  const { t } = useSpeech()
  const caution = CAUTIONS.find((one) => one === row.caution)
  return caution ? <span className="quiet">({t(`portrait.caution.${caution}`)})</span> : null
}

const LEAST_Q = 0.001

function qText({ q }: PortraitRow): string {
  if (q === null || q === undefined) return '–'
  return q < LEAST_Q ? `< ${LEAST_Q}` : q.toFixed(3)
}

function csvOf(rows: Found[], spoken: Spoken): CsvCell[][] {
  const head = ['cut', 'value', 'tgi', 'low', 'high', 'share', 'base_share', 'people', 'base_people', 'p', 'q', 'notable', 'caution']
  const cells = rows.map(({ cut, row }) => [
    spoken.title(cut),
    spoken.value(cut, row.value),
    row.tgi ?? '',
    row.interval?.[0] ?? '',
    row.interval?.[1] ?? '',
    row.share ?? '',
    row.base_share ?? '',
    row.subject,
    row.base,
    row.p ?? '',
    row.q ?? '',
    String(row.notable),
    row.caution ?? '',
  ])
  return [head, ...cells]
}
