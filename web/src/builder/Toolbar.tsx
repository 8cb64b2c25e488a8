// Buttons for everything that keys and dragging do, on the chosen condition.

import {
  ArrowDownOutlined,
  ArrowLeftOutlined,
  ArrowRightOutlined,
  ArrowUpOutlined,
  DeleteOutlined,
  EditOutlined,
  GroupOutlined,
  PlusOutlined,
  RedoOutlined,
  StopOutlined,
  UndoOutlined,
  UngroupOutlined,
} from '@ant-design/icons'
import { Button, Dropdown, type MenuProps } from 'antd'
import type { ReactNode } from 'react'
import { useLists, useTags } from '../api/audiences'
import { useAudiences, useModels, useSnapshots } from '../api/queries'
import { useSpeech } from '../i18n'
import type { MessageKey } from '../i18n/text'
import { find, parentOf } from './edit'
import { canEdit } from './field/LeafEditor'
import { group, leaf, type Node } from './tree'
import type { Builder } from './useBuilder'

/** A menu that fits neither above nor below its button would jump between the two. */
const FITS = { maxHeight: '40vh', overflowY: 'auto' } as const

interface Props {
  builder: Builder
  /** The audience being edited, which cannot be a part of itself. */
  own: string | undefined
  isAdding: boolean
  setAdding: (isAdding: boolean) => void
}

export function Toolbar({ builder, own, isAdding, setAdding }: Props) {
  const { t } = useSpeech()
  const { focus, root } = builder
  const node = find(root, focus)
  const isRoot = focus === root.id
  const hasGroup = parentOf(root, focus) !== undefined
  const button = (title: MessageKey, icon: ReactNode, onClick: () => void, isDisabled = false) => (
    <Button type="text" aria-label={t(title)} title={t(title)} icon={icon} disabled={isDisabled} onClick={onClick} />
  )
  return (
    <div className="toolbar" role="toolbar" aria-label={t('builder.toolbar')}>
      <Add builder={builder} own={own} isAdding={isAdding} setAdding={setAdding} />
      {button('builder.edit', <EditOutlined aria-hidden />, () => builder.focusOn(focus, !builder.isEditing), !node || !canEdit(node))}
      {button('builder.not', <StopOutlined aria-hidden />, () => builder.negate(focus))}
      {button('builder.group', <GroupOutlined aria-hidden />, () => builder.enclose(focus))}
      {button('builder.ungroup', <UngroupOutlined aria-hidden />, () => builder.dissolve(focus), node?.kind !== 'group' && node?.kind !== 'wrap')}
      {button('builder.up', <ArrowUpOutlined aria-hidden />, () => builder.move(focus, 'up'), !hasGroup)}
      {button('builder.down', <ArrowDownOutlined aria-hidden />, () => builder.move(focus, 'down'), !hasGroup)}
      {button('builder.in', <ArrowRightOutlined aria-hidden />, () => builder.move(focus, 'in'), !hasGroup)}
      {button('builder.out', <ArrowLeftOutlined aria-hidden />, () => builder.move(focus, 'out'), !hasGroup)}
      {button('builder.remove', <DeleteOutlined aria-hidden />, () => builder.remove(focus), isRoot && node?.kind === 'group' && node.parts.length === 0)}
      <span className="toolbar-gap" />
      {button('builder.undo', <UndoOutlined aria-hidden />, builder.undo, !builder.canUndo)}
      {button('builder.redo', <RedoOutlined aria-hidden />, builder.redo, !builder.canRedo)}
    </div>
  )
}

/** What can be added here and now, each with values that make it count at once. */
function useAddable(own: string | undefined): [MessageKey, (() => Node) | undefined][] {
  const tag = useTags().data?.[0]?.name
  const list = useLists().data?.[0]?.name
  const audience = useAudiences().data?.find(({ name }) => name !== own)?.name
  const snapshot = useSnapshots().data?.[0]?.snapshot
  const model = useModels().data?.[0]
  const state = model?.states[0]?.name
  return [
    ['builder.add.did', () => leaf('did', { behavior: ['purchase'], within: { days: 30 } })],
    ['builder.add.tag', tag ? () => leaf('tag', { [tag]: { exists: true } }) : undefined],
    ['builder.add.state', model && state ? () => leaf('state', { model: model.name, scope: { workspace: true }, in: [state] }) : undefined],
    ['builder.add.list', list ? () => leaf('list', list) : undefined],
    ['builder.add.audience', audience ? () => leaf('audience', audience) : undefined],
    ['builder.add.snapshot', snapshot ? () => leaf('snapshot', snapshot) : undefined],
    ['builder.add.everyone', () => leaf('everyone', true)],
    ['builder.add.group', () => group('any', [])],
  ]
}

function Add({ builder, own, isAdding, setAdding }: Props) {
  const { t } = useSpeech()
  const addable = useAddable(own)
  const around: [MessageKey, () => void][] = [
    ['builder.add.at', () => builder.around('at', { at: { days_ago: 30 } })],
    ['builder.add.sample', () => builder.around('sample', { percent: 10, salt: 'weir' })],
  ]
  const items: MenuProps['items'] = [
    ...addable.map(([key, make]) => ({
      key,
      label: t(key),
      disabled: !make,
      title: make ? undefined : t('builder.none_to_add'),
      onClick: () => make && builder.add(make()),
    })),
    { type: 'group', label: t('builder.add.around'), children: around.map(([key, onClick]) => ({ key, label: t(key), onClick })) },
  ]
  return (
    <Dropdown trigger={['click']} open={isAdding} onOpenChange={setAdding} menu={{ items, style: FITS, onClick: () => setAdding(false) }} autoFocus>
      <Button type="primary" icon={<PlusOutlined aria-hidden />} aria-haspopup="menu" aria-expanded={isAdding}>
        {t('builder.add')} <kbd aria-hidden>A</kbd>
      </Button>
    </Dropdown>
  )
}
