// What the sets of an overlap are called.

import { sayNode } from '../builder/grammar/say'
import { read, type Json } from '../builder/tree'
import { useNames } from '../builder/useNames'
import { useSpeech } from '../i18n'
import type { Picked } from './overlap'

export function useTitle(): (set: Picked) => string {
  const { language } = useSpeech()
  const names = useNames()
  return ({ kind, id }) => {
    if (kind === 'channel') return names.channel(id)
    if (kind === 'snapshot') return names.snapshot(id)
    return kind === 'expression' ? sayNode(read(JSON.parse(id) as Json), language, names) : id
  }
}
