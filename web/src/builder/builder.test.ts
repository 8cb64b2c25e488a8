import { expect, test } from 'vitest'
import { add, childrenOf, dissolve, enclose, find, lines, move, negate, parentOf, remove, setOp, to, type Direction } from './edit'
import { begin, change, MOST_STEPS, redo, undo } from './history'
import { random, randomExpression, SAMPLES, STRANGE } from './samples'
import { group, leaf, OPS, pointers, read, write, type Json, type Node } from './tree'

const list = (name: string): Json => ({ list: name })

test.each([...SAMPLES, ...STRANGE])('read and written: %j', (json) => {
  expect(write(read(json))).toEqual(json)
})

test('random expressions are written as they were read', () => {
  const next = random(1)
  for (let i = 0; i < 2000; i += 1) {
    const json = randomExpression(next)
    expect(write(read(json))).toEqual(json)
  }
})

test('what the tree can draw is no card', () => {
  const cards = SAMPLES.flatMap((json) => lines(read(json)).filter(({ node }) => node.kind === 'card').map(({ node }) => write(node)))
  expect(cards.map((json) => Object.keys(json as object)[0])).toEqual(['sequence', 'sequence'])
  for (const json of STRANGE) {
    expect(lines(read(json)).some(({ node }) => node.kind === 'card')).toBe(true)
  }
})

/** What stands at a pointer (RFC 6901). */
function resolve(json: Json, pointer: string): Json {
  const step = (at: Json, key: string) => (at as Record<string, Json>)[key] as Json
  return pointer.split('/').slice(1).reduce(step, json)
}

/** Whether the server would take it: two parts of minus at least, two of xor exactly. */
function isSound(json: Json): boolean {
  if (typeof json !== 'object' || json === null) return true
  const { minus, xor } = json as Record<string, Json[] | undefined>
  if (minus && minus.length < 2) return false
  if (xor && xor.length !== 2) return false
  return Object.values(json).every((inner) => inner === undefined || isSound(inner))
}

function checkTree(root: Node) {
  const json = write(root)
  expect(isSound(json)).toBe(true)
  const ids = lines(root).map(({ node }) => node.id)
  expect(new Set(ids).size).toBe(ids.length)
  const at = pointers(root)
  expect([...at.keys()].sort()).toEqual(ids.sort())
  for (const [id, pointer] of at) {
    const node = find(root, id)
    expect(node && write(node)).toEqual(resolve(json, pointer))
  }
}

test('whatever is done to a tree, it stays one that the server takes, and every node keeps its place', () => {
  const next = random(7)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T
  for (let round = 0; round < 150; round += 1) {
    let root = read(randomExpression(next, 3))
    for (let i = 0; i < 12; i += 1) {
      const ids = lines(root).map(({ node }) => node.id)
      const [a, b] = [pick(ids), pick(ids)]
      const edits: (() => Node)[] = [
        () => add(root, a, leaf('list', 'new')),
        () => add(root, a, group('xor', [])),
        () => remove(root, a),
        () => enclose(root, a),
        () => dissolve(root, a),
        () => negate(root, a),
        () => setOp(root, a, pick(OPS)),
        () => move(root, a, pick<Direction>(['up', 'down', 'in', 'out'])),
        () => to(root, a, b, pick(['before', 'after', 'into'])),
      ]
      root = pick(edits)()
      checkTree(root)
    }
  }
})

/** The node that says so, by its JSON. */
function named(root: Node, json: Json): number {
  const found = lines(root).find(({ node }) => JSON.stringify(write(node)) === JSON.stringify(json))
  if (!found) throw new Error(`there is no ${JSON.stringify(json)}`)
  return found.node.id
}

const check = (before: Json, edit: (root: Node, id: number) => Node, at: Json, after: Json) => {
  const root = read(before)
  expect(write(edit(root, named(root, at)))).toEqual(after)
}
const [A, B, C, D] = [list('a'), list('b'), list('c'), list('d')] as const
const addD = (root: Node, id: number) => add(root, id, read(D))

