// A table as RFC 4180. A text that a spreadsheet would run as a formula is preceded by an apostrophe.

export type CsvCell = string | number

function field(value: CsvCell): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** With a mark at the front, by which spreadsheets know that it is UTF-8. */
export function csv(rows: readonly (readonly CsvCell[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`
}
