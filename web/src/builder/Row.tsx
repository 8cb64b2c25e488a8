// One line of the tree: the word that joins it, what it says, how many it has.

import { CheckOutlined, CloseOutlined, HolderOutlined, LockOutlined, WarningOutlined } from '@ant-design/icons'
import { Select, Tooltip } from 'antd'
import type { DragEvent } from 'react'
import { useSpeech } from '../i18n'
import { Count } from '../door/Count'
import { canEdit } from './field/LeafEditor'
import { titleOf } from './title'
import { OPS, type Node, type Op } from './tree'
import type { ItemProps } from './TreeView'
import type { Where } from './edit'

interface Props extends ItemProps {
  isFocus: boolean
  count: number | undefined
}

export function Row(props: Props) {
  const { t } = useSpeech()
  const { node, builder, parent, index, isFocus, setDrop, setDragged, verdicts } = props
  const isRoot = parent === undefined
  const isIn = verdicts.get(node.id)?.member
  const painted = isIn === undefined ? '' : isIn ? 'is-in' : 'is-out'
  const onDragOver = (event: DragEvent<HTMLElement>) => {
    event.preventDefault()
    event.stopPropagation()
    setDrop({ id: node.id, where: whereOf(event, isRoot) })
  }
  return (
    <div className={['row', isFocus && 'chosen', painted].filter(Boolean).join(' ')} onDragOver={onDragOver} onClick={() => builder.focus !== node.id && builder.focusOn(node.id)}>
      <span
        className={isRoot ? 'handle hidden' : 'handle'}
        draggable={!isRoot}
        title={t('builder.drag')}
        aria-hidden
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move'
          event.dataTransfer.setData('text/plain', String(node.id))
          setDragged(node.id)
        }}
      >
        <HolderOutlined />
      </span>
      <Joint parent={parent} index={index} />
      {isIn !== undefined && <Verdict isIn={isIn} />}
      <What {...props} />
      <Figure {...props} />
    </div>
  )
}

/** The upper part of a row means before it, the lower part after it, the middle into it. */
function whereOf(event: DragEvent<HTMLElement>, isRoot: boolean): Where {
  if (isRoot) return 'into'
  const { top, height } = event.currentTarget.getBoundingClientRect()
  const part = (event.clientY - top) / height
  if (part < 0.3) return 'before'
  return part > 0.7 ? 'after' : 'into'
}

function Joint({ parent, index }: { parent: Node | undefined; index: number }) {
  const { t } = useSpeech()
  if (parent?.kind !== 'group' || index === 0) return null
  return <span className={`joint ${parent.op}`}>{t(`builder.word.${parent.op}`)}</span>
}

function Verdict({ isIn }: { isIn: boolean }) {
  const { t } = useSpeech()
  return <span className="verdict" title={t(isIn ? 'why.is_in' : 'why.is_out')}>{isIn ? <CheckOutlined /> : <CloseOutlined />}</span>
}

function What({ node, builder, names, go }: Props) {
  const { t, language } = useSpeech()
  const title = titleOf(node, language, names)
  if (node.kind === 'group') {
    return (
      <Select<Op>
        aria-label={t('builder.op')}
        className="op"
        size="small"
        value={node.op}
        options={OPS.map((op) => ({ value: op, label: t(`builder.op.${op}`) }))}
        onChange={(op) => builder.setOp(node.id, op)}
        popupMatchSelectWidth={false}
      />
    )
  }
  if (!canEdit(node)) return <strong className="what">{title}</strong>
  const isOpen = builder.focus === node.id && builder.isEditing
  return (
    <button
      type="button"
      className={node.kind === 'card' ? 'what card-json' : 'what'}
      tabIndex={-1}
      aria-expanded={isOpen}
      title={t('builder.edit')}
      onClick={(event) => {
        event.stopPropagation()
        go(node.id)
        builder.focusOn(node.id, !isOpen)
      }}
    >
      {node.kind === 'card' && <LockOutlined aria-hidden />}
      {title}
    </button>
  )
}

function Figure({ node, builder, counts, count, names, asOf }: Props) {
  const { t, language } = useSpeech()
  if (count === undefined) return <span className="quiet node-count">{counts.isStale ? '…' : '–'}</span>
  const isEmpty = count === 0
  return (
    <span className={['node-count', counts.isStale && 'held', isEmpty && 'emptied'].filter(Boolean).join(' ')}>
      {isEmpty && (
        <Tooltip title={t('builder.nobody')}>
          <WarningOutlined aria-label={t('builder.nobody')} />
        </Tooltip>
      )}
      <Count
        value={count}
        isExact
        sentence={`${titleOf(node, language, names)} · ${t('provenance.as_of', { date: asOf })}${counts.isStale ? ` · ${t('app.updating')}` : ''}`}
        onOpen={() => builder.focusOn(node.id)}
      />
    </span>
  )
}
