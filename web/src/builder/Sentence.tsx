// The whole tree in one sentence. Each phrase and the row it speaks of light up together.

import { useMemo } from 'react'
import { useSpeech } from '../i18n'
import type { Day } from '../format/day'
import type { Names } from './grammar/names'
import { say } from './grammar/say'
import type { Node } from './tree'

interface Props {
  root: Node
  asOf: Day
  names: Names
  focus: number
  onPoint: (id: number | undefined) => void
  onChoose: (id: number) => void
}

export function Sentence({ root, asOf, names, focus, onPoint, onChoose }: Props) {
  const { language } = useSpeech()
  const phrases = useMemo(() => say(root, asOf, language, names), [root, asOf, language, names])
  return (
    <p className="said" data-testid="sentence">
      {phrases.map(({ text, node }, i) =>
        node === undefined ? (
          text
        ) : (
          <span
            key={`${node} ${i}`}
            className={node === focus && node !== root.id ? 'phrase lit' : 'phrase'}
            onMouseEnter={() => onPoint(node)}
            onMouseLeave={() => onPoint(undefined)}
            onClick={() => onChoose(node)}
          >
            {text}
          </span>
        ),
      )}
    </p>
  )
}
