// The sets: how many each has, how many only it has, and how much of the whole that is.

import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import type { Common } from './Combinations'
import { columnsOf, writeOpen, type Open } from './overlap'

export function Sets({ answer, titles, open, onOpen, said, isStale, onRemove }: Common & { onRemove: (place: number) => void }) {
  const { t, percent, exact } = useSpeech()
  const door = (door: Open, value: number) => <Count value={value} isExact sentence={said(door)} isOpen={open === writeOpen(door)} onOpen={() => onOpen(door)} testId={`sets ${writeOpen(door)}`} />
  // A set that has nobody of its own has no such combination; nor has one beyond the limit.
  const columns = columnsOf(answer)
  const only = (place: number, value: number) => (columns.some(({ places }) => places.length === 1 && places[0] === place) ? door({ kind: 'only', places: [place] }, value) : exact(value))
  return (
    <section className={isStale ? 'card stale' : 'card'} aria-labelledby="sets-title">
      <div className="card-head">
        <h2 id="sets-title">{t('overlap.sets')}</h2>
      </div>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('overlap.sets')}>
        <table className="grid sets">
          <thead>
            <tr>
              <th scope="col">{t('overlap.set')}</th>
              <th scope="col">{t('overlap.people')}</th>
              <th scope="col">{t('overlap.of_union')}</th>
              <th scope="col">{t('overlap.only')}</th>
              <th scope="col">{t('overlap.only_share')}</th>
              <th scope="col">
                <span className="unseen">{t('overlap.remove_column')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.sets.map((set, place) => (
              <tr key={place}>
                <th scope="row" className="set-name" title={titles[place]}>
                  {titles[place]}
                </th>
                <td>{door({ kind: 'set', place }, set.size)}</td>
                <td>{percent(set.size, answer.union)}</td>
                <td>{only(place, set.only)}</td>
                <td>{percent(set.only, set.size)}</td>
                <td>
                  <Button type="text" size="small" aria-label={t('overlap.remove', { name: titles[place] ?? '' })} icon={<CloseOutlined aria-hidden />} onClick={() => onRemove(place)} />
                </td>
              </tr>
            ))}
            <tr className="sum">
              <th scope="row">{t('overlap.union')}</th>
              <td>{door({ kind: 'union' }, answer.union)}</td>
              <td>{percent(answer.union, answer.union)}</td>
              <td colSpan={3} className="quiet">
                {t('overlap.of_known', { share: percent(answer.union, answer.universe) })}
              </td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  )
}
