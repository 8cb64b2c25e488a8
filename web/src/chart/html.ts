// Tooltips are HTML that the chart inserts as it is (apache/echarts#21276). Names of states come from users, so every
// text goes through here.

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

export interface Row {
  /** A colour of our palette, never of a user. */
  color?: string
  name: string
  value: string
}

/** A heading, and rows of name and figure. */
export function tooltipHtml(heading: string, rows: readonly Row[]): string {
  const swatch = (color?: string) => (color ? `<i class="dot" style="background:${escapeHtml(color)}"></i>` : '')
  const lines = rows.map(
    ({ color, name, value }) =>
      `<tr><th>${swatch(color)}${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  )
  return `<div class="tip"><b>${escapeHtml(heading)}</b><table>${lines.join('')}</table></div>`
}
