import { expect, test } from 'vitest'
import { csv } from './csv'
import { escapeHtml, tooltipHtml } from './html'

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
