// Circles as the chart draws them: one hue, so that what is darker is in more sets.

import { boxAt, drawingOption, ringAt, textAt, type Piece } from '../chart/drawing'
import { PALETTES, type Theme } from '../theme/tokens'
import type { Euler } from './euler'

export const HEIGHT = 380
/** What the circles may fill: room for the names is left around them. */
export const BOX = { width: 460, height: 300 }
/** Whether a figure has the room to stand there without covering what is beside it. */
export const fits = (text: string, room: number): boolean => room >= 10 + text.length * 3

export interface CirclesInput {
  /** Fitted into the box. */
  drawn: Euler
  titles: string[]
  /** The figure of each combination that has the room. */
  texts: Map<number, string>
  theme: Theme
}

const alpha = (color: string, part: number) => color + Math.round(part * 255).toString(16).padStart(2, '0')

/** The name of a set stands where its circle is farthest from the others. */
function name({ circles }: Euler, i: number, title: string, fill: string, [left, top]: [number, number]): Piece {
  const { x = 0, y = 0, r = 0 } = circles[i] ?? {}
  const others = circles.filter((_, j) => j !== i)
  const [mx, my] = [others.reduce((sum, one) => sum + one.x, 0) / others.length, others.reduce((sum, one) => sum + one.y, 0) / others.length]
  const away = Math.hypot(x - mx, y - my) || 1
  const [dx, dy] = [(x - mx) / away, (y - my) / away]
  const align = dx > 0.5 ? 'left' : dx < -0.5 ? 'right' : 'center'
  return textAt({ text: title, x: left + x + dx * (r + 10), y: top + y + dy * (r + 14), fill, align, weight: 600, width: 220 })
}

export function circlePieces({ drawn, titles, texts, theme }: CirclesInput, width: number): Piece[] {
  const palette = PALETTES[theme]
  const [left, top] = [width / 2, HEIGHT / 2]
  const rings = drawn.circles.map(({ x, y, r }) => ringAt(left + x, top + y, r, alpha(palette.link, 0.16), palette.link))
  const names = titles.map((title, i) => name(drawn, i, title, palette.text, [left, top]))
  const figures = drawn.labels.flatMap(({ mask, x, y }) => {
    const text = texts.get(mask)
    return text === undefined ? [] : [boxAt(left + x - 22, top + y - 11, 44, 22, palette.surface, 11), textAt({ text, x: left + x, y: top + y, fill: palette.text, align: 'center' })]
  })
  return [...rings, ...names, ...figures]
}

export const circlesOption = (input: CirclesInput) => drawingOption((width) => circlePieces(input, width))
