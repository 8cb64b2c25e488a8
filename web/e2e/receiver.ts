// A receiver of webhooks on this machine.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A receiver of webhooks that remembers whom it was sent. */
export async function receive(): Promise<{ url: string; people: Set<string>; close: () => Promise<unknown> }> {
  const people = new Set<string>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { recipients } = JSON.parse(body) as { recipients: { id: string }[] }
      for (const { id } of recipients) people.add(id)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, people, close: () => new Promise((resolve) => server.close(resolve)) }
}
