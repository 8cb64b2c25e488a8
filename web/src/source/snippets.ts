// How the usual clients are pointed at this server.

export const LANGUAGES = ['js', 'python', 'curl'] as const
export type SnippetLanguage = (typeof LANGUAGES)[number]

/** Quoted for a shell, whatever is in it. */
const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

const SNIPPETS: Record<SnippetLanguage, (host: string, key: string) => string> = {
  js: (host, key) => `// npm install @segment/analytics-next
import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load(
  { writeKey: ${JSON.stringify(key)}, cdnURL: ${JSON.stringify(host)} },
  { integrations: { 'Segment.io': { apiHost: ${JSON.stringify(`${withoutScheme(host)}/v1`)}, protocol: ${JSON.stringify(schemeOf(host))} } } },
)
analytics.track('Product Viewed', { product_id: 'P1', price: 12.5 })
`,
  python: (host, key) => `# pip install segment-analytics-python
import segment.analytics as analytics

analytics.host = ${JSON.stringify(host)}
analytics.write_key = ${JSON.stringify(key)}
analytics.track("u1", "Product Viewed", {"product_id": "P1", "price": 12.5})
analytics.flush()
`,
  curl: (host, key) => `curl -u ${shell(`${key}:`)} ${shell(`${host}/v1/track`)} \\
  -d '{"userId": "u1", "event": "Product Viewed", "properties": {"product_id": "P1", "price": 12.5}}'
`,
}

const schemeOf = (host: string) => host.split('://')[0] ?? 'https'
const withoutScheme = (host: string) => host.replace(/^[a-z]+:\/\//, '')

export function snippet(language: SnippetLanguage, host: string, key: string): string {
  return SNIPPETS[language](host, key)
}
