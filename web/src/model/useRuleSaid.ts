// A rule in the reader's language, by the builder's grammar.

import { sayNode } from '../builder/grammar/say'
import { read, type Json } from '../builder/tree'
import { useNames } from '../builder/useNames'
import { useSpeech } from '../i18n'

export function useRuleSaid(): (when: unknown) => string {
  const { t, language } = useSpeech()
  const names = useNames()
  return (when) => t('rules.said', { rule: sayNode(read(when as Json), language, names) })
}
