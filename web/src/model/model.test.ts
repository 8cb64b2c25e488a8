import { expect, test } from 'vitest'
import type { Audience, ModelChange, State, StateModel, Track } from '../api/types'
import type { Json } from '../builder/tree'
import { balance, columnSum, moved, rowSum } from '../flow/matrix'
import { cellsShape } from './cells'
import { askedOf, readListed, readOpened, writeListed, writeOpened } from './doors'
import { addState, bodyOf, draftOf, editModel, isSameDraft, moveState, removeState, rulesOf, setState, setWindow, startEditing, stateAt, statesOf } from './draft'
import { draftIn, draftText } from './kept'
import { changesOf, fieldIn, flowOf, placeIn, readWhatIf, usesOf, windowsOf, withWindow, withWindows, writeWhatIf } from './rules'

const bought = (days: number): Json => ({ did: { behavior: ['purchase'], within: { days } } })
const state = (name: string, when: Json, more: object = {}): State => ({ name, when: when as State['when'], ...more })

const INTERESTED: Json = { any: [{ did: { behavior: ['favorite'], within: { days: 90 } } }, { did: { behavior: ['search'], within: { days: 15 } } }] }
const STATES = [
  state('old', bought(365), { title: 'Old', title_zh: '老客', slot: 'purchase' }),
  state('new', INTERESTED),
  state('potential', { not: { did: { behavior: ['view'], within: { days: 15, skip: 3 } } } }),
]

test('windows of a model, the longest first, each with its states', () => {
  expect(windowsOf(STATES)).toEqual([
    { days: 365, states: ['old'] },
    { days: 90, states: ['new'] },
    { days: 15, states: ['new', 'potential'] },
  ])
  expect(windowsOf([state('a', { did: { behavior: ['view'] } })])).toEqual([])
})

test('another window changes nothing else', () => {
  expect(withWindow(INTERESTED, 15, 30)).toEqual({ any: [{ did: { behavior: ['favorite'], within: { days: 90 } } }, { did: { behavior: ['search'], within: { days: 30 } } }] })
  expect(withWindow({ not: { did: { within: { days: 15, skip: 3 } } } }, 15, 7)).toEqual({ not: { did: { within: { days: 7, skip: 3 } } } })
  // Days between the steps of a sequence are no window.
  const sequence = { sequence: { steps: [{ behavior: ['view'] }], within: { days: 15 } } }
  expect(withWindow(sequence, 15, 7)).toEqual(sequence)
  expect(withWindows(STATES, { from: 365, to: 90 })[0]).toEqual({ ...STATES[0], when: bought(90) })
})

test('what if: the address, or the longest window made a season', () => {
  const windows = windowsOf(STATES)
  expect(readWhatIf('15:30', windows)).toEqual({ from: 15, to: 30 })
  expect(writeWhatIf({ from: 15, to: 30 })).toBe('15:30')
  for (const text of [null, '', '16:30', '15:0', '15:x']) expect(readWhatIf(text, windows)).toEqual({ from: 365, to: 90 })
  expect(readWhatIf(null, [{ days: 30, states: ['a'] }])).toEqual({ from: 30, to: 15 })
  expect(readWhatIf(null, [])).toBeUndefined()
})

test('who names a model, and in which version', () => {
  const inState = (model: Json): Json => ({ all: [{ everyone: true }, { not: { state: { model, in: ['old'] } } }] })
  const audience = (name: string, expression: unknown) => ({ name, expression }) as Audience
  const track = (name: string, model: unknown, expression?: unknown) => ({ name, model, expression }) as Track
  const model = (name: string, when: Json) => ({ name, states: [state('a', when)] }) as unknown as StateModel
  const uses = usesOf('pno', {
    tracks: [track('t1', 'pno'), track('t2', 'pno@2'), track('t3', 'aipl', inState('pno')), track('t4', 'pnoo'), track('t5', { states: [state('x', inState('pno@1'))] })],
    audiences: [audience('a1', inState('pno')), audience('a2', { any: [inState('pno'), inState('pno@3'), inState('pno')] }), audience('a3', inState('pno@x'))],
    models: [model('pno', inState('pno')), model('mine', inState('pno@0'))],
  })
  expect(uses).toEqual([
    { kind: 'track', name: 't1', version: undefined },
    { kind: 'track', name: 't2', version: 2 },
    { kind: 'track', name: 't3', version: undefined },
    { kind: 'track', name: 't5', version: 1 },
    { kind: 'audience', name: 'a1', version: undefined },
    { kind: 'audience', name: 'a2', version: undefined },
    { kind: 'audience', name: 'a2', version: 3 },
    { kind: 'model', name: 'mine', version: 0 },
  ])
})

