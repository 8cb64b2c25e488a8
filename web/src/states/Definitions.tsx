// What the states mean: the same word is different things in different models, so the rules are printed.

import { Collapse } from 'antd'
import { Link } from 'react-router'
import type { StateModel } from '../api/types'
import { useBase } from '../app/useBase'
import { useSpeech } from '../i18n'
import { useRuleSaid } from '../model/useRuleSaid'
import { lookOf, type Looks } from './look'
import { Swatch } from './Swatch'

export function Definitions({ model, looks }: { model: StateModel; looks: Looks }) {
  const { t } = useSpeech()
  const said = useRuleSaid()
  const base = useBase()
  // Rules of a track's own are no model that could be opened.
  const hasName = model.preset || model.version > 0
  const rules = (
    <>
      <p className="quiet">
        {t('states.order_note')} {hasName && <Link to={`${base}/models/${encodeURIComponent(model.name)}`}>{t('states.open_model')}</Link>}
      </p>
      <dl className="definitions">
        {model.states.map(({ name, when }) => (
          <div key={name}>
            <dt>
              <Swatch look={lookOf(looks, name)} /> {lookOf(looks, name).title} <code>{name}</code>
            </dt>
            <dd>{said(when)}</dd>
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
