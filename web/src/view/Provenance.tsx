// Where a page's figures come from, under its title: as of when, whose clock, how exact, how fresh, by which model.

import { Button, Tooltip } from 'antd'
import type { StateModel, Workspace } from '../api/types'
import { inZone } from '../format/day'
import { duration } from '../format/number'
import { useSpeech } from '../i18n'

interface Props {
  workspace: Workspace
  asOf?: string
  elapsed?: number
  model?: StateModel
  version?: number
  isUpdating?: boolean
  /** Events that came after the figures were counted. */
  newer?: number
  onRefresh?: () => void
}

/** Until when there are events; where a few clocks run ahead, the last day that the others have reached. */
function dataThrough({ data, timezone }: Workspace): string | null | undefined {
  if (data?.latest_day !== data?.last_day) return data?.latest_day
  return data?.last_time && inZone(data.last_time, timezone)
}

export function Provenance({ workspace, asOf, elapsed, model, version, isUpdating, newer = 0, onRefresh }: Props) {
  const { t } = useSpeech()
  const through = dataThrough(workspace)
  const name = model?.name ?? ''
  const facts = [
    asOf && t('provenance.as_of', { date: asOf }),
    workspace.timezone,
    asOf && t('provenance.exact'),
    elapsed !== undefined && duration(elapsed),
    through ? t('provenance.through', { time: through }) : t('provenance.no_data'),
    model && (version ? t('provenance.version', { model: name, version }) : t('provenance.shipped', { model: name })),
  ].filter(Boolean)
  return (
    <p className="provenance" data-testid="provenance">
      {facts.map((fact) => (
        <span key={String(fact)}>{fact}</span>
      ))}
      {model?.unverified && (
        <span>
          <Tooltip title={t('provenance.unverified_help')}>
            <span className="unverified" tabIndex={0}>
              {t('provenance.unverified')}
            </span>
          </Tooltip>
        </span>
      )}
      {isUpdating && <span role="status">{t('app.updating')}</span>}
      {newer > 0 && (
        <span>
          {t('app.newer', { n: newer })}{' '}
          <Button type="link" size="small" onClick={onRefresh}>
            {t('app.refresh')}
          </Button>
        </span>
      )}
    </p>
  )
}
