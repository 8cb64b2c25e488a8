// What the rows and cuts of a portrait are called.

import { useTags } from '../api/audiences'
import type { PortraitCut } from '../api/types'
import { say, sayNode, textOf } from '../builder/grammar/say'
import { leaf, read, type Json } from '../builder/tree'
import { useNames } from '../builder/useNames'
import { useSpeech } from '../i18n'
import { isKey, type Text } from '../i18n/text'
import type { Who } from '../view/view'
import { eventsOf, kindOf } from './portrait'

export interface Spoken {
  /** By what a cut tells people apart. */
  title: (cut: PortraitCut) => string
  /** The same in a word, for a row among those of others. */
  short: (cut: PortraitCut) => string
  /** Which events that is by, if it is. */
  rule: (cut: PortraitCut) => string | undefined
  value: (cut: PortraitCut, value: string | null | undefined) => string
  who: (who: Who) => string
  /** The same, and of an expression what it says. */
  told: (who: Who) => string
}

/** `0 … 6 days ago`, `≥ 365 days ago`, `later`: bins of dates, as the server names them. */
function daysAgo(value: string, t: Text): string {
  const [, from, to] = /^(\d+) … (\d+) days ago$/.exec(value) ?? []
  if (from && to) return t('portrait.days_ago', { from, to })
  const [, least] = /^≥ (\d+) days ago$/.exec(value) ?? []
  if (least) return t('portrait.days_ago_least', { n: least })
  return value === 'later' ? t('portrait.later') : value
}

export function useSpoken(asOf: string): Spoken {
  const { t, language } = useSpeech()
  const names = useNames()
  const tags = useTags().data
  const isDate = (tag: string) => tags?.find(({ name }) => name === tag)?.kind === 'date'
  const title = (cut: PortraitCut) => {
    const { kind, of } = kindOf(cut.by as Json)
    if (kind === 'state') return t('portrait.by_state', { model: names.model(of) })
    const key = `portrait.by.${of}`
    return kind !== 'tag' && isKey(key) ? t(key) : of
  }
  const short = (cut: PortraitCut) => (kindOf(cut.by as Json).kind === 'state' ? t('portrait.state') : title(cut))
  const rule = (cut: PortraitCut) => {
    const events = eventsOf(cut.by as Json)
    return events && sayNode(leaf('did', events), language, names)
  }
  const value = (cut: PortraitCut, value: string | null | undefined) => {
    const { kind, of } = kindOf(cut.by as Json)
    if (value === null || value === undefined) return t(kind === 'measure' ? 'portrait.no_events' : 'portrait.no_value')
    if (kind === 'channel') return names.channel(value)
    if (kind === 'state') return names.state(of, value)
    if (kind === 'field') return names[of as 'brand' | 'shop' | 'category' | 'campaign' | 'item'](value)
    return value === 'any' ? t('portrait.any') : kind === 'tag' && !isDate(of) ? value : daysAgo(value, t)
  }
  const who = (who: Who) => {
    if (who.kind === 'audience') return t('portrait.who.audience', { name: who.name })
    if (who.kind === 'snapshot') return t('portrait.who.snapshot', { name: names.snapshot(who.id) })
    return t(who.kind === 'expression' ? 'portrait.who.expression' : 'portrait.who.everyone')
  }
  const told = (whom: Who) => (whom.kind === 'expression' ? textOf(say(read(whom.expression as Json), asOf, language, names)) : who(whom))
  return { title, short, rule, value, who, told }
}
