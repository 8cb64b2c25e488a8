// A condition on single events: said in words, and opened to be changed.

import { Button } from 'antd'
import { useState } from 'react'
import { DidEditor } from '../builder/field/DidEditor'
import { sayNode } from '../builder/grammar/say'
import { leaf, type JsonObject } from '../builder/tree'
import { useNames } from '../builder/useNames'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'

interface Props {
  value: JsonObject
  today: Day
  /** What the button to open it is called. */
  label: string
  onChange: (value: JsonObject) => void
}

/** What a filter says. */
export function useSaid(): (filter: JsonObject) => string {
  const { language } = useSpeech()
  const names = useNames()
  return (filter) => sayNode(leaf('did', filter), language, names)
}

export function EventFilter({ value, today, label, onChange }: Props) {
  const [isOpen, setOpen] = useState(false)
  const said = useSaid()
  return (
    <>
      <Button type="text" className="filter-said" aria-expanded={isOpen} aria-label={`${label}: ${said(value)}`} onClick={() => setOpen(!isOpen)}>
        {said(value)}
      </Button>
      {isOpen && (
        <div className="editor">
          <DidEditor isFilter value={value} today={today} onChange={onChange} />
        </div>
      )}
    </>
  )
}
