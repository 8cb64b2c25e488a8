// Changes to a tree. Each answers a new tree, or the same one where there is nothing to do; nodes keep their numbers.

import { group, wrap, type Group, type Node, type Op } from './tree'

export type Direction = 'up' | 'down' | 'in' | 'out'
export type Where = 'before' | 'after' | 'into'

export function childrenOf(node: Node): Node[] {
  if (node.kind === 'group') return node.parts
  return node.kind === 'wrap' ? [node.of] : []
}

export function find(root: Node, id: number): Node | undefined {
  if (root.id === id) return root
  for (const child of childrenOf(root)) {
    const found = find(child, id)
    if (found) return found
  }
  return undefined
}

/** The node above, and the place below it. */
export function parentOf(root: Node, id: number): { parent: Node; index: number } | undefined {
  const children = childrenOf(root)
  const index = children.findIndex((child) => child.id === id)
  if (index >= 0) return { parent: root, index }
  for (const child of children) {
    const found = parentOf(child, id)
    if (found) return found
  }
  return undefined
}

export interface Line {
  node: Node
  level: number
  /** Among its siblings. */
  index: number
  of: number
}

/** All nodes from top to bottom, as they are shown. */
export function lines(root: Node): Line[] {
  const walk = (node: Node, level: number, index: number, of: number): Line[] => {
    const children = childrenOf(node)
    return [{ node, level, index, of }, ...children.flatMap((child, i) => walk(child, level + 1, i, children.length))]
  }
  return walk(root, 1, 0, 1)
}

export function replace(root: Node, id: number, change: (node: Node) => Node): Node {
  if (root.id === id) return change(root)
  if (root.kind === 'group') return kept(root, root.parts.map((part) => replace(part, id, change)))
  if (root.kind !== 'wrap') return root
  const of = replace(root.of, id, change)
  return of === root.of ? root : { ...root, of }
}

/** What did not change stays the same object, so that it need not be drawn again. */
function kept(node: Group, parts: Node[]): Group {
  return parts.every((part, i) => part === node.parts[i]) ? node : { ...node, parts }
}

function insert(root: Node, parent: Group, index: number, node: Node): Node {
  return replace(root, parent.id, () => ({ ...parent, parts: parent.parts.toSpliced(index, 0, node) }))
}

/** The group that a node is put into when it is added at another one. */
function groupAt(node: Node): Group | undefined {
  if (node.kind === 'group') return node
  return node.kind === 'wrap' ? groupAt(node.of) : undefined
}

/** Adds into the group chosen, or beside the leaf chosen. */
export function add(root: Node, at: number, node: Node): Node {
  const target = find(root, at)
  if (!target) return root
  const into = groupAt(target)
  if (into) return insert(root, into, into.parts.length, node)
  const place = parentOf(root, at)
  if (place?.parent.kind === 'group') return insert(root, place.parent, place.index + 1, node)
  return place?.parent.kind === 'wrap' ? add(root, place.parent.id, node) : replaceWrapped(root, at, node)
}

/** The outermost of the nodes around a single one takes a sibling, by a group of both. */
function replaceWrapped(root: Node, at: number, node: Node): Node {
  return replace(root, at, (target) => group('all', [target, node]))
}

export function remove(root: Node, id: number): Node {
  if (root.id === id) return group('all', [])
  const place = parentOf(root, id)
  if (!place) return root
  const { parent } = place
  if (parent.kind === 'wrap') return remove(root, parent.id)
  return replace(root, parent.id, () => ({ ...(parent as Group), parts: (parent as Group).parts.filter((part) => part.id !== id) }))
}

/** The operation that is not the one around it, which would change nothing. */
function otherOp(root: Node, id: number): Op {
  const parent = parentOf(root, id)?.parent
  return parent?.kind === 'group' && parent.op === 'all' ? 'any' : 'all'
}

export function enclose(root: Node, id: number): Node {
  const op = otherOp(root, id)
  return replace(root, id, (node) => group(op, [node]))
}

/** Takes away what is around its parts: they go to the group above. */
export function dissolve(root: Node, id: number): Node {
  const node = find(root, id)
  if (!node) return root
  if (node.kind === 'wrap') return replace(root, id, () => node.of)
  if (node.kind !== 'group') return root
  const [only] = node.parts
  if (only && node.parts.length === 1) return replace(root, id, () => only)
  const place = parentOf(root, id)
  if (place?.parent.kind !== 'group') return root
  const { parent, index } = place
  return replace(root, parent.id, () => ({ ...parent, parts: parent.parts.toSpliced(index, 1, ...node.parts) }))
}

export function negate(root: Node, id: number): Node {
  const node = find(root, id)
  if (node?.kind === 'wrap' && node.wrap === 'not') return replace(root, id, () => node.of)
  const parent = parentOf(root, id)?.parent
  if (parent?.kind === 'wrap' && parent.wrap === 'not') return replace(root, parent.id, () => parent.of)
  return replace(root, id, (inner) => wrap('not', {}, inner))
}

export function setOp(root: Node, id: number, op: Op): Node {
  return replace(root, id, (node) => (node.kind === 'group' ? { ...node, op } : node))
}

/** What moves along with a node: it and everything directly around it. */
function outermost(root: Node, id: number): number {
  const parent = parentOf(root, id)?.parent
  return parent?.kind === 'wrap' ? outermost(root, parent.id) : id
}

export function move(root: Node, id: number, direction: Direction): Node {
  const moving = outermost(root, id)
  const place = parentOf(root, moving)
  if (place?.parent.kind !== 'group') return root
  const { parent, index } = place
  const sibling = (offset: number) => parent.parts[index + offset]
  if (direction === 'up') return to(root, moving, sibling(-1)?.id, 'before')
  if (direction === 'down') return to(root, moving, sibling(1)?.id, 'after')
  if (direction === 'in') return to(root, moving, (sibling(-1) ?? sibling(1))?.id, 'into')
  const above = outermost(root, parent.id)
  return parentOf(root, above) ? to(root, moving, above, 'after') : root
}

/** Moves a node before, after or into another one; into a leaf makes a group of both. */
export function to(root: Node, id: number, target: number | undefined, where: Where): Node {
  const moving = find(root, id)
  const at = target === undefined ? undefined : find(root, target)
  if (!moving || !at || id === root.id || find(moving, at.id)) return root
  const hasPlace = where === 'into' || parentOf(root, at.id)?.parent.kind === 'group'
  if (!hasPlace) return root
  const rest = remove(root, id)
  // What held the node alone went with it; then there is no such target any more.
  if (!find(rest, at.id)) return root
  if (where === 'into') return into(rest, at.id, moving)
  const place = parentOf(rest, at.id)
  if (place?.parent.kind !== 'group') return root
  return insert(rest, place.parent, place.index + (where === 'after' ? 1 : 0), moving)
}

function into(root: Node, target: number, node: Node): Node {
  const at = find(root, target)
  const inner = at && groupAt(at)
  if (inner) return insert(root, inner, inner.parts.length, node)
  const op = otherOp(root, target)
  return replace(root, target, (leaf) => group(op, [leaf, node]))
}
