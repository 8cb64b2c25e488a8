// Fails when the console became heavier than its budget. Sizes are gzip, as the browser fetches them.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const KB = 1000
const FIRST_LOAD = 500 * KB
const CHARTS = 230 * KB
const GRAPH = 80 * KB

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))

/** A chunk, all that it imports at once, and their styles. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const style of chunk.css ?? []) seen.add(style)
  for (const other of chunk.imports ?? []) closure(other, seen)
  return seen
}

const size = (files) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0)

const first = closure('index.html')
const echarts = closure('src/chart/echarts.ts')
const charts = new Set([...echarts].filter((file) => !first.has(file)))
if (echarts.size === 0) throw new Error('the charts are no chunk of their own')
const xyflow = closure('src/consumer/IdentityGraph.tsx')
const page = closure('src/consumer/ConsumerPage.tsx')
const graph = new Set([...xyflow].filter((file) => !first.has(file) && !page.has(file)))
if (xyflow.size === 0) throw new Error('the graph is no chunk of its own')

let failed = false
for (const [name, files, budget] of [['first load', first, FIRST_LOAD], ['charts', charts, CHARTS], ['graph of identifiers', graph, GRAPH]]) {
  const bytes = size(files)
  failed ||= bytes > budget
  const verdict = bytes > budget ? 'OVER' : 'ok'
  console.log(`${name}: ${(bytes / KB).toFixed(1)} KB gzip of ${budget / KB} KB, ${files.size} files: ${verdict}`)
}
process.exit(failed ? 1 : 0)
