import { expect, test } from 'vitest'
import { block } from '../view/selection'
import { at, cellsOf, stepTo } from './grid'
import { balance, cellsSum, columnCells, columnSum, moved, moves, passing, rowCells, rowSum, shapeOf, sum, type Flow } from './matrix'
import { NODE_GAP, prefersMovers, sankey } from './sankey'
import { drawWays, linkStops, nodeStops, pathStops, stayers, stopsCount, waysTotal, type Ways } from './ways'

function flow(states: string[], matrix: number[][], lost = { merged: 0, erased: 0 }): Flow {
  const total = sum(matrix.map(sum)) + lost.merged + lost.erased
  return { from: '2024-10-23', to: '2024-12-31', states, matrix, total, ...lost }
}

/** The gift shop before and after Double Eleven, from the examples. */
const SHOP = flow(
  ['old', 'new', 'potential', 'none'],
  [[264, 0, 0, 1], [4, 12, 1, 28], [14, 9, 0, 25], [69, 52, 8, 345]],
)

const MOVING = flow(
  ['old', 'none', 'entered', 'left'],
  [[5, 1, 0, 2], [3, 4, 0, 0], [6, 7, 0, 0], [0, 0, 0, 0]],
)

test('rows and columns sum to the people followed', () => {
  expect(balance(SHOP)).toEqual({ rows: 832, columns: 832, isEven: true })
  expect([rowSum(SHOP, 'old'), columnSum(SHOP, 'old')]).toEqual([265, 351])
  expect(balance({ ...SHOP, total: 833 }).isEven).toBe(false)
  expect(balance(flow(['a', 'none'], [[1, 2], [3, 4]], { merged: 2, erased: 1 }))).toMatchObject({ rows: 10, isEven: true })
})

test('who moved', () => {
  expect(moved(SHOP)).toBe(211)
  expect(moves(SHOP)[0]).toEqual({ cell: { from: 'none', to: 'old' }, count: 69 })
  expect(moved(MOVING)).toBe(1 + 2 + 3 + 6 + 7)
  expect(passing(MOVING)).toEqual({ entered: 13, left: 2 })
  expect(passing(SHOP)).toEqual({ entered: 0, left: 0 })
})

test.each([
  [[{ from: 'new', to: 'old' }], 'cell'],
  [rowCells(SHOP, 'new'), 'row'],
  [columnCells(SHOP, 'new'), 'column'],
  [block(SHOP.states, { from: 'old', to: 'old' }, { from: 'none', to: 'none' }), 'all'],
  [block(SHOP.states, { from: 'old', to: 'old' }, { from: 'new', to: 'new' }), 'block'],
  [rowCells(SHOP, 'new').slice(1), 'block'],
])('cells make a shape: %j', (cells, kind) => expect(shapeOf(SHOP.states, cells).kind).toBe(kind))

test('what is chosen in the matrix is what its cells count', () => {
  const cells = block(SHOP.states, { from: 'new', to: 'old' }, { from: 'none', to: 'new' })
  expect(cellsSum(SHOP, cells)).toBe(4 + 12 + 14 + 9 + 69 + 52)
  expect(cellsSum(SHOP, rowCells(SHOP, 'none'))).toBe(rowSum(SHOP, 'none'))
})

test('a state at two dates is two nodes, in the order of the model', () => {
  const { nodes } = sankey(SHOP, false)
  expect(nodes.map(({ id }) => id)).toEqual([
    '2024-10-23|old', '2024-10-23|new', '2024-10-23|potential', '2024-10-23|none',
    '2024-12-31|old', '2024-12-31|new', '2024-12-31|potential', '2024-12-31|none',
  ])
  expect(nodes.map(({ depth }) => depth)).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
})

/** Nodes of a column neither overlap nor leave the picture, and each keeps its gap. */
function checkLayout(drawn: ReturnType<typeof sankey>) {
  for (const depth of [0, 1]) {
    const column = drawn.nodes.filter((node) => node.depth === depth)
    const scale = Math.min(
      ...[0, 1].map((d) => {
        const nodes = drawn.nodes.filter((node) => node.depth === d)
        return (drawn.height - (nodes.length - 1) * NODE_GAP) / sum(nodes.map(({ count }) => count))
      }),
    )
    let bottom = -NODE_GAP
    for (const { localY, count } of column) {
      expect(localY * drawn.height).toBeGreaterThanOrEqual(bottom + NODE_GAP - 0.01)
      bottom = localY * drawn.height + count * scale
    }
    expect(bottom).toBeLessThanOrEqual(drawn.height + 0.01)
  }
}

const LARGE = flow(
  Array.from({ length: 14 }, (_, i) => `s${i}`),
  Array.from({ length: 14 }, (_, i) => Array.from({ length: 14 }, (_, j) => (i * 7 + j * 3) % 5 === 0 ? 0 : i * j + 1)),
)

