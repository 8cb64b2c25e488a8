// One frame for all charts: title, switch to the table (T), PNG, CSV, a summary for those who do not see it.
//
// The canvas is hidden from screen readers; what it shows is said by the summary, and every figure is in the table.

import { BarChartOutlined, FileImageOutlined, FileTextOutlined, TableOutlined } from '@ant-design/icons'
import { Button, Skeleton, Space } from 'antd'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useSpeech } from '../i18n'
import { useTheme } from '../theme'
import { PALETTES } from '../theme/tokens'
import { csv, type CsvCell } from './csv'
import { download, downloadText } from './download'

interface Props {
  title: string
  /** Of the heading; below a section's own heading it is 3. */
  level?: 2 | 3
  /** What the picture shows, in a sentence or two. */
  summary: string
  option: EChartsCoreOption
  height: number
  /** The same figures, exactly. */
  table: ReactNode
  csvRows: () => CsvCell[][]
  /** Begins the names of saved files. */
  fileName: string
  controls?: ReactNode
  hint?: ReactNode
  isStale?: boolean
  /** Called with the chart once it is there, to listen to it; returns how to stop. */
  onReady: (chart: EChartsType) => () => void
  /** Lies over the canvas. */
  overlay?: ReactNode
  below?: ReactNode
}

export function Chart(props: Props) {
  const { t } = useSpeech()
  const { theme } = useTheme()
  const id = useId()
  const [isTable, setTable] = useState(false)
  const chart = useRef<EChartsType | null>(null)
  const Heading = props.level === 3 ? 'h3' : 'h2'
  const savePng = () => {
    const url = chart.current?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: PALETTES[theme].surface })
    if (url) download(`${props.fileName}.png`, url)
  }
  const saveCsv = () => downloadText(`${props.fileName}.csv`, csv(props.csvRows()), 'text/csv')
  const onKeyDown = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLInputElement
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== 't') return
    setTable(!isTable)
  }
  return (
    <figure className="card chart" aria-labelledby={`${id}t`} aria-describedby={`${id}s`} onKeyDown={onKeyDown}>
      <div className="card-head">
        <Heading id={`${id}t`}>{props.title}</Heading>
        <div className="card-controls">
          {props.controls}
          <Space.Compact>
            <Button
              aria-pressed={isTable}
              aria-label={t(isTable ? 'chart.untoggle' : 'chart.toggle')}
              title={t(isTable ? 'chart.untoggle' : 'chart.toggle')}
              icon={isTable ? <BarChartOutlined aria-hidden /> : <TableOutlined aria-hidden />}
              onClick={() => setTable(!isTable)}
            />
            <Button aria-label={t('chart.png')} title={t('chart.png')} icon={<FileImageOutlined aria-hidden />} disabled={isTable} onClick={savePng} />
            <Button aria-label={t('chart.csv')} title={t('chart.csv')} icon={<FileTextOutlined aria-hidden />} onClick={saveCsv} />
          </Space.Compact>
        </div>
      </div>
      <figcaption id={`${id}s`} className="unseen">
        {props.summary}
      </figcaption>
      <div className={props.isStale ? 'stale' : undefined} aria-busy={props.isStale}>
        {isTable ? props.table : <Canvas {...props} chart={chart} />}
      </div>
      {!isTable && props.below}
      {props.hint && !isTable && <p className="quiet hint">{props.hint}</p>}
    </figure>
  )
}

function Canvas({ option, height, overlay, onReady, chart }: Props & { chart: { current: EChartsType | null } }) {
  const { theme } = useTheme()
  const { t } = useSpeech()
  const element = useRef<HTMLDivElement>(null)
  const [drawn, setDrawn] = useState<EChartsType>()

  useEffect(() => {
    let isGone = false
    let made: EChartsType | undefined
    let observer: ResizeObserver | undefined
    void import('./echarts').then(({ init }) => {
      if (isGone || !element.current) return
      made = init(element.current, undefined, { renderer: 'canvas' })
      chart.current = made
      observer = new ResizeObserver(() => made?.resize())
      observer.observe(element.current)
      setDrawn(made)
    })
    return () => {
      isGone = true
      observer?.disconnect()
      made?.dispose()
      chart.current = null
    }
  }, [chart])

  useEffect(() => {
    drawn?.setOption(option, { notMerge: true })
  }, [drawn, option])
  // After the option: a chart without one ignores its theme.
  useEffect(() => {
    drawn?.setTheme(theme)
  }, [drawn, theme])
  useEffect(() => (drawn ? onReady(drawn) : undefined), [drawn, onReady])

  return (
    <div className="canvas" style={{ height }}>
      <div ref={element} className="canvas-inner" aria-hidden data-drawn={drawn ? true : undefined} />
      {drawn ? overlay : <Skeleton.Node active className="canvas-wait" aria-label={t('chart.loading')} />}
    </div>
  )
}
