// The builder in a dialog: one condition of something else, such as a case of a tag.

import { Alert, Modal } from 'antd'
import { useState } from 'react'
import type { Branch } from '../api/types'
import { Failure } from '../app/Failure'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { Sentence } from './Sentence'
import { Toolbar } from './Toolbar'
import { write, type Json } from './tree'
import { TreeView } from './TreeView'
import { useBuilder } from './useBuilder'
import { useCounts } from './useCounts'
import { useNames } from './useNames'

const NOBODY: ReadonlyMap<number, Branch> = new Map()

interface Props {
  title: string
  expression: Json
  asOf: Day
  onClose: () => void
  onDone: (expression: Json) => void
}

export function ConditionDialog({ title, expression, asOf, onClose, onDone }: Props) {
  const { t } = useSpeech()
  const builder = useBuilder(expression)
  const counts = useCounts(builder.root, asOf)
  const names = useNames()
  const [lit, setLit] = useState<number>()
  const [isAdding, setAdding] = useState(false)
  const warnings = counts.isStale ? [] : (counts.answer?.warnings ?? [])
  return (
    <Modal open title={title} width={900} onCancel={onClose} okText={t('builder.take')} cancelText={t('builder.cancel')} onOk={() => onDone(write(builder.root))} mask={{ closable: false }}>
      <Sentence root={builder.root} asOf={asOf} names={names} focus={builder.focus} onPoint={setLit} onChoose={builder.focusOn} />
      <div className="builder dialog-builder">
        <Toolbar builder={builder} own={undefined} isAdding={isAdding} setAdding={setAdding} />
        <TreeView builder={builder} counts={counts} names={names} asOf={asOf} verdicts={NOBODY} lit={lit} onAdd={() => setAdding(true)} onJson={() => undefined} />
      </div>
      {counts.error && <Failure error={counts.error} />}
      {warnings.length > 0 && <Alert type="warning" showIcon title={warnings.map(({ message }) => message).join(' · ')} />}
    </Modal>
  )
}
