// A playbook's form, its plan, and what of that is there already. Pure.

import type { Audience, Playbook, PlaybookAudience, PlaybookParameter, PlaybookPreview } from '../api/types'
import { inlined, type NamedExpression } from '../builder/inline'
import { isObject, type Json, type JsonObject } from '../builder/tree'
import { anyOf, without } from '../builder/usual'

/** What the form says, of all that the address may hold; the date is the page's own. */
export function readGiven(text: string | null): JsonObject {
  try {
    const json = JSON.parse(text ?? '') as Json
    return isObject(json) ? json : {}
  } catch {
    return {}
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The form with a parameter that says something else; what is as suggested follows the data and is not kept. */
export function withGiven(given: JsonObject, { name, default: usual }: PlaybookParameter, value: Json): JsonObject {
  const { [name]: _before, ...others } = given
  return isSame(value, usual) ? others : { ...others, [name]: value }
}

export const valueOf = (given: JsonObject, { name, default: usual }: PlaybookParameter): Json => (name in given ? (given[name] ?? null) : (usual as Json))

export const PARTS = ['whom', 'follow', 'push', 'names'] as const
export type Part = (typeof PARTS)[number]

const PART_OF: Record<string, Part> = { model: 'follow', scope: 'follow', step: 'follow', destination: 'push', holdout_percent: 'push', prefix: 'names' }

/** The parameters of a part of the form; the date is chosen in the top bar. */
export const parametersOf = (playbook: Playbook, part: Part): PlaybookParameter[] =>
  playbook.parameters.filter(({ name }) => name !== 'as_of' && (PART_OF[name] ?? 'whom') === part)

/** Whether the order of channels means something: a chain goes from the first to the last. */
export const isChain = (playbook: string, parameter: string): boolean => playbook === 'performance_chain' && parameter === 'media'

/** An audience's name without the prefix that all of a plan share. */
export const suffixOf = (name: string, prefix: string): string => (name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name)

const named = (preview: PlaybookPreview): NamedExpression[] => preview.audiences as unknown as NamedExpression[]

/** Who is in an audience of a plan, said without the plan's other audiences, which may not be there yet. */
export const whoOf = (preview: PlaybookPreview, expression: unknown): Json => inlined(expression as Json, named(preview))

export const targetOf = ({ audiences }: PlaybookPreview): PlaybookAudience | undefined => audiences.at(-1)

/** The audience that the target is cut from. */
export function baseOf(preview: PlaybookPreview): PlaybookAudience | undefined {
  const parts = (targetOf(preview)?.expression as JsonObject | undefined)?.minus
  const first = Array.isArray(parts) && isObject(parts[0]) ? parts[0].audience : undefined
  return preview.audiences.find(({ name }) => name === first)
}

export interface Shown {
  expression: Json
  count: number
}

/** What an address has opened: an audience by its suffix, a medium, whom only that reaches, or all media. */
export function opened(preview: PlaybookPreview, prefix: string, key: string | null): Shown | undefined {
  if (!key) return undefined
  const [kind, rest] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
  const media = preview.media ?? []
  const at = media.findIndex(({ name }) => name === rest)
  const medium = media[at]
  if (key === 'reach' && preview.reach != null) return { expression: anyOf(media.map(({ expression }) => expression as Json)), count: preview.reach }
  if (kind === 'medium' && medium) return { expression: medium.expression as Json, count: medium.count }
  if (kind === 'only' && medium) return { expression: without(medium.expression as Json, media.toSpliced(at, 1).map(({ expression }) => expression as Json)), count: medium.only }
  const audience = preview.audiences.find(({ name }) => suffixOf(name, prefix) === key)
  return audience && { expression: whoOf(preview, audience.expression), count: audience.count }
}

export type Standing = 'new' | 'same' | 'changed'

/** What making it would do to an audience of that name. */
export function standing(audience: PlaybookAudience, existing: readonly Audience[]): Standing {
  const found = existing.find(({ name }) => name === audience.name)
  if (!found) return 'new'
  return isSame(found.expression, audience.expression) ? 'same' : 'changed'
}
