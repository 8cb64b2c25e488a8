// Whoever came in by the first-run link is offered a password: the link works once, and a session ends.

import { Alert, Button } from 'antd'
import { useState } from 'react'
import { usePassword } from '../api/settings'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { useSpeech } from '../i18n'

const STORED = 'weir.password.later'

export function OfferPassword() {
  const { t } = useSpeech()
  const base = useBase()
  const password = usePassword().data
  const [isLater, setLater] = useState(() => localStorage.getItem(STORED) !== null)
  if (isLater || !password || password.set) return null
  const later = () => {
    localStorage.setItem(STORED, 'yes')
    setLater(true)
  }
  return (
    <Alert
      type="info"
      className="offer"
      showIcon
      title={t('password.offer')}
      description={t('password.offer_help')}
      action={
        <div className="card-controls">
          <LinkButton type="primary" to={`${base}/settings?tab=password`}>
            {t('password.set')}
          </LinkButton>
          <Button onClick={later}>{t('password.later')}</Button>
        </div>
      }
    />
  )
}
