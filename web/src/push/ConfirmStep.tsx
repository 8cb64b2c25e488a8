import { Alert, Button, Form, Input, InputNumber } from 'antd'
import type { Destination, People } from '../api/types'
import { Failure } from '../app/Failure'
import { inSentence } from '../format/day'
import { useSpeech } from '../i18n'
import { detailOf } from './DestinationStep'

interface Choices {
  name?: string
  holdout_percent?: number
}

interface Props {
  people: People
  destination: Destination
  name: string
  holdoutPercent: number
  isPending: boolean
  error: Error | null
  onBack: () => void
  onSend: (choices: Choices) => void
}

const MOST_HELD_OUT = 90

export function ConfirmStep({ people, destination, name, holdoutPercent, isPending, error, onBack, onSend }: Props) {
  const { t, language } = useSpeech()
  const [form] = Form.useForm<Choices>()
  const percent = Form.useWatch('holdout_percent', form) ?? 0
  const confirm = t('push.confirm', {
    count: people.count,
    date: inSentence(people.as_of, language),
    destination: destination.name,
    kind: `${t(`destination.kind.${destination.kind}`)} · ${detailOf(destination)}`,
  })
  const send = (choices: Choices) =>
    onSend({
      name: choices.name?.trim() || undefined,
      holdout_percent: choices.holdout_percent ? choices.holdout_percent : undefined,
    })
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ name, holdout_percent: holdoutPercent }} onFinish={send}>
      <p className="confirm">{confirm}</p>
      <Form.Item name="name" label={t('push.name')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="holdout_percent" label={t('push.holdout')} extra={t('push.holdout_help')}>
        <InputNumber min={0} max={MOST_HELD_OUT} suffix="%" />
      </Form.Item>
      {percent > 0 && <p className="quiet">{t('push.confirm_holdout', { percent })}</p>}
      <Alert type="warning" showIcon title={t('push.cannot_undo')} description={t('push.drift')} />
      {error && <Failure error={error} />}
      <div className="push-buttons">
        <Button type="primary" htmlType="submit" loading={isPending} data-testid="push-send">
          {t('push.send', { count: people.count })}
        </Button>
        <Button onClick={onBack}>{t('push.back')}</Button>
      </div>
    </Form>
  )
}
