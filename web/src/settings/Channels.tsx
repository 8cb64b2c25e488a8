// The tree of channels as it stands, parents above what belongs to them.

import { Skeleton } from 'antd'
import { useChannels } from '../api/audiences'
import { Failure } from '../app/Failure'
import { channelName } from '../builder/useNames'
import { useSpeech } from '../i18n'
import { isKey } from '../i18n/text'

export function Channels() {
  const { t, language } = useSpeech()
  const channels = useChannels()
  if (channels.error) return <Failure error={channels.error} onRetry={() => void channels.refetch()} />
  if (!channels.data) return <Skeleton active />
  const all = [...channels.data].sort((a, b) => (a.path < b.path ? -1 : 1))
  return (
    <section className="card">
      <p className="quiet">{t('settings.channels_intro')}</p>
      <table className="grid texts">
        <thead>
          <tr>
            <th scope="col">{t('settings.channel')}</th>
            <th scope="col">{t('settings.path')}</th>
            <th scope="col">{t('settings.role')}</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ path, role }) => {
            const key = `role.${role ?? ''}`
            const depth = path.split('.').length - 1
            return (
              <tr key={path}>
                <th scope="row" style={{ paddingInlineStart: 10 + depth * 24 }} className={depth === 0 ? 'entrance' : undefined}>
                  {channelName(path, all, language)}
                </th>
                <td className="text">
                  <code>{path}</code>
                </td>
                <td className="text">{path.startsWith('unmapped.') ? t('settings.unmapped') : isKey(key) ? t(key) : ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
