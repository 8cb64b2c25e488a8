// Circles whose areas are people: sets as wide as they are large, lying over each other as much as they do. Two circles can
// always show that; of three only those that happen to, so the areas that come out are measured, and what is not true is not
// drawn.

export interface Circle {
  x: number
  y: number
  r: number
}

/** People of each combination, by a number with a bit for each set. */
export type Areas = Map<number, number>

export interface Euler {
  circles: Circle[]
  /** Where the figure of each combination stands, and how much room it has there. */
  labels: { mask: number; x: number; y: number; room: number }[]
}

/** The most that an area may differ from its people, as a part of all. */
const TOLERANCE = 0.01
const LINES = 160

/** Areas of all combinations of some circles, line by line. */
export function areasOf(circles: readonly Circle[], lines = LINES): Areas {
  const areas: Areas = new Map()
  const bottom = Math.min(...circles.map(({ y, r }) => y - r))
  const height = Math.max(...circles.map(({ y, r }) => y + r)) - bottom
  const step = height / lines
  for (let i = 0; i < lines; i += 1) addLine(areas, circles, bottom + (i + 0.5) * step, step)
  return areas
}

function addLine(areas: Areas, circles: readonly Circle[], y: number, step: number): void {
  const cuts = circles.flatMap(({ x, y: cy, r }) => {
    const half = Math.sqrt(Math.max(0, r * r - (y - cy) ** 2))
    return half > 0 ? [x - half, x + half] : []
  })
  cuts.sort((a, b) => a - b)
  for (let i = 1; i < cuts.length; i += 1) {
    const [from, to] = [cuts[i - 1] ?? 0, cuts[i] ?? 0]
    const mask = maskAt(circles, (from + to) / 2, y)
    if (mask > 0) areas.set(mask, (areas.get(mask) ?? 0) + (to - from) * step)
  }
}

const maskAt = (circles: readonly Circle[], x: number, y: number): number =>
  circles.reduce((mask, circle, i) => ((x - circle.x) ** 2 + (y - circle.y) ** 2 < circle.r ** 2 ? mask | (1 << i) : mask), 0)

