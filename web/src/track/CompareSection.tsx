// This track beside another one under the same rules: by how much the shares of states differ, date by date.

import { Select, Skeleton } from 'antd'
import { useTrackComparison, useTracks } from '../api/tracks'
import type { Track, TrackComparison } from '../api/types'
import { Failure } from '../app/Failure'
import { points } from '../format/number'
import { useSpeech } from '../i18n'
import { countedAt } from '../states/area'
import { lookOf } from '../states/look'
import type { Section } from '../states/section'
import { Swatch } from '../states/Swatch'
import { Field } from '../view/Filters'
import { useAddress } from '../view/useAddress'

interface Props extends Section {
  track: Track
  to: string
}

export function CompareSection({ track, to, ...section }: Props) {
  const { t } = useSpeech()
  const [query, setQuery] = useAddress()
  const other = query.get('with') ?? undefined
  const tracks = useTracks().data ?? []
  const compared = useTrackComparison(track.name, other, to)
  const others = tracks.filter(({ name }) => name !== track.name)
  return (
    <section className="card" aria-labelledby="compare-title">
      <h2 id="compare-title">{t('track.compare')}</h2>
      <p className="quiet">{t('track.compare_help')}</p>
      <Field label={t('track.compare_with')}>
        <Select
          aria-label={t('track.compare_with')}
          allowClear
          showSearch
          value={other}
          disabled={others.length === 0}
          placeholder={t(others.length === 0 ? 'track.no_other' : 'track.choose_other')}
          options={others.map(({ name }) => ({ value: name, label: name }))}
          onChange={(next?: string) => setQuery({ with: next ?? null })}
        />
      </Field>
      {compared.error && <Failure error={compared.error} />}
      {other && compared.isPending && <Skeleton active paragraph={{ rows: 3 }} title={false} />}
      {other && compared.data && <Compared {...section} of={compared.data} />}
    </section>
  )
}

function Compared({ of, names, looks }: Section & { of: TrackComparison }) {
  const { t, percent } = useSpeech()
  const shown = of.difference.map(({ date, points }, i) => ({ date, points, a: of.states_a.at[i], b: of.states_b.at[i] }))
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('track.compare')}>
      <table className="grid" data-testid="compared-tracks">
        <thead>
          <tr>
            <th scope="col">{t('area.date')}</th>
            {names.map((state) => (
              <th key={state} scope="col">
                <Swatch look={lookOf(looks, state)} /> {lookOf(looks, state).title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.toReversed().map(({ date, points: by, a, b }) => (
            <tr key={date}>
              <th scope="row">{date}</th>
              {names.map((state) => {
                const difference = by[state]
                const share = (at: typeof a) => (at ? percent(at.states[state] ?? 0, countedAt(at)) : '–')
                return (
                  <td key={state} title={t('track.compared_cell', { a: of.a, b: of.b, share_a: share(a), share_b: share(b) })}>
                    <span className="quiet">
                      {share(a)} · {share(b)}
                    </span>{' '}
                    <b>{difference === null || difference === undefined ? '–' : t('states.change', { points: points(0, difference / 100) })}</b>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
