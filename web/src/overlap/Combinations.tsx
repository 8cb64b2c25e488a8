// Who is in which of the sets and in no other: circles where they are true, else a column for each combination.

import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo, type CSSProperties } from 'react'
import type { Overlap } from '../api/types'
import { Chart } from '../chart/Chart'
import { listenTo } from '../chart/drawing'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { useTheme } from '../theme'
import { BOX, circlesOption, fits, HEIGHT } from './circles'
import { euler, fitted, maskOf, type Euler } from './euler'
import { columnsOf, restOf, TOP, writeOpen, type Column, type Open } from './overlap'
import { barHeight, BARS, columnAt, columnMiddle, HEAD, heightOf, leastWidth, LEFT, ROW, rowTop, SIZE_RIGHT, upsetOption } from './upset'

export interface Common {
  answer: Overlap
  titles: string[]
  open: string | undefined
  onOpen: (open: Open) => void
  said: (open: Open) => string
  isStale: boolean
  fileName: string
}

const onlyIn = ({ places }: Pick<Column, 'places'>): Open => ({ kind: 'only', places })

export function Combinations(props: Common) {
  const { t } = useSpeech()
  const { answer } = props
  const columns = useMemo(() => columnsOf(answer), [answer])
  const drawn = useMemo(() => {
    const people = new Map(columns.map((column) => [maskOf(column.places), column.people]))
    const found = answer.sets.length <= 3 ? euler(people, answer.sets.length) : undefined
    return found && fitted(found, BOX.width, BOX.height)
  }, [columns, answer])
  if (drawn) return <Circles {...props} columns={columns} drawn={drawn} />
  const isTold = answer.sets.length <= 3 && answer.union > 0
  return <Columns {...props} columns={columns} hint={isTold ? t('overlap.untrue') : undefined} />
}

interface FrameProps extends Common {
  columns: Column[]
}

/** What both pictures have in common: summary, table, CSV. */
function useFrame({ answer, titles, columns, fileName, isStale, ...rest }: FrameProps) {
  const { t, exact, language } = useSpeech()
  const named = ({ places }: Column) => listed(places.map((place) => titles[place] ?? ''), 'conjunction', language)
  const first = columns.slice(0, 5).map((column) => t('overlap.summary_column', { sets: named(column), people: exact(column.people) }))
  return {
    title: t('overlap.chart'),
    summary: t('overlap.summary', { sets: titles.length, people: exact(answer.union), n: columns.length, columns: listed(first, 'conjunction', language) }),
    fileName,
    isStale,
    csvRows: () => [['people', ...titles], ...columns.map((column) => [column.people, ...titles.map((_, place) => (column.places.includes(place) ? 1 : 0))])],
    table: <ColumnsTable {...rest} answer={answer} titles={titles} columns={columns} named={named} />,
  }
}

function Circles({ drawn, ...props }: FrameProps & { drawn: Euler }) {
  const { t, compact, language } = useSpeech()
  const { theme } = useTheme()
  const { columns, titles, open, onOpen, said } = props
  const frame = useFrame(props)
  const byMask = useMemo(() => new Map(columns.map((column) => [maskOf(column.places), column])), [columns])
  const roomy = useMemo(() => drawn.labels.filter(({ mask, room }) => fits(compact(byMask.get(mask)?.people ?? 0), room)), [drawn, byMask, compact])
  const small = columns.filter(({ places }) => !roomy.some(({ mask }) => mask === maskOf(places)))
  const option = useMemo(
    () => circlesOption({ drawn, titles, theme, texts: new Map(roomy.map(({ mask }) => [mask, compact(byMask.get(mask)?.people ?? 0)])) }),
    [drawn, titles, theme, roomy, byMask, compact],
  )
  const door = (column: Column) => <Door column={column} open={open} onOpen={onOpen} said={said} />
  const overlay = (
    <ul className="circle-doors">
      {roomy.map(({ mask, x, y }) => {
        const column = byMask.get(mask)
        return (
          <li key={mask} style={{ left: `calc(50% + ${x}px)`, top: HEIGHT / 2 + y }}>
            {column && door(column)}
          </li>
        )
      })}
    </ul>
  )
  const below = small.length > 0 && (
    <div className="small-flows">
      <span className="quiet">{t('overlap.small')}</span>
      <ul>
        {small.map((column) => (
          <li key={column.places.join()}>
            {listed(column.places.map((place) => titles[place] ?? ''), 'conjunction', language)} {door(column)}
          </li>
        ))}
      </ul>
    </div>
  )
  return <Chart {...frame} option={option} height={HEIGHT} onReady={nothingToHear} overlay={overlay} below={below} hint={t('overlap.true')} />
}

