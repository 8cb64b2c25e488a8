// One function that asks the server. The session is an HttpOnly cookie, so there is nothing to keep here.

/** What the server answers when it refuses; `at` is where in the request. */
export interface Problem {
  code: string
  message: string
  help?: string | null
  at?: string | null
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly help: string | undefined
  readonly at: string | undefined

  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code
    this.help = problem.help ?? undefined
    this.at = problem.at ?? undefined
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const PREFIX = '/api/v1'

/** Where a file of the server is, for a link. */
export const fileUrl = (path: string): string => PREFIX + path

export async function ask<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(PREFIX + path, {
    method,
    signal,
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!response.ok) throw new ApiError(response.status, await problemOf(response))
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** A proxy in between may answer with anything. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<Problem>
    if (body.code && body.message) return { ...body, code: body.code, message: body.message }
  } catch {
    // Not JSON; the status has to do.
  }
  return { code: 'unreadable', message: `${response.status} ${response.statusText}`.trim() }
}

interface Page<T> {
  items: T[]
  next?: string | null
}

/** Every item of a listing, over all its pages. */
export async function askAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let after: string | undefined
  do {
    const query = after === undefined ? '' : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`
    const page = await ask<Page<T>>('GET', path + query, undefined, signal)
    items.push(...page.items)
    after = page.next ?? undefined
  } while (after !== undefined)
  return items
}
