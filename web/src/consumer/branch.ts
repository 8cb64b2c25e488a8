// What a node of an expression asks, in words; of a group only how its parts hang together, because they follow below.

import type { Branch } from '../api/types'
import type { Names } from '../builder/grammar/names'
import { sayNode } from '../builder/grammar/say'
import { read, type Json } from '../builder/tree'
import type { Language } from '../i18n/language'
import { textIn } from '../i18n/text'

export function said(branch: Branch, names: Names, language: Language): string {
  const node = read(branch.expression as Json)
  const parts = branch.parts?.length ?? 0
  if (node.kind === 'group' && parts > 1) return textIn(language)(`consumer.branch_${node.op}`)
  return sayNode(node, language, names)
}
