// What a row is called: groups by how they combine, what is around a node by what it does, leaves by their sentence.

import type { Language } from '../i18n/language'
import { isKey, textIn } from '../i18n/text'
import type { Names } from './grammar/names'
import { sayNode } from './grammar/say'
import { isObject, type Node, type Wrapped } from './tree'

export function titleOf(node: Node, language: Language, names: Names): string {
  const t = textIn(language)
  if (node.kind === 'group') return t(`builder.op.${node.op}`)
  return node.kind === 'wrap' ? wrapTitle(node, language) : sayNode(node, language, names)
}

function wrapTitle({ wrap, rest }: Wrapped, language: Language): string {
  const t = textIn(language)
  if (wrap === 'not') return t('builder.not_word')
  if (wrap === 'sample') return t('builder.sample_of', { percent: String(rest.percent) })
  if (wrap === 'top') {
    const measure = `measure.${Object.keys(isObject(rest.by) ? rest.by : {})[0] ?? ''}`
    return t('builder.top_of', { n: String(rest.n), measure: isKey(measure) ? t(measure) : '' })
  }
  const { date, days_ago: days } = isObject(rest.at) ? rest.at : {}
  return typeof date === 'string' ? t('builder.at_date', { date }) : t('builder.at_days', { n: Number(days) })
}
