// What charts share: text, axes and tooltips in the colours of the page.

import { FONT, PALETTES, type Theme } from '../theme/tokens'

export function chartTheme(theme: Theme): object {
  const { secondary, border, grid, text, surface } = PALETTES[theme]
  const axis = {
    axisLine: { lineStyle: { color: border } },
    axisTick: { lineStyle: { color: border } },
    axisLabel: { color: secondary },
    splitLine: { lineStyle: { color: grid } },
  }
  return {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, color: text },
    valueAxis: axis,
    categoryAxis: axis,
    tooltip: {
      backgroundColor: surface,
      borderColor: border,
      textStyle: { color: text, fontSize: 13 },
      axisPointer: { lineStyle: { color: secondary } },
    },
  }
}