test('two models with other states become one matrix that balances', () => {
  const flow = flowOf({
    a: 'x', b: 'y', scope: {}, date: '2024-12-31', rows: ['old', 'new', 'none'], columns: ['old', 'loyal', 'none'],
    matrix: [[5, 2, 1], [0, 0, 4], [0, 3, 6]], states_a: [8, 4, 9], states_b: [5, 5, 11], total: 21, merged: 0, erased: 0, elapsed_us: 1, warnings: [],
  })
  expect(flow.states).toEqual(['old', 'new', 'loyal', 'none'])
  expect(balance(flow)).toEqual({ rows: 21, columns: 21, isEven: true })
  expect(['old', 'new', 'none'].map((name) => rowSum(flow, name))).toEqual([8, 4, 9])
  expect(['old', 'loyal', 'none'].map((name) => columnSum(flow, name))).toEqual([5, 5, 11])
  expect(moved(flow)).toBe(2 + 1 + 4 + 3)
})

test('cells make a row, a column, one cell or a block', () => {
  const [rows, columns] = [['a', 'none'], ['a', 'b', 'none']]
  const cells = (...pairs: [string, string][]) => pairs.map(([from, to]) => ({ from, to }))
  expect(cellsShape(rows, columns, cells(['a', 'b']))).toEqual({ kind: 'cell', from: 'a', to: 'b' })
  expect(cellsShape(rows, columns, cells(['a', 'a'], ['a', 'b'], ['a', 'none']))).toEqual({ kind: 'row', from: 'a' })
  expect(cellsShape(rows, columns, cells(['a', 'b'], ['none', 'b']))).toEqual({ kind: 'column', to: 'b' })
  expect(cellsShape(rows, columns, cells(['a', 'b'], ['a', 'none'])).kind).toBe('block')
})

test('several places of one rule are one change', () => {
  const change = (kind: string, name: string, at: string): ModelChange => ({ change: kind, state: name, at, sentence: '' })
  const changes = [change('rule_changed', 'old', '/states/0/when/a'), change('rule_changed', 'old', '/states/0/when/b'), change('label_changed', 'old', '/states/0/title_zh'), change('rule_changed', 'new', '/states/1/when/a')]
  expect(changesOf(changes).map(({ at }) => at)).toEqual(['/states/0/when/a', '/states/0/title_zh', '/states/1/when/a'])
  expect([placeIn('/states/11'), fieldIn('/states/0/title_zh')]).toEqual([12, 'title_zh'])
})

test('each number has its question', () => {
  const about = { scope: { shop: 's' }, at: '2024-12-31', audience: 'vip' }
  const rule = STATES[1] as State
  expect(askedOf({ kind: 'decided', model: 'pno@2', states: ['old'] }, about)).toEqual(['/states/band', { scope: { shop: 's' }, date: '2024-12-31', audience: 'vip', model: 'pno@2', states: ['old'] }])
  expect(askedOf({ kind: 'matched', rule }, about)).toEqual(['/states/band', { scope: { shop: 's' }, date: '2024-12-31', audience: 'vip', model: { states: [rule] }, states: ['new'] }])
  expect(askedOf({ kind: 'taken', model: 'pno', rule, by: ['old'] }, about)).toEqual(['/state-models/compare/cell', { ...about, a: 'pno', b: { states: [rule] }, cells: [{ a: 'old', b: 'new' }] }])
  expect(askedOf({ kind: 'cells', a: 'pno', b: { states: [rule] }, cells: [{ from: 'old', to: 'none' }] }, about)[1]).toMatchObject({ a: 'pno', b: { states: [rule] }, cells: [{ a: 'old', b: 'none' }] })
})

