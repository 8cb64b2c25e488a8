// Which sets: channels, audiences, locked people, lists, and whatever a door handed over.

import { Select } from 'antd'
import { useChannels, useLists } from '../api/audiences'
import { useAudiences, useSnapshots } from '../api/queries'
import { useSpeech } from '../i18n'
import { Field } from '../view/Filters'
import { MOST_SETS, readPicked, writePicked, type Picked } from './overlap'

interface Props {
  value: Picked[]
  title: (set: Picked) => string
  onChange: (value: Picked[]) => void
}

export function SetsField({ value, title, onChange }: Props) {
  const { t } = useSpeech()
  const channels = useChannels().data ?? []
  const audiences = useAudiences().data ?? []
  const snapshots = useSnapshots().data ?? []
  const lists = useLists().data ?? []
  const option = (set: Picked) => ({ value: writePicked(set), label: title(set) })
  const groups = [
    { label: t('overlap.expressions'), options: value.filter(({ kind }) => kind === 'expression').map(option) },
    { label: t('overlap.channels'), options: channels.map(({ path: id }) => option({ kind: 'channel', id })) },
    { label: t('view.audiences'), options: audiences.map(({ name: id }) => option({ kind: 'audience', id })) },
    { label: t('view.snapshots'), options: snapshots.map(({ snapshot: id }) => option({ kind: 'snapshot', id })) },
    { label: t('overlap.lists'), options: lists.map(({ name: id }) => option({ kind: 'list', id })) },
  ]
  return (
    <Field label={t('overlap.pick', { most: MOST_SETS })}>
      <Select
        aria-label={t('overlap.pick', { most: MOST_SETS })}
        mode="multiple"
        allowClear
        maxCount={MOST_SETS}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('overlap.pick_help')}
        value={value.map(writePicked)}
        options={groups.filter(({ options }) => options.length > 0)}
        onChange={(texts: string[]) => onChange(texts.map(readPicked).filter((one) => one !== undefined))}
      />
    </Field>
  )
}
