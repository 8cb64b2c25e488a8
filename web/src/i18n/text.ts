// Messages to text. Pure: no React, no browser.

import { IntlMessageFormat } from 'intl-messageformat'
import { en, type MessageKey } from './en'
import type { Language } from './language'
import { zh } from './zh'

export type { MessageKey } from './en'
export type Values = Record<string, string | number>
export type Text = (key: MessageKey, values?: Values) => string

export const MESSAGES: Record<Language, Record<MessageKey, string>> = { en, zh }
const LOCALES: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' }

const parsed = new Map<string, IntlMessageFormat>()

function message(language: Language, key: MessageKey): IntlMessageFormat {
  const id = `${language} ${key}`
  const known = parsed.get(id)
  if (known) return known
  const fresh = new IntlMessageFormat(MESSAGES[language][key], LOCALES[language], undefined, { ignoreTag: true })
  parsed.set(id, fresh)
  return fresh
}

/** How one speaks this language. */
export function textIn(language: Language): Text {
  return (key, values) => String(message(language, key).format(values))
}

/** A, B and C; A、B和C. */
export function listed(items: readonly string[], type: 'conjunction' | 'disjunction', language: Language): string {
  return new Intl.ListFormat(LOCALES[language], { type }).format(items)
}

/** Whether a word is the key of a message: for words that the server chooses. */
export function isKey(key: string): key is MessageKey {
  return key in en
}
