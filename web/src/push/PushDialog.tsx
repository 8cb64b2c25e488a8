// Hands people to a destination in three steps: where to, sure?, what became of it.

import { Button, Modal, Steps } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useDestinations, usePush, useStartPush, useWorkspace } from '../api/queries'
import { fileUrl } from '../api/client'
import type { Destination, People, Push } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n'
import { ConfirmStep } from './ConfirmStep'
import { DestinationStep } from './DestinationStep'
import { Ledger } from './Ledger'

/** What a plan has chosen already; all of it can be changed, but the salt, which keeps the same people held out. */
export interface PushPlan {
  destination?: string
  holdoutPercent?: number
  salt?: string
}

interface Props {
  people: People
  name: string
  plan?: PushPlan
  onClose: () => void
}

export function PushDialog({ people, name, plan, onClose }: Props) {
  const { t } = useSpeech()
  const destinations = useDestinations()
  const kinds = useWorkspace().data?.identity.priority ?? []
  const start = useStartPush()
  const [destination, setDestination] = useState<Destination>()
  const step = start.data ? 2 : destination ? 1 : 0
  return (
    <Modal open onCancel={onClose} footer={null} title={t('push.title')} width={620} mask={{ closable: false }} className="push-dialog">
      <Steps
        size="small"
        current={step}
        items={(['destination', 'confirm', 'ledger'] as const).map((name) => ({ title: t(`push.step.${name}`) }))}
      />
      <div className="push-step">
        {destinations.error && <Failure error={destinations.error} onRetry={() => void destinations.refetch()} />}
        {step === 0 && destinations.data && <DestinationStep destinations={destinations.data} first={plan?.destination} kinds={kinds} onChoose={setDestination} />}
        {step === 1 && destination && (
          <ConfirmStep
            people={people}
            destination={destination}
            name={name}
            holdoutPercent={plan?.holdoutPercent ?? 0}
            isPending={start.isPending}
            error={start.error}
            onBack={() => {
              start.reset()
              setDestination(undefined)
            }}
            onSend={(choices) =>
              start.mutate({
                expression: people.expression,
                as_of: people.as_of,
                destination: destination.name,
                expected_count: people.count,
                salt: plan?.salt,
                ...choices,
              })
            }
          />
        )}
        {step === 2 && start.data && <LedgerStep push={start.data} kind={destination?.kind} onClose={onClose} />}
      </div>
    </Modal>
  )
}

function LedgerStep({ push, kind, onClose }: { push: Push; kind: string | undefined; onClose: () => void }) {
  const { t } = useSpeech()
  const { workspace = '' } = useParams()
  const live = usePush(push.push)
  const now = live.data ?? push
  return (
    <>
      <Ledger push={now} />
      <div className="push-buttons">
        {kind === 'file' && now.state === 'done' && (
          <Button type="primary" href={fileUrl(`/pushes/${encodeURIComponent(now.push)}/file`)} download>
            {t('push.download')}
          </Button>
        )}
        <Link to={`/w/${encodeURIComponent(workspace)}/pushes/${encodeURIComponent(now.push)}`}>{t('push.open')}</Link>
        <Button onClick={onClose}>{t('push.done')}</Button>
      </div>
    </>
  )
}
