// What a playbook and its audiences are called in the page's language.

import type { Playbook, PlaybookAudience, PlaybookParameter } from '../api/types'
import type { JsonObject } from '../builder/tree'
import { isObject, texts } from '../builder/tree'
import type { Names } from '../builder/grammar/names'
import type { Language } from '../i18n/language'
import { isKey, type Text } from '../i18n/text'
import { suffixOf } from './play'

export const titleOf = (one: Playbook | PlaybookParameter, language: Language): string => (language === 'zh' ? one.title_zh : one.title)

export const textOf = (playbook: Playbook, language: Language): string => (language === 'zh' ? playbook.text_zh : playbook.text)

export function symptomOf(playbook: string, t: Text): string | undefined {
  const key = `play.symptom.${playbook}`
  return isKey(key) ? t(key) : undefined
}

/** Who is in an audience; one that a newer server has made says it in its own words. */
export function whoIn(playbook: string, audience: PlaybookAudience, prefix: string, t: Text, names: Names): string {
  const suffix = suffixOf(audience.name, prefix)
  const key = `play.who.${playbook}.${suffix.startsWith('from_') ? 'from' : suffix}`
  return isKey(key) ? t(key, { medium: mediumOf(audience, names) }) : audience.description
}

function mediumOf({ expression }: PlaybookAudience, names: Names): string {
  const did = (expression as JsonObject).did
  return texts(isObject(did) ? did.channel : undefined).map(names.channel).join(', ')
}
