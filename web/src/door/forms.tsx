// Keeping people: as an audience, which is evaluated anew for each date, or locked, which is for ever these.

import { Alert, Button, Flex, Form, Input } from 'antd'
import { useFreeze, useSaveAudience } from '../api/queries'
import type { People } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n'
import { writeWho } from '../view/view'

interface Props {
  people: People
  name: string
  onFollow: (who: string) => void
}

interface Named {
  name: string
}

/** Longest name that the server takes. */
const LONGEST = 200

function NameForm({ name, submit, isPending, error, onSubmit }: {
  name: string
  submit: string
  isPending: boolean
  error: Error | null
  onSubmit: (name: string) => void
}) {
  const { t } = useSpeech()
  return (
    <Form layout="vertical" requiredMark={false} initialValues={{ name }} onFinish={({ name }: Named) => onSubmit(name.trim())}>
      <Form.Item name="name" label={t('door.name')} rules={[{ required: true, whitespace: true, message: t('door.name_empty') }]}>
        <Input autoFocus maxLength={LONGEST} />
      </Form.Item>
      {error && (
        <Form.Item>
          <Failure error={error} />
        </Form.Item>
      )}
      <Button type="primary" ghost htmlType="submit" loading={isPending}>
        {submit}
      </Button>
    </Form>
  )
}

export function SaveForm({ people, name, description, onFollow }: Props & { description: string }) {
  const { t } = useSpeech()
  const save = useSaveAudience()
  if (save.data) {
    const saved = save.data.name
    return (
      <Alert
        type="success"
        showIcon
        title={t('door.saved', { name: saved })}
        description={t('door.saved_help')}
        action={
          <Button size="small" onClick={() => onFollow(writeWho({ kind: 'audience', name: saved }))}>
            {t('door.follow')}
          </Button>
        }
      />
    )
  }
  return (
    <NameForm
      name={name}
      submit={t('door.save_submit')}
      isPending={save.isPending}
      error={save.error}
      onSubmit={(name) => save.mutate({ name, expression: people.expression, description })}
    />
  )
}

export function FreezeForm({ people, name, onFollow, onTrack }: Props & { onTrack: (locked: People, name: string) => void }) {
  const { t } = useSpeech()
  const freeze = useFreeze()
  if (freeze.data) {
    const { name, size, snapshot } = freeze.data
    // Exactly these, by their snapshot: nobody has to be locked a second time.
    const locked: People = { ...people, expression: { snapshot } as unknown as People['expression'], count: size }
    return (
      <Alert
        type="success"
        showIcon
        title={t('door.frozen', { name, count: size })}
        action={
          <Flex vertical gap={6}>
            <Button size="small" type="primary" ghost onClick={() => onTrack(locked, name)}>
              {t('door.track')}
            </Button>
            <Button size="small" onClick={() => onFollow(writeWho({ kind: 'snapshot', id: snapshot }))}>
              {t('door.follow')}
            </Button>
          </Flex>
        }
      />
    )
  }
  return (
    <NameForm
      name={name}
      submit={t('door.freeze_submit')}
      isPending={freeze.isPending}
      error={freeze.error}
      onSubmit={(name) => freeze.mutate({ name, as_of: people.as_of, expression: people.expression })}
    />
  )
}
