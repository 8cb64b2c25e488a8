// What `weir flow` answers, and where people went in it.

export interface Flow {
  states: string[]
  matrix: number[][]
  total: number
}

/** The largest flow from one state to another. */
export function largestMove({ states, matrix }: Flow): { from: string; to: string; count: number } {
  const cells = states.flatMap((from, i) => states.map((to, j) => ({ from, to, count: matrix[i]?.[j] ?? 0 })))
  const moves = cells.filter(({ from, to }) => from !== to).sort((a, b) => b.count - a.count)
  const [first] = moves
  if (!first || first.count === 0) throw new Error('nobody moves in this world')
  return first
}
