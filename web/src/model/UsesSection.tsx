// Where a model is named: what follows it, and what stays with one of its versions.

import { Link } from 'react-router'
import { useBase } from '../app/useBase'
import { useSpeech } from '../i18n'
import type { Use } from './rules'

const PLACES: Record<Use['kind'], (name: string) => string> = {
  track: (name) => `tracks/${name}`,
  audience: (name) => `audiences/${name}/edit`,
  model: (name) => `models/${name}`,
}

export function UsesSection({ uses }: { uses: Use[] }) {
  const { t } = useSpeech()
  return (
    <section className="card" aria-labelledby="uses-title">
      <h2 id="uses-title">{t('uses.title')}</h2>
      {uses.length === 0 ? <p className="quiet">{t('uses.none')}</p> : <UseList uses={uses} />}
    </section>
  )
}

export function UseList({ uses }: { uses: Use[] }) {
  const { t } = useSpeech()
  const base = useBase()
  const kinds = (['track', 'audience', 'model'] as const).filter((kind) => uses.some((use) => use.kind === kind))
  return (
    <dl className="facts">
      {kinds.map((kind) => (
        <div key={kind} className="fact">
          <dt>{t(`uses.${kind}`)}</dt>
          <dd>
            <ul className="plain-list">
              {uses
                .filter((use) => use.kind === kind)
                .map(({ name, version }) => (
                  <li key={`${name} ${version}`}>
                    <Link to={`${base}/${PLACES[kind](encodeURIComponent(name))}`}>{name}</Link>
                    <span className="quiet">{version === undefined ? t('uses.follows') : t('uses.pinned', { version })}</span>
                  </li>
                ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  )
}