const nothingToHear = () => () => undefined

function Door({ column, open, onOpen, said, isExact, testId }: { column: Column; isExact?: boolean; testId?: string } & Pick<Common, 'open' | 'onOpen' | 'said'>) {
  const door = onlyIn(column)
  return <Count value={column.people} isExact={isExact} sentence={said(door)} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} testId={testId ?? writeOpen(door)} />
}

function Columns({ hint, ...props }: FrameProps & { hint: string | undefined }) {
  const { t, exact, compact } = useSpeech()
  const { theme } = useTheme()
  const { answer, columns, titles, open, onOpen, said } = props
  const frame = useFrame(props)
  const shown = useMemo(() => columns.slice(0, TOP), [columns])
  const rest = restOf(answer, shown)
  const option = useMemo(
    () =>
      upsetOption({
        theme,
        sets: answer.sets.map(({ size }, i) => ({ title: titles[i] ?? '', size, text: exact(size) })),
        columns: shown.map((column) => ({ ...column, text: compact(column.people) })),
      }),
    [answer, shown, titles, theme, exact, compact],
  )
  const onReady = useCallback((chart: EChartsType) => listenToColumns(chart, shown, (column) => onOpen(onlyIn(column))), [shown, onOpen])
  const below = rest.people > 0 && (
    <p className="hint">
      {t('overlap.rest', { n: rest.combinations })} <Count value={rest.people} isExact sentence={said({ kind: 'rest' })} isOpen={open === 'rest'} onOpen={() => onOpen({ kind: 'rest' })} testId="rest" />
    </p>
  )
  return (
    <div className="upset" style={{ '--least': `${leastWidth(shown.length)}px` } as CSSProperties}>
      <Chart {...frame} option={option} height={heightOf(titles.length)} onReady={onReady} overlay={<ColumnDoors {...props} shown={shown} />} below={below} hint={[hint, t('overlap.hint')].filter(Boolean).join(' ')} />
    </div>
  )
}

/** A click anywhere on a column opens exactly these people. */
function listenToColumns(chart: EChartsType, shown: Column[], open: (column: Column) => void): () => void {
  return listenTo(chart, ({ offsetX }) => shown[columnAt(offsetX, chart.getWidth(), shown.length) ?? -1], open)
}

function ColumnDoors({ answer, shown, open, onOpen, said }: Common & { shown: Column[] }) {
  const highest = Math.max(1, ...shown.map(({ people }) => people))
  return (
    <>
      <ul className="set-doors" style={{ width: SIZE_RIGHT }}>
        {answer.sets.map(({ size }, place) => (
          <li key={place} style={{ top: rowTop(place), height: ROW }} className={place % 2 === 0 ? 'even-row' : undefined}>
            <Count value={size} isExact sentence={said({ kind: 'set', place })} isOpen={open === writeOpen({ kind: 'set', place })} onOpen={() => onOpen({ kind: 'set', place })} />
          </li>
        ))}
      </ul>
      <ul className="column-doors" style={{ left: LEFT }}>
        {shown.map((column, i) => (
          <li key={column.places.join()} style={{ left: `${columnMiddle(i, shown.length) * 100}%`, top: HEAD + BARS - barHeight(column.people, highest) - 24 }}>
            <Door column={column} open={open} onOpen={onOpen} said={said} />
          </li>
        ))}
      </ul>
    </>
  )
}

function ColumnsTable({ answer, titles, columns, named, open, onOpen, said }: Pick<Common, 'answer' | 'titles' | 'open' | 'onOpen' | 'said'> & { columns: Column[]; named: (column: Column) => string }) {
  const { t, exact, percent } = useSpeech()
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('overlap.chart')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('overlap.in_these')}</th>
            <th scope="col">{t('overlap.number')}</th>
            <th scope="col">{t('overlap.people')}</th>
            <th scope="col">{t('overlap.of_union')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.places.join()}>
              <th scope="row">{named(column)}</th>
              <td>{t('overlap.of_sets', { n: column.places.length, all: titles.length })}</td>
              <td>
                <Door column={column} isExact open={open} onOpen={onOpen} said={said} />
              </td>
              <td>{percent(column.people, answer.union)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer.more.combinations > 0 && <p className="quiet hint">{t('overlap.more', { n: answer.more.combinations, people: exact(answer.more.people) })}</p>}
    </div>
  )
}
