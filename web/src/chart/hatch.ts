// Hatching for what is no state of the model, and patterns that tell states of one slot apart.

const TILE = 8

/** Diagonal lines in one colour on nothing, as a fill that repeats. */
export function hatch(color: string, ratio = devicePixelRatio): { image: HTMLCanvasElement; repeat: 'repeat' } {
  const canvas = document.createElement('canvas')
  canvas.width = TILE
  canvas.height = TILE
  const context = canvas.getContext('2d')
  if (context) {
    context.strokeStyle = color
    context.lineWidth = ratio > 1 ? 1.5 : 1.8
    for (const shift of [-TILE, 0, TILE]) {
      context.moveTo(shift, TILE)
      context.lineTo(shift + TILE, 0)
    }
    context.stroke()
  }
  return { image: canvas, repeat: 'repeat' }
}

/** The pattern over a state's colour, for ECharts; nothing for the first state of a slot. */
export function decal(pattern: number, surface: string): object | undefined {
  const shared = { color: surface, symbolSize: 1 }
  if (pattern === 0) return undefined
  if (pattern % 3 === 1) return { ...shared, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1.5, 5], rotation: -Math.PI / 4 }
  if (pattern % 3 === 2) return { ...shared, symbol: 'circle', dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [5, 0], symbolSize: 0.6 }
  return { ...shared, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1.5, 5], rotation: Math.PI / 4 }
}
