// Pushes that the person was in, and what became of them there.

import { Badge } from 'antd'
import { Link } from 'react-router'
import type { ConsumerPush } from '../api/types'
import { useBase } from '../app/useBase'
import { inZone } from '../format/day'
import { useSpeech } from '../i18n'

const DOTS: Record<ConsumerPush['outcome'], 'success' | 'error' | 'warning' | 'processing' | 'default'> = {
  sent: 'success',
  failed: 'error',
  unknown: 'warning',
  pending: 'processing',
  suppressed: 'default',
  holdout: 'default',
}

export function Pushes({ pushes, zone }: { pushes: readonly Omit<ConsumerPush, 'outcome'>[]; zone: string }) {
  const { t } = useSpeech()
  return (
    <section className="card" aria-labelledby="pushes-title">
      <h2 id="pushes-title">{t('consumer.pushes')}</h2>
      {pushes.length === 0 && <p className="quiet hint">{t('consumer.no_pushes')}</p>}
      <ul className="consumer-pushes" data-testid="consumer-pushes">
        {(pushes as readonly ConsumerPush[]).map((push) => (
          <PushRow key={`${push.push} ${push.consumer.value}`} push={push} zone={zone} />
        ))}
      </ul>
    </section>
  )
}

function PushRow({ push, zone }: { push: ConsumerPush; zone: string }) {
  const { t } = useSpeech()
  const base = useBase()
  return (
    <li data-push={push.push} data-outcome={push.outcome}>
      <div>
        <Link to={`${base}/pushes/${encodeURIComponent(push.push)}`}>{push.name || push.push}</Link>
        <Badge status={DOTS[push.outcome]} text={t(`outcome.${push.outcome}`)} />
      </div>
      <p className="quiet figure">
        {inZone(push.created, zone)} · {push.destination}
        {push.reason && ` · ${push.reason}`}
      </p>
    </li>
  )
}
