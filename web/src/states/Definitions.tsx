// What the states mean: the same word is different things in different models, so the rules are printed.

import { Collapse } from 'antd'
import type { StateModel } from '../api/types'
import { useSpeech } from '../i18n'
import { lookOf, type Looks } from './look'
import { Swatch } from './Swatch'

export function Definitions({ model, looks }: { model: StateModel; looks: Looks }) {
  const { t } = useSpeech()
  const rules = (
    <>
      <p className="quiet">{t('states.order_note')}</p>
      <dl className="definitions">
        {model.states.map(({ name, when }) => (
          <div key={name}>
            <dt>
              <Swatch look={lookOf(looks, name)} /> {lookOf(looks, name).title} <code>{name}</code>
            </dt>
            <dd>
              <code>{JSON.stringify(when)}</code>
            </dd>
          </div>
        ))}
        <div>
          <dt>
            <Swatch look={lookOf(looks, 'none')} /> {lookOf(looks, 'none').title} <code>none</code>
          </dt>
          <dd>{t('states.none_definition')}</dd>
        </div>
      </dl>
    </>
  )
  return <Collapse className="card-plain" items={[{ key: 'rules', label: t('states.definitions'), children: rules }]} />
}