test.each([
  ['the gift shop', SHOP, false],
  ['its movers', SHOP, true],
  ['a moving audience', MOVING, false],
  ['many states', LARGE, false],
  ['many states, movers', LARGE, true],
  ['nobody', flow(['a', 'none'], [[0, 0], [0, 0]]), false],
])('%s: every person is in a link or in the strip of small ones', (_, data, moversOnly) => {
  const drawn = sankey(data, moversOnly)
  const shown = sum(drawn.links.map(({ count }) => count)) + sum(drawn.small.map(({ count }) => count))
  expect(shown).toBe(moversOnly ? moved(data) : sum(data.matrix.map(sum)))
  expect(drawn.links.every(({ count }) => count > 0)).toBe(true)
  expect(drawn.links.length).toBeLessThanOrEqual(60)
  expect(drawn.nodes.filter(({ depth }) => depth === 0).length).toBeLessThanOrEqual(12)
  if (drawn.nodes.length > 0) checkLayout(drawn)
})

test('links too thin to see are listed, not drawn', () => {
  const drawn = sankey(flow(['a', 'none'], [[100_000, 3], [50_000, 20_000]]), false)
  expect(drawn.small).toEqual([{ cell: { from: 'a', to: 'none' }, count: 3 }])
})

test('the height follows the number of states', () => {
  expect(sankey(SHOP, false).height).toBe(360)
  expect(sankey(LARGE, false).height).toBe(44 * 12)
})

test('entered is where nobody ends and left is where nobody begins', () => {
  const states = sankey(MOVING, false).nodes.map(({ depth, state }) => `${depth} ${state}`)
  expect(states).toEqual(['0 old', '0 none', '0 entered', '1 old', '1 none', '1 left'])
})

test('movers come first where nearly everybody stays', () => {
  expect(prefersMovers(SHOP)).toBe(false)
  expect(prefersMovers(flow(['a', 'none'], [[90, 1], [1, 8]]))).toBe(true)
  expect(prefersMovers(flow(['a', 'none'], [[90, 0], [0, 8]]))).toBe(false)
})

test('places of the grid: cells, then sums', () => {
  expect(at(MOVING, { row: 2, column: 2 })).toEqual({ from: 'entered', to: 'left' })
  expect(at(MOVING, { row: 3, column: 0 })).toBeUndefined()
  expect(cellsSum(MOVING, cellsOf(MOVING, { row: 0, column: 3 }))).toBe(rowSum(MOVING, 'old'))
  expect(cellsSum(MOVING, cellsOf(MOVING, { row: 3, column: 1 }))).toBe(columnSum(MOVING, 'none'))
  expect(cellsSum(MOVING, cellsOf(MOVING, { row: 3, column: 3 }))).toBe(MOVING.total)
})

test.each([
  ['ArrowRight', 0, 0, { row: 0, column: 1 }],
  ['ArrowLeft', 0, 0, { row: 0, column: 0 }],
  ['ArrowDown', 4, 2, { row: 4, column: 2 }],
  ['ArrowUp', 4, 2, { row: 3, column: 2 }],
  ['End', 1, 1, { row: 1, column: 4 }],
  ['Home', 1, 3, { row: 1, column: 0 }],
  ['a', 1, 1, undefined],
])('%s from %d,%d', (key, row, column, place) => expect(stepTo(key, { row, column }, 4, 4)).toEqual(place))

const WAYS: Ways = {
  dates: ['2024-11-11', '2024-11-30', '2024-12-31'],
  states: ['old', 'new', 'none'],
  paths: [
    { states: ['none', 'none', 'none'], count: 80 },
    { states: ['none', 'new', 'old'], count: 12 },
    { states: ['new', 'new', 'new'], count: 5 },
    { states: ['new', 'none', 'new'], count: 3 },
  ],
  others: { paths: 0, count: 0 },
  flows: [
    [[0, 0, 0], [0, 5, 3], [0, 12, 80]],
    [[0, 0, 0], [12, 5, 0], [0, 3, 80]],
  ],
}

test('ways are drawn date by date, and everybody is in each column', () => {
  const drawn = drawWays(WAYS, false)
  for (const depth of [0, 1, 2]) {
    expect(sum(drawn.nodes.filter((node) => node.depth === depth).map(({ count }) => count))).toBe(waysTotal(WAYS))
  }
  expect(sum([...drawn.links, ...drawn.small].map(({ count }) => count))).toBe(2 * waysTotal(WAYS))
  expect(new Set(drawn.nodes.map(({ id }) => id)).size).toBe(drawn.nodes.length)
})

test('without those who never moved nobody else is missing', () => {
  expect(stayers(WAYS)).toEqual(new Map([['none', 80], ['new', 5]]))
  const drawn = drawWays(WAYS, true)
  for (const depth of [0, 1, 2]) {
    expect(sum(drawn.nodes.filter((node) => node.depth === depth).map(({ count }) => count))).toBe(15)
  }
  expect(stayers({ ...WAYS, others: { paths: 1, count: 1 } })).toBeUndefined()
})

test('a choice of stops counts what the answer says', () => {
  const stops = (...states: (string | null)[]) => WAYS.dates.map((date, i) => ({ date, state: states[i] ?? null }))
  expect(stopsCount(WAYS, nodeStops(WAYS.dates, { depth: 1, state: 'new' }))).toBe(17)
  expect(stopsCount(WAYS, linkStops(WAYS.dates, { depth: 1, from: 'new', to: 'old' }))).toBe(12)
  expect(stopsCount(WAYS, pathStops(WAYS.dates, ['new', 'none', 'new']))).toBe(3)
  expect(stopsCount(WAYS, stops('new', null, 'new'))).toBeUndefined()
  expect(stopsCount(WAYS, [{ date: '2024-01-01', state: 'old' }])).toBeUndefined()
})
