// What the sets of an overlap are called.

import { say, textOf } from '../builder/grammar/say'
import { read, type Json } from '../builder/tree'
import { useNames } from '../builder/useNames'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import type { Picked } from './overlap'

export function useTitle(asOf: Day): (set: Picked) => string {
  const { language } = useSpeech()
  const names = useNames()
  return ({ kind, id }) => {
    if (kind === 'channel') return names.channel(id)
    if (kind === 'snapshot') return names.snapshot(id)
    return kind === 'expression' ? textOf(say(read(JSON.parse(id) as Json), asOf, language, names)) : id
  }
}
