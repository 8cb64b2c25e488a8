// What kinds of identifiers are called; a merchant's own kinds have the names they gave them.

import { isKey, type Text } from '../i18n/text'

export function kindName(kind: string, t: Text): string {
  const key = `identifier.${kind}`
  return isKey(key) ? t(key) : kind
}
