// An error as the server says it: what is wrong, and what to do about it.

import { Alert, Button } from 'antd'
import { ApiError } from '../api/client'
import { useSpeech } from '../i18n'

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useSpeech()
  const help = error instanceof ApiError ? [error.help, error.at].filter(Boolean).join(' · ') : undefined
  return (
    <Alert
      type="error"
      showIcon
      title={error.message}
      description={help || undefined}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('app.retry')}
          </Button>
        )
      }
    />
  )
}
