// Takes the links between two identifiers out of account, or back, after saying what that does.

import { Alert, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useStateLinks } from '../api/consumers'
import type { ConsumerLink } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n'
import { kindName } from './kind'

export function LinkDialog({ link, onClose }: { link: ConsumerLink; onClose: () => void }) {
  const { t } = useSpeech()
  const counts = link.state === 'unlinked'
  const stated = useStateLinks(counts)
  const [reason, setReason] = useState('')
  const spell = ({ kind, value }: { kind: string; value: string }) => `${kindName(kind, t)} ${value}`
  const between = { a: spell(link.a), b: spell(link.b) }
  const submit = () => stated.mutate({ a: link.a_key, b: link.b_key, reason: reason.trim() || undefined })
  return (
    <Modal
      open
      title={t(counts ? 'consumer.relink_title' : 'consumer.unlink_title')}
      okText={t(stated.data ? 'app.close' : counts ? 'consumer.relink' : 'consumer.unlink')}
      okButtonProps={{ danger: !counts && !stated.data }}
      cancelButtonProps={{ style: stated.data && { display: 'none' } }}
      cancelText={t('consumer.cancel')}
      confirmLoading={stated.isPending}
      onOk={stated.data ? onClose : submit}
      onCancel={onClose}
    >
      <p>{t(counts ? 'consumer.relink_does' : 'consumer.unlink_does', between)}</p>
      {!stated.data && (
        <Form layout="vertical">
          <Form.Item label={t('consumer.reason')}>
            <Input value={reason} maxLength={500} placeholder={t('consumer.reason_example')} onChange={({ target }) => setReason(target.value)} />
          </Form.Item>
        </Form>
      )}
      {stated.error && <Failure error={stated.error} />}
      {stated.data && <Alert type="success" showIcon title={t(outcome(counts, stated.data.one_person))} />}
    </Modal>
  )
}

/** Other links may still join the two, or theirs may join nobody: then the statement alone has changed nothing. */
function outcome(counts: boolean, isOnePerson: boolean) {
  if (counts) return isOnePerson ? 'consumer.now_one' : 'consumer.still_two'
  return isOnePerson ? 'consumer.still_one' : 'consumer.now_two'
}
