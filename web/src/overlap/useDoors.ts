// What every number of the page counts: in a sentence, and as an expression.

import type { Overlap, Reach } from '../api/types'
import { allOf, anyOf, without } from '../builder/usual'
import type { Json } from '../builder/tree'
import type { Door } from '../door/ExpressionPanel'
import { inSentence, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { columnsOf, readOpen, restOf, timesJson, TOP, unionOf, type Open } from './overlap'
import { placeOf } from './Plan'

interface Answers {
  overlap: Overlap
  reach: Reach | undefined
}

interface Found {
  expression: Json
  shown: number
}

export function useSaid(titles: readonly string[], reach: Reach | undefined, asOf: Day): (open: Open) => string {
  const { t, language } = useSpeech()
  const date = inSentence(asOf, language)
  const named = (places: readonly number[]) => listed(places.map((place) => titles[place] ?? ''), 'conjunction', language)
  return (open) => {
    switch (open.kind) {
      case 'only':
        return t('overlap.said_only', { sets: named(open.places), n: titles.length - open.places.length, date })
      case 'pair':
        return t('overlap.said_pair', { sets: named(open.places), date })
      case 'set':
        return t('overlap.said_set', { set: titles[open.place] ?? '', date })
      case 'new': {
        const media = reach?.plan.map(({ medium }) => placeOf(medium)) ?? []
        return t('reach.said_new', { medium: named(media.slice(open.place, open.place + 1)), before: named(media.slice(0, open.place)), n: open.place, date })
      }
      case 'times':
        return t('reach.said_times', { n: open.place + 1, date })
      case 'rest':
        return t('overlap.said_rest', { n: TOP, date })
      case 'union':
        return t('overlap.said_union', { sets: named(titles.map((_, place) => place)), date })
      case 'plan':
        return t('reach.said_plan', { media: named(reach?.plan.map(({ medium }) => placeOf(medium)) ?? []), date })
    }
  }
}

export function doorOf(text: string | null, answers: Answers, said: (open: Open) => string): Door | undefined {
  const open = readOpen(text)
  const found = open && (foundIn(open, answers.overlap) ?? (answers.reach && plannedBy(open, answers.reach, answers.overlap)))
  return open && found && { ...found, said: said(open), name: `${said(open)}`.slice(0, 120) }
}

function foundIn(open: Open, answer: Overlap): Found | undefined {
  const at = (place: number) => answer.sets[place]
  switch (open.kind) {
    case 'only': {
      const column = columnsOf(answer).find(({ places }) => places.join() === open.places.join())
      return column && { expression: column.expression, shown: column.people }
    }
    case 'pair': {
      const [a, b] = open.places.map(at)
      const both = answer.matrix[open.places[0] ?? 0]?.[open.places[1] ?? 0]
      return a && b && both !== undefined ? { expression: allOf([a.expression as Json, b.expression as Json]), shown: both } : undefined
    }
    case 'set': {
      const set = at(open.place)
      return set && { expression: set.expression as Json, shown: set.size }
    }
    case 'rest': {
      const rest = restOf(answer, columnsOf(answer).slice(0, TOP))
      return { expression: rest.expression, shown: rest.people }
    }
    case 'union':
      return { expression: unionOf(answer), shown: answer.union }
    default:
      return undefined
  }
}

function plannedBy(open: Open, reach: Reach, overlap: Overlap): Found | undefined {
  const places = reach.plan.map(({ medium }) => placeOf(medium))
  const expressions = places.map((place) => overlap.sets[place]?.expression as Json)
  if (open.kind === 'plan') return { expression: reach.expression as Json, shown: reach.reach }
  if (open.kind === 'new') {
    const [step, medium] = [reach.plan[open.place], expressions[open.place]]
    const before = expressions.slice(0, open.place)
    return step && medium !== undefined ? { expression: without(medium, before.length > 1 ? [anyOf(before)] : before), shown: step.new } : undefined
  }
  if (open.kind !== 'times') return undefined
  const { once, twice, three_or_more: often } = reach.frequency
  const [expression, shown] = [timesJson(overlap, places, open.place + 1), [once, twice, often][open.place]]
  return expression !== undefined && shown !== undefined ? { expression, shown } : undefined
}
