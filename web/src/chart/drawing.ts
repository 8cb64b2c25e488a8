// Pieces of pictures that a chart draws by itself, for those that are no series of ECharts.

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { FONT } from '../theme/tokens'

interface Text {
  text: string
  x: number
  y: number
  fill: string
  align?: 'left' | 'right' | 'center'
  /** What does not fit is cut. */
  width?: number
  weight?: number
  size?: number
}

export const textAt = ({ text, x, y, fill, align = 'left', width, weight = 400, size = 13 }: Text) => ({
  type: 'text' as const,
  silent: true,
  style: { text, x, y, fill, align, verticalAlign: 'middle' as const, font: `${weight} ${size}px ${FONT}`, ...(width ? { width, overflow: 'truncate' as const } : {}) },
})

export const lineAt = (x1: number, y1: number, x2: number, y2: number, stroke: string, lineWidth = 2) => ({
  type: 'line' as const,
  silent: true,
  shape: { x1, y1, x2, y2 },
  style: { stroke, lineWidth },
})

export const boxAt = (x: number, y: number, width: number, height: number, fill: string, r = 0) => ({
  type: 'rect' as const,
  silent: true,
  shape: { x, y, width, height, r },
  style: { fill },
})

export const dotAt = (cx: number, cy: number, r: number, fill: string) => ({ type: 'circle' as const, silent: true, shape: { cx, cy, r }, style: { fill } })

export const ringAt = (cx: number, cy: number, r: number, fill: string, stroke: string) => ({
  type: 'circle' as const,
  silent: true,
  shape: { cx, cy, r },
  style: { fill, stroke, lineWidth: 2 },
})

/** A small arrow head to the right (1) or the left (-1). */
export const wedgeAt = (x: number, y: number, to: -1 | 1, fill: string) => ({
  type: 'polygon' as const,
  silent: true,
  shape: { points: [[x, y - 5], [x + 8 * to, y], [x, y + 5]] as [number, number][] },
  style: { fill },
})

export type Piece = ReturnType<typeof wedgeAt> | ReturnType<typeof textAt> | ReturnType<typeof lineAt> | ReturnType<typeof boxAt> | ReturnType<typeof ringAt> | ReturnType<typeof dotAt>

/** A chart that is nothing but these pieces, for whatever width it has. */
export function drawingOption(pieces: (width: number) => Piece[]): EChartsCoreOption {
  const renderItem = (_: unknown, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => ({ type: 'group', children: pieces(api.getWidth()) })
  return { animation: false, series: [{ type: 'custom', coordinateSystem: 'none', silent: true, data: [0], renderItem }] }
}

interface Point {
  offsetX: number
  offsetY: number
}

/** Opens what lies where one clicks, anywhere on the picture. */
export function listenTo<T>(chart: EChartsType, at: (point: Point) => T | undefined, open: (found: T) => void): () => void {
  const canvas = chart.getZr()
  const onClick = (point: Point) => {
    const found = at(point)
    if (found !== undefined) open(found)
  }
  const onMove = (point: Point) => canvas.setCursorStyle(at(point) === undefined ? 'default' : 'pointer')
  canvas.on('click', onClick)
  canvas.on('mousemove', onMove)
  return () => {
    if (chart.isDisposed()) return
    canvas.off('click', onClick)
    canvas.off('mousemove', onMove)
  }
}