test('what is open goes into the address and comes back', () => {
  expect(readOpened(writeOpened({ kind: 'taken', state: 'a~b' }))).toEqual({ kind: 'taken', state: 'a~b' })
  for (const text of [null, '', 'taken', 'other~a']) expect(readOpened(text)).toBeUndefined()
  expect(readListed(writeListed('a~b', ['老客', 'none']))).toEqual({ model: 'a~b', states: ['老客', 'none'] })
  for (const text of [null, '', 'pno', '%E0~x']) expect(readListed(text)).toBeUndefined()
})

const MODEL = { name: 'mine', description: 'why', version: 3, preset: false, owner: 'crm', labels: ['x'], states: STATES } as unknown as StateModel

test('a model survives being edited, and what is not edited stays', () => {
  const draft = draftOf(MODEL)
  expect(statesOf(draft)).toEqual(STATES)
  expect(bodyOf(draft, MODEL)).toEqual({ states: STATES, description: 'why', owner: 'crm', role: undefined, labels: ['x'] })
  expect(rulesOf(draft)[0]).toEqual({ name: 'old', when: bought(365) })
  expect(isSameDraft(draftIn(draftText(draft)) ?? draft, draft)).toBe(true)
  for (const text of [null, '', '[]', '{"states":[]}', '{"states":1}']) expect(draftIn(text)).toBeUndefined()
})

test('order, new states and windows', () => {
  const draft = draftOf(MODEL)
  const [first, , third] = draft.states.map(({ id }) => id)
  const names = (of: typeof draft) => of.states.map(({ name }) => name)
  expect(names(moveState(draft, first ?? 0, 1))).toEqual(['new', 'old', 'potential'])
  expect(moveState(draft, first ?? 0, -1)).toBe(draft)
  expect(names(removeState(draft, third ?? 0))).toEqual(['old', 'new'])
  const taken = setState(draft, third ?? 0, { name: 'state_4' })
  expect(names(addState(taken, (n) => `state_${n}`))).toEqual(['old', 'new', 'state_4', 'state_5'])
  expect(windowsOf(statesOf(setWindow(draft, 15, 90)))).toEqual([{ days: 365, states: ['old'] }, { days: 90, states: ['new', 'potential'] }])
  const one = removeState(removeState(draft, first ?? 0), third ?? 0)
  expect(removeState(one, one.states[0]?.id ?? 0)).toBe(one)
})

test('typing in one field is one step; undo goes back over everything', () => {
  const start = startEditing(draftOf(MODEL))
  const type = (name: string) => ({ do: 'edit' as const, about: 'name', edit: (draft: ReturnType<typeof draftOf>) => ({ ...draft, name }) })
  const typed = ['a', 'ab', 'abc'].reduce((at, name) => editModel(at, type(name)), start)
  expect([typed.history.present.name, typed.history.past.length]).toEqual(['abc', 1])
  const widened = editModel(typed, { do: 'edit', isAnew: true, edit: (draft) => setWindow(draft, 365, 30) })
  const back = editModel(widened, { do: 'undo' })
  expect([back.history.present.name, windowsOf(statesOf(back.history.present))[0]?.days]).toEqual(['abc', 365])
  expect(back.revision).toBe(2)
  const begin = editModel(back, { do: 'undo' })
  expect(begin.history.present.name).toBe('mine')
  expect(editModel(begin, { do: 'undo' })).toBe(begin)
  expect(windowsOf(statesOf(editModel(editModel(begin, { do: 'redo' }), { do: 'redo' }).history.present))[0]?.days).toBe(90)
})

test('an error knows its rule', () => {
  expect(stateAt('/model/states/2/when/did/within')).toBe(2)
  expect(stateAt('/model/states/0')).toBe(0)
  for (const pointer of [undefined, '/model/states', '/scope']) expect(stateAt(pointer)).toBeUndefined()
})