test('adding: into a group, beside a leaf, around what stands alone', () => {
  check({ any: [A, B] }, addD, { any: [A, B] }, { any: [A, B, D] })
  check({ any: [A, B] }, addD, A, { any: [A, D, B] })
  check({ any: [{ not: A }, B] }, addD, A, { any: [{ not: A }, D, B] })
  check({ any: [{ not: { all: [A, C] } }, B] }, addD, { not: { all: [A, C] } }, { any: [{ not: { all: [A, C, D] } }, B] })
  check(A, addD, A, { all: [A, D] })
  check({ not: A }, addD, A, { all: [{ not: A }, D] })
})

test('taking away', () => {
  check({ any: [A, B] }, remove, A, { any: [B] })
  check({ any: [{ not: A }, B] }, remove, A, { any: [B] })
  check({ minus: [A, B] }, remove, B, { all: [A] })
  check({ xor: [A, B] }, remove, A, { any: [B] })
  check(A, remove, A, { all: [] })
})

test('grouping and ungrouping', () => {
  check({ all: [A, B] }, enclose, A, { all: [{ any: [A] }, B] })
  check({ any: [A, B] }, enclose, A, { any: [{ all: [A] }, B] })
  check({ any: [{ all: [A, B] }, C] }, dissolve, { all: [A, B] }, { any: [A, B, C] })
  check({ all: [{ all: [A] }] }, dissolve, { all: [{ all: [A] }] }, { all: [A] })
  check({ all: [{ at: { days_ago: 3 }, of: A }] }, dissolve, { at: { days_ago: 3 }, of: A }, { all: [A] })
  check({ all: [A, B] }, dissolve, { all: [A, B] }, { all: [A, B] })
})

test('denying, and denying that', () => {
  check({ all: [A, B] }, negate, A, { all: [{ not: A }, B] })
  check({ all: [{ not: A }, B] }, negate, A, { all: [A, B] })
  check({ all: [{ not: A }, B] }, negate, { not: A }, { all: [A, B] })
})

test('moving: among siblings, into a group, out of one, with what is around it', () => {
  const go = (direction: Direction) => (root: Node, id: number) => move(root, id, direction)
  check({ all: [A, B, C] }, go('down'), A, { all: [B, A, C] })
  check({ all: [A, B, C] }, go('up'), A, { all: [A, B, C] })
  check({ all: [{ not: A }, B] }, go('down'), A, { all: [B, { not: A }] })
  check({ all: [{ any: [A, B] }, C] }, go('in'), C, { all: [{ any: [A, B, C] }] })
  check({ all: [A, B] }, go('in'), B, { all: [{ any: [A, B] }] })
  check({ all: [{ any: [A, B] }, C] }, go('out'), A, { all: [{ any: [B] }, A, C] })
  check({ all: [A, B] }, go('out'), A, { all: [A, B] })
})

test('nothing moves into itself', () => {
  const root = read({ all: [{ any: [A, { all: [B] }] }, C] })
  const outer = named(root, { any: [A, { all: [B] }] })
  expect(to(root, outer, named(root, B), 'into')).toBe(root)
  expect(to(root, root.id, outer, 'into')).toBe(root)
})

test('an exclusive group of three nests', () => {
  const root = setOp(read({ any: [A, B, C] }), 0, 'xor')
  expect(write(root)).toEqual({ any: [A, B, C] })
  const three = read({ any: [A, B, C] })
  expect(write(setOp(three, three.id, 'xor'))).toEqual({ xor: [{ xor: [A, B] }, C] })
})

test('parents are found', () => {
  const root = read({ all: [A, { not: B }] })
  const b = named(root, B)
  const not = parentOf(root, b)?.parent
  expect(not && childrenOf(not).map(({ id }) => id)).toEqual([b])
  expect(parentOf(root, root.id)).toBeUndefined()
})

test('a hundred steps back, and forth again', () => {
  let history = begin(0)
  for (let i = 1; i <= MOST_STEPS + 20; i += 1) history = change(history, i)
  for (let i = 0; i < MOST_STEPS + 20; i += 1) history = undo(history)
  expect(history.present).toBe(20)
  expect(undo(history)).toBe(history)
  for (let i = 0; i < MOST_STEPS; i += 1) history = redo(history)
  expect(history.present).toBe(MOST_STEPS + 20)
  expect(redo(history)).toBe(history)
  const branched = change(undo(history), -1)
  expect(branched.future).toEqual([])
  expect(change(branched, -1)).toBe(branched)
})
