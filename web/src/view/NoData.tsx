// Where there is no event yet: what to do, instead of zeros without a reason.

import { Empty } from 'antd'
import type { Workspace } from '../api/types'
import { useSpeech } from '../i18n'

export const hasEvents = (workspace: Workspace): boolean => workspace.data?.events !== 0

export function NoData({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  if (hasEvents(workspace)) return null
  return (
    <Empty className="card" description={<strong>{t('states.empty.title')}</strong>}>
      <p className="quiet">{t('states.empty.body')}</p>
    </Empty>
  )
}
