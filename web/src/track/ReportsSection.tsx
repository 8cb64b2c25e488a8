// Reports: written when the track is refreshed, by hand or by its schedule; and downloaded.

import { DownloadOutlined, ReloadOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { fileUrl } from '../api/client'
import { trackPath, useRefreshTrack, useReports } from '../api/tracks'
import type { Track } from '../api/types'
import { Failure } from '../app/Failure'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'

export function ReportsSection({ track, to, zone }: { track: Track; to: string; zone: string }) {
  const { t, exact } = useSpeech()
  const { message } = App.useApp()
  const reports = useReports(track.name)
  const refresh = useRefreshTrack()
  const onRefresh = () =>
    refresh.mutate(
      { name: track.name, to },
      { onSuccess: ({ reports }) => message.success(t('reports.refreshed', { n: reports.length, date: to })) },
    )
  const items = reports.data ?? []
  return (
    <section className="card" aria-labelledby="reports-title">
      <div className="card-head">
        <h2 id="reports-title">{t('reports.title')}</h2>
        <Button size="small" icon={<ReloadOutlined aria-hidden />} loading={refresh.isPending} onClick={onRefresh}>
          {t('reports.refresh', { date: to })}
        </Button>
      </div>
      {refresh.error && <Failure error={refresh.error} />}
      {reports.error && <Failure error={reports.error} />}
      {items.length === 0 && <p className="quiet">{t(track.report.length === 0 ? 'reports.no_format' : 'reports.none')}</p>}
      <ul className="plain-list reports">
        {items.map(({ id, as_of, format, bytes, created }) => (
          <li key={id}>
            <a href={fileUrl(`${trackPath(track.name)}/reports/${id}`)} download={`${track.name}-${as_of}.${format}`}>
              <DownloadOutlined aria-hidden /> {as_of} · {format.toUpperCase()}
            </a>
            <span className="quiet figure">
              {t('reports.size', { kb: exact(Math.max(1, Math.round(bytes / 1000))), created: inZone(created, zone) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
