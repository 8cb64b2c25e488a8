// Whom a plan concerns: its audiences, and how its media lie over each other. Every number is a door.

import { Tag } from 'antd'
import { useAudiences } from '../api/queries'
import type { PlaybookPreview } from '../api/types'
import { useNames } from '../builder/useNames'
import { Count } from '../door/Count'
import { inSentence, type Day } from '../format/day'
import { useSpeech } from '../i18n'
import { standing, suffixOf, targetOf } from './play'
import { whoIn } from './told'

interface Props {
  preview: PlaybookPreview
  prefix: string
  asOf: Day
  open: string | null
  onOpen: (key: string) => void
}

export function Whom({ preview, prefix, open, onOpen }: Props) {
  const { t } = useSpeech()
  const names = useNames()
  const existing = useAudiences().data
  const { audiences, playbook } = preview
  const most = Math.max(1, ...audiences.map(({ count }) => count))
  const target = targetOf(preview)
  return (
    <section className="card" aria-labelledby="whom-title">
      <h2 id="whom-title">{t('play.people')}</h2>
      <ul className="play-audiences">
        {audiences.map((audience) => {
          const key = suffixOf(audience.name, prefix)
          const who = whoIn(playbook, audience, prefix, t, names)
          const state = existing && standing(audience, existing)
          const isTarget = audience === target
          return (
            <li key={audience.name}>
              <span>
                {isTarget ? <strong>{who}</strong> : who}
                <br />
                <code className="quiet">{audience.name}</code> {isTarget && <Tag color="blue">{t('play.target')}</Tag>}
                {state && <Tag className={state}>{t(`play.standing.${state}`)}</Tag>}
              </span>
              <span className="bar-track" aria-hidden>
                <i className={isTarget ? 'target' : undefined} style={{ width: `${(audience.count / most) * 100}%` }} />
              </span>
              <Count value={audience.count} isExact sentence={who} isOpen={open === key} onOpen={() => onOpen(key)} testId={`play-${key}`} />
            </li>
          )
        })}
      </ul>
      {target?.count === 0 && <p className="quiet hint">{t('play.nobody')}</p>}
    </section>
  )
}

export function Media({ preview, asOf, open, onOpen }: Props) {
  const { t, language } = useSpeech()
  const names = useNames()
  const { media = [], reach } = preview
  if (media.length === 0 || reach == null) return null
  const most = Math.max(1, ...media.map(({ count }) => count))
  const date = inSentence(asOf, language)
  return (
    <section className="card" aria-labelledby="media-title">
      <h2 id="media-title">{t('play.media')}</h2>
      <p className="quiet">{t('play.media_help')}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('play.media')}>
        <table className="grid texts play-media">
          <thead>
            <tr>
              <th scope="col">{t('play.medium')}</th>
              <td className="bar-cell" aria-hidden />
              <th scope="col">{t('play.reaches')}</th>
              <th scope="col">{t('play.only')}</th>
            </tr>
          </thead>
          <tbody>
            {media.map(({ name, count, only }) => {
              const medium = names.channel(name)
              return (
                <tr key={name}>
                  <th scope="row">{medium}</th>
                  <td className="bar-cell" aria-hidden>
                    <span className="bar-track">
                      <i className="only" style={{ width: `${(only / most) * 100}%` }} />
                      <i style={{ width: `${((count - only) / most) * 100}%` }} />
                    </span>
                  </td>
                  <td>
                    <Count value={count} isExact sentence={t('play.said_medium', { medium, date })} isOpen={open === `medium:${name}`} onOpen={() => onOpen(`medium:${name}`)} testId={`medium-${name}`} />
                  </td>
                  <td>
                    <Count value={only} isExact sentence={t('play.said_only', { medium, date })} isOpen={open === `only:${name}`} onOpen={() => onOpen(`only:${name}`)} testId={`only-${name}`} />
                  </td>
                </tr>
              )
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('play.any_medium')}</th>
              <td aria-hidden />
              <td>
                <Count value={reach} isExact sentence={t('play.said_reach', { date })} isOpen={open === 'reach'} onOpen={() => onOpen('reach')} testId="play-reach" />
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}
