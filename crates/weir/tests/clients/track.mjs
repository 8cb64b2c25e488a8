// Tracks events with a Node client, as a program would, and prints what the client says went wrong.
//
//     track.mjs segment|rudder URL WRITE_KEY NAME COUNT     with the packages in $WEIR_TEST_CLIENTS/node_modules
//
// Message n is `NAME-n`, of user n modulo 100. The last line is JSON: the client's version, the messages it took, its errors.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const USERS = 100
const BATCH = 100

const [vendor, url, writeKey, name, count] = process.argv.slice(2)
const folder = join(process.env.WEIR_TEST_CLIENTS, 'node_modules')
const load = createRequire(join(folder, 'any.js'))
const errors = []

function message(n) {
  return {
    userId: `${name}-user-${n % USERS}`,
    event: 'Product Viewed',
    properties: { product_id: `p${n % 50}`, price: (n % 90) + 0.5 },
    messageId: `${name}-${n}`,
  }
}

function note(error) {
  if (error) errors.push(String(error.reason ?? error))
}

async function segment() {
  const { Analytics } = load('@segment/analytics-node')
  const analytics = new Analytics({ writeKey, host: url, flushAt: BATCH, flushInterval: 100 })
  analytics.on('error', note)
  for (let n = 0; n < count; n++) {
    analytics.track(message(n), note)
    // Batches are sent as they fill up; a program that never yields would send them all at once.
    if (n % (10 * BATCH) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await analytics.closeAndFlush({ timeout: 600_000 })
}

async function rudder() {
  const Analytics = load('@rudderstack/rudder-sdk-node')
  const errorHandler = (error) => note(error)
  const client = new Analytics(writeKey, { dataPlaneUrl: url, flushAt: BATCH, errorHandler, logLevel: 'none' })
  for (let n = 0; n < count; n++) {
    client.track(message(n), note)
    if (n % BATCH === 0) await client.flush()
  }
  await client.flush()
}

await { segment, rudder }[vendor]()
const packages = { segment: '@segment/analytics-node', rudder: '@rudderstack/rudder-sdk-node' }
const { version } = load(join(folder, packages[vendor], 'package.json'))
console.log(JSON.stringify({ version, taken: Number(count), errors }))
