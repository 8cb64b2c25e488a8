// What a track says, as the page's view; and the fields of its forms, as the API takes them. Pure.

import type { AlertRule, NewTrack, Track } from '../api/types'
import { addDays, daysBetween, type Day } from '../format/day'
import type { Selection } from '../view/selection'
import { scopeJson, scopeOf, whoJson, type Scope, type View, type Who } from '../view/view'

export const STEPS = ['daily', 'weekly', 'monthly'] as const
export type Step = (typeof STEPS)[number]

/** Dates of the paths, unless the address says others. */
const USUAL_DATES = 4

/** Whom a track follows. */
export function whoOf(track: Pick<Track, 'audience' | 'snapshot' | 'list' | 'expression'>): Who {
  if (track.audience) return { kind: 'audience', name: track.audience }
  if (track.snapshot) return { kind: 'snapshot', id: track.snapshot }
  if (track.list) return { kind: 'expression', expression: { list: track.list } }
  if (track.expression) return { kind: 'expression', expression: track.expression }
  return { kind: 'everyone' }
}

/** The page's view with what the track decides; `asOf` and the flow's dates stay the address's where they make sense. */
export function viewOf(track: Track, view: View, hasFrom: boolean): View {
  const isNamed = typeof track.model === 'string'
  const from = hasFrom && view.from >= track.from ? view.from : track.from
  return {
    ...view,
    model: isNamed ? (track.model as string) : 'inline',
    rules: isNamed ? undefined : track.model,
    scope: scopeOf(track.scope),
    who: whoOf(track),
    from: from < view.to ? from : view.from,
  }
}

/** Dates of the paths: those of the address, or evenly between the first and the last. */
export function pathDates(text: string | null, first: Day, last: Day, most: number): Day[] {
  const asked = [...new Set((text ?? '').split(','))].filter((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && day <= last).sort()
  if (asked.length > 1 && asked.length <= most) return asked
  const days = Math.max(0, daysBetween(first, last))
  const steps = Array.from({ length: USUAL_DATES }, (_, i) => addDays(first, Math.round((days * i) / (USUAL_DATES - 1))))
  return [...new Set(steps)]
}

export interface AlertFields {
  name: string
  kind: 'state' | 'flow'
  state?: string
  from?: string
  to?: string
  days?: number
  unit: 'share' | 'count'
  /** Shares in percent, as people say them. */
  below?: number | null
  above?: number | null
}

const PERCENT = 100
/** Bounds have four decimals at most, as parts of one. */
const DECIMALS = 1e4

const asPart = (percent: number) => Math.round((percent / PERCENT) * DECIMALS) / DECIMALS
const asPercent = (part: number) => Math.round(part * DECIMALS) / (DECIMALS / PERCENT)

export function ruleOf(fields: AlertFields): AlertRule {
  const bound = (value: number | null | undefined) => (value === null || value === undefined ? undefined : fields.unit === 'share' ? asPart(value) : value)
  const band = { below: bound(fields.below), above: bound(fields.above) }
  const watched = fields.kind === 'state' ? { state: fields.state } : { flow: { from: fields.from ?? '', to: fields.to ?? '', days: fields.days ?? 7 } }
  return { name: fields.name.trim(), ...watched, [fields.unit]: band }
}

export function fieldsOf(rule: AlertRule): AlertFields {
  const unit = rule.share ? 'share' : 'count'
  const band = rule.share ?? rule.count ?? {}
  const bound = (value: number | undefined) => (value === undefined ? null : unit === 'share' ? asPercent(value) : value)
  const watched = rule.flow ? { kind: 'flow' as const, ...rule.flow } : { kind: 'state' as const, state: rule.state }
  return { name: rule.name, unit, below: bound(band.below), above: bound(band.above), ...watched }
}

/** The people that an alert looks at, as of a date. */
export function watchedBy({ state, flow }: AlertRule, at: Day): Selection {
  if (flow) return { kind: 'path', stops: [{ date: addDays(at, -flow.days), state: flow.from }, { date: at, state: flow.to }] }
  return { kind: 'band', date: at, states: [state ?? ''] }
}

export interface TrackFields {
  name: string
  description?: string
  who: Who
  model: string
  scope: Scope
  from: Day
  step: Step
  refresh?: string
  report: string[]
}

/** A track as it is now, but for what the form says. What the form has no field for (listed dates, alerts) stays. */
export function trackBody(fields: TrackFields, before?: Track): NewTrack {
  const isListed = before?.dates !== undefined && before.dates !== null
  return {
    name: fields.name.trim(),
    description: fields.description?.trim() || null,
    owner: before?.owner,
    role: before?.role,
    labels: before?.labels,
    refresh: fields.refresh || null,
    ...(fields.who.kind === 'expression' && before?.list ? { list: before.list } : whoJson(fields.who)),
    model: before && typeof before.model !== 'string' ? before.model : fields.model,
    scope: scopeJson(fields.scope),
    from: fields.from,
    ...(isListed ? { dates: before.dates } : { step: fields.step }),
    alerts: before?.alerts ?? [],
    report: fields.report,
  }
}

/** The same track with other alerts. */
export function withAlerts(track: Track, alerts: AlertRule[]): NewTrack {
  const { version: _version, ...said } = track
  return { ...said, alerts }
}
