// The real binary, over data of its own. WEIR_BIN names it; nothing is mocked.

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MOST_OUTPUT = 64 << 20

export function binary(): string {
  const path = process.env.WEIR_BIN
  if (!path) throw new Error('set WEIR_BIN to the weir binary, for example ~/.cache/weir/target/debug/weir')
  return path
}

export async function cli(data: string, ...args: string[]): Promise<string> {
  return (await run(binary(), ['--data', data, ...args], { maxBuffer: MOST_OUTPUT })).stdout
}

export interface Weir {
  data: string
  url: string
  /** Makes a session, once. */
  firstRun: string
  /** What the command line answers over the same data. */
  json: <T>(...args: string[]) => Promise<T>
  /** How many an expression has, by `weir eval`. */
  count: (expression: unknown, asOf: string) => Promise<number>
  /** The same for each of its nodes. */
  nodes: (expression: unknown, asOf: string) => Promise<Evaluated>
  /** Why somebody is in it or not. */
  why: (expression: unknown, person: string, asOf: string) => Promise<{ member: boolean }>
  stop: () => Promise<void>
}

interface Evaluated {
  count: number
  nodes: { at: string; count: number }[]
}

/** A server over a copy of prepared data. */
export async function serve(prepared: string): Promise<Weir> {
  const data = await mkdtemp(join(tmpdir(), 'weir-e2e-'))
  await cp(prepared, data, { recursive: true })
  const server = spawn(binary(), ['--data', data, '--json', 'serve', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // The webhook of a story listens on this machine, which the operator must allow.
    env: { ...process.env, WEIR_ALLOW_NETWORKS: '127.0.0.0/8' },
  })
  const { url, first_run } = await announcement(server)
  const json = async <T>(...args: string[]) => JSON.parse(await cli(data, '--json', ...args)) as T
  const withFile = async <T>(expression: unknown, ask: (file: string) => Promise<T>) => {
    const file = join(data, '..', `${data.split('/').at(-1)}.json`)
    await writeFile(file, JSON.stringify(expression))
    const answer = await ask(file)
    await rm(file)
    return answer
  }
  return {
    data,
    url,
    firstRun: first_run,
    json,
    count: async (expression, asOf) => (await withFile(expression, (file) => json<Evaluated>('eval', file, '--as-of', asOf))).count,
    nodes: (expression, asOf) => withFile(expression, (file) => json<Evaluated>('eval', file, '--as-of', asOf, '--nodes')),
    why: (expression, person, asOf) => withFile(expression, (file) => json('why', person, '--expr', file, '--as-of', asOf)),
    stop: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await gone
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** The document that the server prints once it has its port. */
async function announcement(server: ChildProcess): Promise<{ url: string; first_run: string }> {
  if (!server.stdout) throw new Error('the server has no output')
  const failed = new Promise<never>((_, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`weir serve ended with ${code}`)))
  })
  failed.catch(() => undefined)
  const lines = createInterface({ input: server.stdout })
  const read = (async () => {
    let text = ''
    for await (const line of lines) {
      text += line
      if (line.trimEnd().endsWith('}')) break
    }
    return JSON.parse(text) as { url: string; first_run: string }
  })()
  return Promise.race([read, failed])
}
