// The conditions as a tree: one stop for Tab, keys for everything, and rows that can be dragged.

import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import type { Branch } from '../api/types'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { childrenOf, type Where } from './edit'
import { Editor } from './field/LeafEditor'
import type { Names } from './grammar/names'
import { Row } from './Row'
import { titleOf } from './title'
import type { Node } from './tree'
import { neighbour, type Builder } from './useBuilder'
import type { Counts } from './useCounts'

export interface TreeProps {
  builder: Builder
  counts: Counts
  names: Names
  asOf: Day
  /** How a person meets each node, where somebody asked. */
  verdicts: ReadonlyMap<number, Branch>
  /** The node that a phrase of the sentence points at. */
  lit: number | undefined
  onAdd: () => void
  onJson: () => void
}

export interface Drop {
  id: number
  where: Where
}

export function TreeView(props: TreeProps) {
  const { t } = useSpeech()
  const { builder, counts, onAdd, onJson } = props
  const tree = useRef<HTMLUListElement>(null)
  const [drop, setDrop] = useState<Drop>()
  const [dragged, setDragged] = useState<number>()

  /** Whether the focus must follow the chosen row, which may be another element now. */
  const follows = useRef(false)
  useEffect(() => {
    const active = document.activeElement
    const chosen = tree.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')
    // Undoing may have chosen another row than the one that the keys would speak to.
    const isOnAnother = active !== chosen && active?.getAttribute('role') === 'treeitem' && tree.current?.contains(active)
    if (follows.current || isOnAnother) chosen?.focus()
    follows.current = false
  })

  const go = (id: number) => {
    builder.focusOn(id)
    tree.current?.querySelector<HTMLElement>(`[data-node="${id}"]`)?.focus()
  }
  const commands: Record<string, (id: number) => void> = {
    Enter: (id) => builder.focusOn(id, !builder.isEditing),
    a: onAdd,
    g: builder.enclose,
    u: builder.dissolve,
    n: builder.negate,
    j: onJson,
    Delete: builder.remove,
    Backspace: builder.remove,
  }
  const moves: Record<string, 'up' | 'down' | 'in' | 'out'> = { ArrowUp: 'up', ArrowDown: 'down', ArrowRight: 'in', ArrowLeft: 'out' }
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of a field within a row are the field's own.
    const item = event.target as HTMLElement
    if (item.getAttribute('role') !== 'treeitem') return
    if (event.metaKey || event.ctrlKey) return
    const id = builder.focus
    follows.current = !['a', 'A', 'j', 'J', 'Enter', 'Tab'].includes(event.key)
    const direction = moves[event.key]
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    const next = neighbour(builder.root, id, event.key)
    if (event.altKey && direction) builder.move(id, direction)
    else if (event.altKey) return
    else if (command) command(id)
    else if (next !== undefined) go(next)
    else return
    event.preventDefault()
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    if (dragged !== undefined && drop) builder.drop(dragged, drop.id, drop.where)
    setDrop(undefined)
    setDragged(undefined)
  }
  return (
    <ul
      ref={tree}
      className="tree"
      role="tree"
      aria-label={t('builder.tree')}
      data-rev={counts.revision}
      data-stale={counts.isStale}
      onKeyDown={onKeyDown}
      onDragOver={(event) => drop && event.preventDefault()}
      onDrop={onDrop}
      onDragEnd={() => {
        setDrop(undefined)
        setDragged(undefined)
      }}
    >
      <Item {...props} node={builder.root} level={1} index={0} of={1} parent={undefined} drop={drop} setDrop={setDrop} setDragged={setDragged} go={go} />
    </ul>
  )
}

export interface ItemProps extends TreeProps {
  node: Node
  level: number
  index: number
  of: number
  parent: Node | undefined
  drop: Drop | undefined
  setDrop: (drop: Drop | undefined) => void
  setDragged: (id: number | undefined) => void
  go: (id: number) => void
}

function Item(props: ItemProps) {
  const { t, language, exact } = useSpeech()
  const { node, level, index, of, builder, counts, names, asOf, drop, lit, verdicts } = props
  const children = childrenOf(node)
  const isFocus = builder.focus === node.id
  const count = counts.of.get(node.id)
  const label = t('builder.row', { what: titleOf(node, language, names), count: count === undefined ? 'none' : exact(count) })
  const isIn = verdicts.get(node.id)?.member
  const verdict = isIn === undefined ? '' : `, ${t(isIn ? 'why.is_in' : 'why.is_out')}`
  return (
    <li
      role="treeitem"
      aria-label={label + verdict}
      aria-level={level}
      aria-posinset={index + 1}
      aria-setsize={of}
      aria-selected={isFocus}
      aria-expanded={children.length > 0 ? true : undefined}
      tabIndex={isFocus ? 0 : -1}
      data-node={node.id}
      className={['item', lit === node.id && 'lit', drop?.id === node.id && `drop-${drop.where}`].filter(Boolean).join(' ')}
      onFocus={(event) => {
        if (event.target !== event.currentTarget) return
        if (!isFocus) builder.focusOn(node.id)
      }}
    >
      <Row {...props} isFocus={isFocus} count={count} />
      {isFocus && builder.isEditing && (
        <EditorBox
          onClose={() => {
            builder.focusOn(node.id, false)
            props.go(node.id)
          }}
        >
          <Editor node={node} today={asOf} onValue={(value) => builder.setValue(node.id, value)} onRest={(rest) => builder.setRest(node.id, rest)} />
        </EditorBox>
      )}
      {children.length > 0 && (
        <ul role="group" className="branch">
          {children.map((child, i) => (
            <Item key={child.id} {...props} node={child} level={level + 1} index={i} of={children.length} parent={node} />
          ))}
        </ul>
      )}
      {node.kind === 'group' && children.length === 0 && (
        <p className="quiet empty-group">{t(node.op === 'all' || node.op === 'minus' ? 'builder.empty_all' : 'builder.empty_any')}</p>
      )}
    </li>
  )
}

/** The fields of the chosen row. Whoever opens them is in the first one; Escape leads back to the row. */
function EditorBox({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, button')?.focus()
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const isListOpen = document.querySelector('.ant-select-dropdown:not(.ant-select-dropdown-hidden), .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)')
    if (event.key !== 'Escape' || isListOpen) return
    event.stopPropagation()
    onClose()
  }
  return (
    <div ref={box} className="editor" onKeyDown={onKeyDown}>
      {children}
    </div>
  )
}
