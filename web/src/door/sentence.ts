// What a number is, in one sentence.

import { inSentence } from '../format/day'
import type { Language } from '../i18n/language'
import { listed, textIn, type Values } from '../i18n/text'
import { ENTERED, LEFT, shapeOf } from '../flow/matrix'
import { lookOf, type Looks } from '../states/look'
import type { Cell, Selection, Stop } from '../view/selection'

/** The page around the number. */
export interface Setting {
  language: Language
  looks: Looks
  /** Titles, not ids. */
  model: string
  scope: string
  who: { kind: 'everyone' | 'audience' | 'snapshot' | 'expression'; name: string }
  from: string
  to: string
  /** Rows and columns of the flow. */
  flowStates: readonly string[]
}

export function sentence(selection: Selection, setting: Setting): string {
  if (selection.kind === 'band') return band(selection, setting)
  return selection.kind === 'path' ? path(selection.stops, setting) : flow(selection.cells, setting)
}

/** What every sentence needs. */
function common({ language, model, scope, who, from, to }: Setting): Values {
  const dates = { fromDate: inSentence(from, language), toDate: inSentence(to, language) }
  return { model, scope, who: who.kind, name: who.name, ...dates }
}

function band(selection: Selection & { kind: 'band' }, setting: Setting): string {
  const titles = selection.states.map((state) => lookOf(setting.looks, state).title)
  const states = listed(titles, 'disjunction', setting.language)
  const date = inSentence(selection.date, setting.language)
  return textIn(setting.language)('sentence.band', { ...common(setting), states, date })
}

function flow(cells: Cell[], setting: Setting): string {
  const t = textIn(setting.language)
  const title = (state: string) => lookOf(setting.looks, state).title
  const values = common(setting)
  const shape = shapeOf(setting.flowStates, cells)
  if (shape.kind === 'cell') return cell(shape.cell, setting)
  if (shape.kind === 'all') return t('sentence.all', values)
  if (shape.kind === 'row' && shape.from !== ENTERED) return t('sentence.row', { ...values, from: title(shape.from) })
  if (shape.kind === 'column' && shape.to !== LEFT) return t('sentence.column', { ...values, to: title(shape.to) })
  const moves = cells.map(({ from, to }) => t('flow.move', { from: title(from), to: title(to) }))
  return t('sentence.block', { ...values, n: cells.length, moves: listed(moves, 'disjunction', setting.language) })
}

function cell({ from, to }: Cell, setting: Setting): string {
  const t = textIn(setting.language)
  const title = (state: string) => lookOf(setting.looks, state).title
  const values = { ...common(setting), from: title(from), to: title(to) }
  if (from === ENTERED) return t('sentence.entered', values)
  if (to === LEFT) return t('sentence.left', values)
  return from === to ? t('sentence.stay', values) : t('sentence.move', values)
}

function path(stops: readonly Stop[], setting: Setting): string {
  const t = textIn(setting.language)
  const titled = (stop: Stop) => lookOf(setting.looks, stop.state ?? '').title
  const told = stops.filter(({ state }) => state !== null).map((stop) => t('sentence.stop', { state: titled(stop), date: inSentence(stop.date, setting.language) }))
  return t('sentence.path', { ...common(setting), stops: listed(told, 'conjunction', setting.language) })
}

/** A name to begin with: short, telling, with its dates. */
export function suggestedName(selection: Selection, setting: Setting): string {
  const title = (state: string) => lookOf(setting.looks, state).title
  if (selection.kind === 'band') return `${selection.states.map(title).join('+')} ${selection.date}`
  if (selection.kind === 'path') {
    const told = selection.stops.filter(({ state }) => state !== null)
    return `${told.map(({ state }) => title(state ?? '')).join(' → ')} ${told.at(-1)?.date ?? ''}`
  }
  const [first] = selection.cells
  const rest = selection.cells.length > 1 ? ` +${selection.cells.length - 1}` : ''
  return first ? `${title(first.from)} → ${title(first.to)}${rest} ${setting.from} – ${setting.to}` : setting.to
}
