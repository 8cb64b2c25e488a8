// What the cells of a matrix show: people, or their share of the row or the column.

import { Segmented } from 'antd'
import { useSpeech } from '../i18n'
import { CELLS, type View } from '../view/view'

export function CellSwitch({ cell, onChange }: { cell: View['cell']; onChange: (cell: View['cell']) => void }) {
  const { t } = useSpeech()
  return <Segmented aria-label={t('matrix.cell')} value={cell} options={CELLS.map((value) => ({ value, label: t(`matrix.${value}`) }))} onChange={onChange} />
}
