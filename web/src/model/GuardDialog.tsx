// Before a model that others follow is changed: who they are, and how many people it moves.

import { Button, Modal } from 'antd'
import { useMemo } from 'react'
import { useModelComparison } from '../api/models'
import type { State } from '../api/types'
import { moved } from '../flow/matrix'
import { useSpeech } from '../i18n'
import type { View } from '../view/view'
import { flowOf, type Use } from './rules'
import { UseList } from './UsesSection'

interface Props {
  uses: Use[]
  /** The model as they know it. */
  before: string
  rules: readonly State[]
  view: View
  isSaving: boolean
  onSave: () => void
  /** Without, there is no copy to be made instead. */
  onCopy?: () => void
  onClose: () => void
}

export function GuardDialog({ uses, before, rules, view, isSaving, onSave, onCopy, onClose }: Props) {
  const { t } = useSpeech()
  const compared = useModelComparison(before, { states: rules }, view).data
  const flow = useMemo(() => compared && flowOf(compared), [compared])
  return (
    <Modal
      open
      title={t('model_edit.guard')}
      onCancel={onClose}
      footer={[
        onCopy && (
          <Button key="copy" onClick={onCopy}>
            {t('model_edit.guard_copy')}
          </Button>
        ),
        <Button key="save" type="primary" loading={isSaving} onClick={onSave}>
          {t('model_edit.guard_save')}
        </Button>,
      ]}
    >
      <p>{flow ? t('model_edit.guard_body', { date: view.asOf, count: moved(flow) }) : '…'}</p>
      <UseList uses={uses} />
    </Modal>
  )
}
