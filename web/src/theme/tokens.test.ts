import { describe, expect, test } from 'vitest'
import { ciede2000, contrast, difference, type Vision } from './color'
import { ENTRANCE_COLORS, PALETTES, STATE_COLORS, type Theme } from './tokens'

const THEMES: Theme[] = ['light', 'dark']
const VISIONS: Vision[] = ['normal', 'protan', 'deutan', 'tritan']

/** Least difference of two states under any vision; see the colour table of the design. */
const LEAST_DIFFERENCE: Record<Theme, number> = { light: 8.5, dark: 10 }

describe.each(THEMES)('%s', (theme) => {
  const { ground, surface, ...palette } = PALETTES[theme]

  test.each(Object.entries({ ...STATE_COLORS[theme], ...ENTRANCE_COLORS[theme] }))('%s stands out from both backgrounds', (_, color) => {
    expect(contrast(color, ground)).toBeGreaterThanOrEqual(3.05)
    expect(contrast(color, surface)).toBeGreaterThanOrEqual(3.05)
  })

  test.each(['text', 'secondary', 'link', 'error', 'success', 'warning'] as const)('%s can be read', (name) => {
    expect(contrast(palette[name], ground)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(palette[name], surface)).toBeGreaterThanOrEqual(4.5)
    if (name === 'text') expect(contrast(palette.text, palette.tint)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(VISIONS.flatMap((vision) => [[vision, STATE_COLORS[theme]], [vision, ENTRANCE_COLORS[theme]]] as const))('colours can be told apart: %s', (vision, all) => {
    const colors = Object.entries(all)
    for (const [i, [slot, color]] of colors.entries()) {
      for (const [other, otherColor] of colors.slice(i + 1)) {
        expect(difference(color, otherColor, vision), `${slot}, ${other}`).toBeGreaterThan(LEAST_DIFFERENCE[theme])
      }
    }
  })
})

test('CIEDE2000 gives the published figures', () => {
  // Four pairs of Sharma, Wu, Dalal, table 1.
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
  expect(ciede2000([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4)
  expect(ciede2000([50, -0.001, 2.49], [50, 0.0009, -2.49])).toBeCloseTo(4.8045, 4)
  expect(ciede2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4)
})

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2)
})
