// By what people are told apart; nothing chosen means by everything usual.

import { Select } from 'antd'
import { useTags } from '../api/audiences'
import { useModels } from '../api/queries'
import { useSpeech } from '../i18n'
import { Field, modelTitle } from '../view/Filters'
import { CHANNELS, FIELDS, MEASURES } from './portrait'

export function ByField({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const { t, language } = useSpeech()
  const tags = useTags().data ?? []
  const models = useModels().data ?? []
  const own = (keys: readonly (typeof CHANNELS[number] | typeof FIELDS[number] | typeof MEASURES[number])[]) => keys.map((key) => ({ value: key as string, label: t(`portrait.by.${key}`) }))
  const groups = [
    { label: t('portrait.by_tags'), options: tags.map(({ name }) => ({ value: `tag=${name}`, label: name })) },
    { label: t('portrait.by_reached'), options: own(CHANNELS) },
    { label: t('portrait.by_bought'), options: own([...FIELDS, ...MEASURES]) },
    { label: t('portrait.by_states'), options: models.map((model) => ({ value: `state=${model.name}`, label: modelTitle(model, language) })) },
  ]
  return (
    <Field label={t('portrait.by')}>
      <Select
        aria-label={t('portrait.by')}
        mode="multiple"
        allowClear
        maxTagCount="responsive"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('portrait.by_usual')}
        value={value}
        options={groups.filter(({ options }) => options.length > 0)}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}