/** The area that two circles share at a distance. */
export function lens(a: number, b: number, d: number): number {
  if (d >= a + b) return 0
  if (d <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2
  const angle = (r: number, other: number) => 2 * Math.acos(Math.min(1, Math.max(-1, (d * d + r * r - other * other) / (2 * d * r))))
  const segment = (r: number, t: number) => ((t - Math.sin(t)) * r * r) / 2
  return segment(a, angle(a, b)) + segment(b, angle(b, a))
}

/** The distance at which they share so much. */
export function distance(a: number, b: number, shared: number): number {
  let [near, far] = [Math.abs(a - b), a + b]
  for (let i = 0; i < 60; i += 1) {
    const middle = (near + far) / 2
    if (lens(a, b, middle) > shared) near = middle
    else far = middle
  }
  return (near + far) / 2
}

const radius = (people: number): number => Math.sqrt(people / Math.PI)

const sumWhere = (people: Areas, holds: (mask: number) => boolean): number => [...people].reduce((sum, [mask, n]) => (holds(mask) ? sum + n : sum), 0)

/** An area where nobody is says something false, however small it is. */
const NOBODY = 8

/** How far the areas are from the people, at worst, as a part of all. */
export function error(circles: readonly Circle[], people: Areas): number {
  const areas = areasOf(circles)
  const all = sumWhere(people, () => true)
  const masks = new Set([...areas.keys(), ...people.keys()])
  const wrong = (mask: number, n = people.get(mask) ?? 0) => Math.abs((areas.get(mask) ?? 0) - n) * (n === 0 ? NOBODY : 1)
  return Math.max(...[...masks].map((mask) => wrong(mask))) / all
}

function start(radii: number[], people: Areas): Circle[] {
  const shared = (i: number, j: number) => sumWhere(people, (mask) => (mask & (1 << i)) > 0 && (mask & (1 << j)) > 0)
  const apart = (i: number, j: number) => distance(radii[i] ?? 0, radii[j] ?? 0, shared(i, j))
  const [a = 0, b = 0, c] = radii
  const first = [{ x: 0, y: 0, r: a }, { x: apart(0, 1), y: 0, r: b }]
  if (c === undefined) return first
  const [d, e, f] = [apart(0, 1), apart(0, 2), apart(1, 2)]
  const x = d > 0 ? (d * d + e * e - f * f) / (2 * d) : e
  return [...first, { x, y: -Math.sqrt(Math.max(0, e * e - x * x)), r: c }]
}

/** Moves the circles a little as long as that makes the areas truer; their sizes stay. */
function improved(circles: Circle[], people: Areas): Circle[] {
  let [best, least] = [circles, error(circles, people)]
  let step = Math.max(...circles.map(({ r }) => r)) / 8
  for (let i = 0; i < 80 && least > TOLERANCE / 4; i += 1) {
    const tries = best.slice(1).flatMap((circle, k) => [[step, 0], [-step, 0], [0, step], [0, -step]].map(([dx = 0, dy = 0]) => best.with(k + 1, { ...circle, x: circle.x + dx, y: circle.y + dy })))
    const rated = tries.map((one) => ({ one, error: error(one, people) })).sort((a, b) => a.error - b.error)[0]
    if (rated && rated.error < least) [best, least] = [rated.one, rated.error]
    else step /= 2
  }
  return best
}

/** The circles of two or three sets, if they can be true. */
export function euler(people: Areas, sets: number): Euler | undefined {
  const sizes = Array.from({ length: sets }, (_, i) => sumWhere(people, (mask) => (mask & (1 << i)) > 0))
  if (sets < 2 || sets > 3 || sizes.some((size) => size === 0)) return undefined
  const begun = start(sizes.map(radius), people)
  const circles = sets === 2 ? begun : improved(begun, people)
  if (error(circles, people) > TOLERANCE) return undefined
  return { circles, labels: [...people].filter(([, n]) => n > 0).map(([mask]) => ({ mask, ...roomiest(circles, mask) })) }
}

const GRID = 72

/** The place within a combination that is farthest from every edge. */
function roomiest(circles: readonly Circle[], mask: number): { x: number; y: number; room: number } {
  const inside = circles.filter((_, i) => (mask & (1 << i)) > 0)
  const [left, right] = [Math.max(...inside.map(({ x, r }) => x - r)), Math.min(...inside.map(({ x, r }) => x + r))]
  const [top, bottom] = [Math.max(...inside.map(({ y, r }) => y - r)), Math.min(...inside.map(({ y, r }) => y + r))]
  let best = { x: (left + right) / 2, y: (top + bottom) / 2, room: 0 }
  for (let i = 0; i <= GRID * GRID; i += 1) {
    const x = left + ((right - left) * (i % GRID)) / GRID
    const y = top + ((bottom - top) * Math.floor(i / GRID)) / GRID
    if (maskAt(circles, x, y) !== mask) continue
    const room = Math.min(...circles.map((circle) => Math.abs(Math.hypot(x - circle.x, y - circle.y) - circle.r)))
    if (room > best.room) best = { x, y, room }
  }
  return best
}

/** The same, in a box of so many pixels around its middle. */
export function fitted({ circles, labels }: Euler, width: number, height: number): Euler {
  const left = Math.min(...circles.map(({ x, r }) => x - r))
  const right = Math.max(...circles.map(({ x, r }) => x + r))
  const top = Math.min(...circles.map(({ y, r }) => y - r))
  const bottom = Math.max(...circles.map(({ y, r }) => y + r))
  const scale = Math.min(width / (right - left), height / (bottom - top))
  const place = ({ x, y }: { x: number; y: number }) => ({ x: (x - (left + right) / 2) * scale, y: (y - (top + bottom) / 2) * scale })
  return {
    circles: circles.map((circle) => ({ ...place(circle), r: circle.r * scale })),
    labels: labels.map((label) => ({ ...label, ...place(label), room: label.room * scale })),
  }
}

/** The bits of some places. */
export const maskOf = (places: readonly number[]): number => places.reduce((mask, place) => mask | (1 << place), 0)
