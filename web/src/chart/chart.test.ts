import { expect, test, vi } from 'vitest'
import { barsOption, MARKED, REST, type BarsInput } from './barsOption'
import { csv } from './csv'
import { escapeHtml, tooltipHtml } from './html'

// Hatching needs a canvas.
vi.mock('./hatch', () => ({ hatch: () => ({}), decal: () => undefined }))

test('nothing a user wrote is markup in a tooltip', () => {
  const html = tooltipHtml('<img src=x onerror=alert(1)>', [{ color: '#fff', name: '"><script>', value: "a'b&c" }])
  expect(html).not.toMatch(/<img|<script/)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(html).toContain('a&#39;b&amp;c')
  expect(escapeHtml('老客 > 30%')).toBe('老客 &gt; 30%')
})

test.each([
  [[['a', 1]], 'a,1\r\n'],
  [[['say "hi", you', 'line\nbreak']], '"say ""hi"", you","line\nbreak"\r\n'],
  [[['=1+1', '-x', '@cmd', -5]], "'=1+1,'-x,'@cmd,-5\r\n"],
  [[['老客', '']], '老客,\r\n'],
])('as CSV: %j', (rows, text) => expect(csv(rows)).toBe(`\uFEFF${text}`))

test('bars end at their labels; with marks the labels stand in a column, out of their way', () => {
  const bar = { title: 'a', value: 3, rest: 2, label: '3 · 30%', color: '#000' }
  const option = (bars: BarsInput['bars']) =>
    barsOption({ bars, theme: 'light', words: { value: 'v' }, exact: String }) as unknown as {
      xAxis: { max: number }
      yAxis: { data: string[]; axisLabel: { show?: boolean } }[]
      series: { data: unknown[]; label?: { show: boolean } }[]
    }
  const plain = option([bar, { ...bar, value: 1 }])
  expect([plain.xAxis.max, plain.series[REST]?.label?.show, plain.yAxis[1]?.axisLabel.show]).toEqual([5, true, false])
  expect(plain.series[MARKED]?.data).toEqual([])
  const marked = option([{ ...bar, mark: 9 }, bar])
  expect([marked.xAxis.max, marked.series[REST]?.label?.show, marked.yAxis[1]?.axisLabel.show]).toEqual([9, false, true])
  expect(marked.yAxis[1]?.data).toEqual(['3 · 30%', '3 · 30%'])
  expect(marked.series[MARKED]?.data).toEqual([[9, 0], ['-', 1]])
})
