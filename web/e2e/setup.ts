// Prepares the data that every test's server works on a copy of: the demo merchant, or a data directory of your own that
// WEIR_E2E_DATA names (nobody may have a token in it yet).

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli } from './weir'

const CONSUMERS = process.env.WEIR_E2E_CONSUMERS ?? '3000'
const DAYS = process.env.WEIR_E2E_DAYS ?? '120'

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.WEIR_E2E_DATA) return undefined
  const data = await mkdtemp(join(tmpdir(), 'weir-e2e-prepared-'))
  await cli(data, '--json', 'demo', '--consumers', CONSUMERS, '--days', DAYS, '--load-only')
  process.env.WEIR_E2E_DATA = data
  return () => rm(data, { recursive: true, force: true })
}
