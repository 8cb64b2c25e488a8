import { expect, test } from 'vitest'
import { block, hasCell, readSelection, writeSelection, type Selection } from './selection'
import { readScope, readView, readWho, scopeJson, scopeOf, whoIs, whoJson, withQuery, writeScope, writeWho } from './view'

const read = (query: string) => readView(new URLSearchParams(query), '2024-12-31')

test('without a word there is a useful page', () => {
  expect(read('')).toEqual({
    model: 'pno',
    scope: { kind: 'workspace' },
    who: { kind: 'everyone' },
    asOf: '2024-12-31',
    from: '2024-12-01',
    to: '2024-12-31',
    span: 60,
    unit: 'people',
    cell: 'count',
    moves: 'auto',
  })
})

test('the address decides', () => {
  const view = read('as_of=2024-06-30&from=2024-01-01&model=aipl&scope=shop:a:b&who=audience:x&unit=share&span=365')
  expect(view).toMatchObject({ asOf: '2024-06-30', from: '2024-01-01', to: '2024-06-30', model: 'aipl', span: 365 })
  expect(view).toMatchObject({ scope: { kind: 'shop', id: 'a:b' }, who: { kind: 'audience', name: 'x' }, unit: 'share' })
})

test.each(['as_of=2024-02-30', 'from=x', 'to=', 'span=7', 'unit=money', 'scope=planet:earth', 'who=nobody', 'who=expression:', 'who=expression:7', 'scope=shop:'])(
  'nonsense falls back: %s',
  (query) => expect(read(query)).toEqual(read('')),
)

test('a flow never runs backwards', () => {
  expect(read('from=2024-12-20&to=2024-11-01')).toMatchObject({ from: '2024-11-01', to: '2024-11-01' })
})

test.each(['workspace', 'shop:flagship', 'brand:岚禾', 'category:a:b'])('scope %s is written as read', (text) => {
  expect(writeScope(readScope(text))).toBe(text)
})

test.each(['everyone', 'audience:双11 未购', 'snapshot:s1', 'expression:{"list":"a:b"}'])('who %s is written as read', (text) => {
  expect(writeWho(readWho(text))).toBe(text)
})

test('an expression that is only a name goes by that', () => {
  expect(whoIs({ audience: 'x' })).toEqual({ kind: 'audience', name: 'x' })
  expect(whoIs({ snapshot: 's1' })).toEqual({ kind: 'snapshot', id: 's1' })
  for (const expression of [{ all: [] }, { audience: { of: 1 } }, { audience: 'x', snapshot: 's1' }]) {
    expect(whoIs(expression)).toEqual({ kind: 'expression', expression })
  }
})

test('as the API takes it', () => {
  expect(scopeJson({ kind: 'workspace' })).toEqual({ workspace: true })
  expect(scopeJson({ kind: 'brand', id: 'b' })).toEqual({ brand: 'b' })
  expect(whoJson({ kind: 'everyone' })).toEqual({})
  expect(whoJson({ kind: 'snapshot', id: 's1' })).toEqual({ snapshot: 's1' })
})

test.each([{ workspace: true }, { shop: 'flagship' }, { brand: 'b:c' }])('scope %j is read as the API says it', (json) => {
  expect(scopeJson(scopeOf(json))).toEqual(json)
})

test('changes to the address leave the rest', () => {
  expect(withQuery(new URLSearchParams('a=1&b=2'), { b: null, c: '3' }).toString()).toBe('a=1&c=3')
})

const SELECTIONS: Selection[] = [
  { kind: 'band', date: '2024-11-11', states: ['old'] },
  { kind: 'band', date: '2024-11-11', states: ['a~b', 'c>d', '新客', '100%'] },
  { kind: 'flow', cells: [{ from: 'potential', to: 'old' }] },
  { kind: 'flow', cells: [{ from: 'a>b', to: 'c~d' }, { from: 'entered', to: 'none' }] },
  { kind: 'path', stops: [{ date: '2024-11-11', state: 'a>b~c' }, { date: '2024-11-30', state: null }, { date: '2024-12-31', state: '新客' }] },
]

test.each(SELECTIONS)('a selection is written as read: %j', (selection) => {
  const query = new URLSearchParams({ sel: writeSelection(selection) }).toString()
  expect(readSelection(new URLSearchParams(query).get('sel'))).toEqual(selection)
})

test.each([null, '', 'band', 'band~2024-11-11', 'band~x~old', 'flow', 'flow~old', 'flow~old>%', 'cells~a>b', 'path', 'path~2024-11-11>', 'path~x>old'])(
  'no selection: %s',
  (text) => expect(readSelection(text)).toBeUndefined(),
)

const STATES = ['old', 'new', 'none']

test('a block is the union of its cells', () => {
  expect(block(STATES, { from: 'new', to: 'none' }, { from: 'old', to: 'new' })).toEqual([
    { from: 'old', to: 'new' },
    { from: 'old', to: 'none' },
    { from: 'new', to: 'new' },
    { from: 'new', to: 'none' },
  ])
  expect(block(STATES, { from: 'old', to: 'old' }, { from: 'old', to: 'old' })).toEqual([{ from: 'old', to: 'old' }])
  expect(block(STATES, { from: 'gone', to: 'old' }, { from: 'old', to: 'old' })).toEqual([])
})

test('which cells are chosen', () => {
  const selection: Selection = { kind: 'flow', cells: [{ from: 'old', to: 'new' }] }
  expect(hasCell(selection, { from: 'old', to: 'new' })).toBe(true)
  expect(hasCell(selection, { from: 'new', to: 'old' })).toBe(false)
  expect(hasCell(undefined, { from: 'old', to: 'new' })).toBe(false)
})
