// How long ago something was, in the largest unit that it fills.

export type Unit = 'second' | 'minute' | 'hour' | 'day'

const UNITS: [Unit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function age(seconds: number): { n: number; unit: Unit } {
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1]
  return { n: Math.max(0, Math.floor(seconds / length)), unit }
}

/** Quieter than this, a source no longer counts as receiving. */
export const QUIET_AFTER = 3_600

export type State = 'live' | 'quiet' | 'waiting' | 'disabled' | 'revoked'

interface Health {
  disabled?: string | null
  revoked?: string | null
  kind: string
  total: { last_received?: string | null }
  since_start: { last_durable?: string | null }
}

export function stateOf(source: Health, ageSeconds: number | undefined): State {
  if (source.disabled) return 'disabled'
  if (source.revoked && source.kind === 'sdk') return 'revoked'
  if (ageSeconds !== undefined) return ageSeconds < QUIET_AFTER ? 'live' : 'quiet'
  return source.total.last_received || source.since_start.last_durable ? 'quiet' : 'waiting'
}

/** An origin as a browser sends it: scheme and host, no path. */
export function isOrigin(text: string): boolean {
  try {
    const url = new URL(text)
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text
  } catch {
    return false
  }
}
