import { Badge } from 'antd'
import { useSpeech } from '../i18n'
import { age, type State } from './age'

const DOTS = { live: 'success', quiet: 'default', waiting: 'processing', disabled: 'warning', revoked: 'warning' } as const

export function SourceTag({ state }: { state: State }) {
  const { t } = useSpeech()
  return <Badge status={DOTS[state]} text={t(`sources.state.${state}`)} />
}

/** How long ago something became durable. */
export function Age({ seconds }: { seconds: number | undefined }) {
  const { t } = useSpeech()
  return seconds === undefined ? t('sources.never') : t('sources.ago', { ...age(seconds) })
}
