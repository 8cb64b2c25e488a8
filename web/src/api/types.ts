// Names for the shapes of the API that the console uses, narrowed where the document has words for a text.

import type { components } from './schema'

type Schemas = components['schemas']

export type States = Schemas['States'] & { at: { date: string; states: Record<string, number>; total: number }[] }
export type Flow = Schemas['Flow']
export type Audience = Schemas['Audience']
export type Snapshot = Schemas['Snapshot']
export type StateModel = Schemas['StateModel']
export type Channel = Schemas['Channel']
export type Tag = Schemas['Tag']
export type List = Schemas['List']
export type Estimate = Schemas['Estimate']
export type Why = Schemas['Why']
export type Branch = Schemas['Branch']
export type Source = Schemas['Source']
export type WriteKey = Schemas['WriteKey']
export type SeenMessage = Schemas['SeenMessage'] & { verdict: 'accepted' | 'duplicate' | 'rejected' | 'deferred' }
export type IngestStatus = Schemas['IngestStatus']
export type Import = Schemas['Import']
export type ImportPreview = Omit<Schemas['ImportPreview'], 'input'> & { input: unknown[][] }
export type PreviewRow = Schemas['ImportPreviewRow']
export type Funnel = Schemas['Funnel']
export type Retention = Schemas['Retention']
export type Token = Schemas['Token']
export type Password = Schemas['Password']
export type TokenRecord = Schemas['TokenRecord']
export type Workspace = Schemas['Workspace']
export type CatalogEntry = Schemas['CatalogEntry']

/** The people behind a number. */
export type People = Schemas['People']

export type Destination = Schemas['Destination'] & { kind: 'file' | 'webhook' }
export type NewDestination = Schemas['NewDestination']

export type Push = Schemas['Push'] & { state: 'sending' | 'done' | 'stopped' }
export type NewPush = Schemas['NewPush']

export type Paths = Schemas['Paths']
export type ReportFile = Schemas['ReportFile'] & { format: 'html' | 'csv' }

/** A number of a track and the band that it should stay within, as the API takes it. */
export interface AlertRule {
  name: string
  state?: string
  flow?: { from: string; to: string; days: number }
  share?: { below?: number; above?: number }
  count?: { below?: number; above?: number }
}
export type AlertState = Omit<Schemas['AlertState'], 'alert'> & { alert: AlertRule }
export type AlertRecord = Omit<Schemas['Alert'], 'alert'> & { alert: AlertRule }
export type Track = Omit<Schemas['Track'], 'alerts' | 'scope'> & { alerts: AlertRule[]; scope: Record<string, unknown> }
export type NewTrack = Omit<Schemas['NewTrack'], 'alerts' | 'scope' | 'expression'> & {
  alerts?: AlertRule[]
  scope?: Record<string, unknown>
  expression?: unknown
}
export type TrackReport = Omit<Schemas['TrackReport'], 'states' | 'track' | 'alerts'> & { states: States; track: Track; alerts: AlertState[] }
export type TrackComparison = Omit<Schemas['TrackComparison'], 'states_a' | 'states_b' | 'difference'> & {
  states_a: States
  states_b: States
  difference: { date: string; points: Record<string, number | null> }[]
}

export type ChannelReach = Schemas['ChannelReach']
export type ReachedChannel = Schemas['ReachedChannel']
export type ChannelForm = Schemas['ChannelForm']
export type FormField = Schemas['FormField']
export type ChannelAudience = Schemas['ChannelAudience']
export type Job = Omit<Schemas['Job'], 'error'> & { error?: { code: string; message: string; help?: string | null } | null }

export type TagDetail = Schemas['TagDetail']
export type TagRun = Schemas['TagRun']
export type TagCoverage = Schemas['TagCoverage']
export interface TagBin {
  from: number | string
  to: number | string
  people: number
}
export type TagValues = Omit<Schemas['TagValues'], 'spread'> & {
  spread?: { least: number | string; greatest: number | string; mean: number | string; quantiles: { percent: number; value: number | string }[]; bins: TagBin[] } | null
}

export type Rfm = Schemas['Rfm']

export type State = Schemas['State']
export type NewStateModel = Schemas['StateModelBody']
export type RuleCheck = Omit<Schemas['RuleCheck'], 'taken_by'> & { taken_by: Record<string, number> }
export type ModelCheck = Omit<Schemas['ModelCheck'], 'rules'> & { rules: RuleCheck[] }
export type ModelComparison = Schemas['ModelComparison']
export type ModelDiff = Schemas['ModelDiff']
export type ModelChange = Schemas['ModelChange']

export type StageFunnel = Schemas['StageFunnel']
export type Portrait = Schemas['Portrait']
export type PortraitCut = Schemas['PortraitCut']
export type PortraitRow = Schemas['PortraitRow']
/** What nobody is in has no Jaccard. */
export type Overlap = Omit<Schemas['Overlap'], 'jaccard'> & { jaccard: (number | null)[][] }
export type Reach = Schemas['Reach']
export type Playbook = Schemas['Playbook']
export type PlaybookParameter = Schemas['PlaybookParameter']
export type PlaybookAudience = Schemas['PlaybookAudience']
export type PlaybookPreview = Schemas['PlaybookPreview']
export type PlaybookMade = Schemas['PlaybookMade']
export type Consumer = Omit<Schemas['ConsumerDetail'], 'tags' | 'links' | 'states' | 'activity'> & {
  tags: ConsumerTag[]
  links: ConsumerLink[]
  states: Omit<Schemas['ConsumerStates'], 'scope'>
  activity: Omit<Schemas['ConsumerActivity'], 'behaviors' | 'entrances'> & { behaviors: Record<string, number>; entrances: Record<string, number> }
}
export type ConsumerIdentifier = Schemas['ConsumerIdentifier']
export type ConsumerLink = Omit<Schemas['ConsumerLink'], 'state'> & { state: 'active' | 'two_known_people' | 'over_cap' | 'unlinked' }
export type ConsumerPush = Omit<Schemas['ConsumerPush'], 'outcome'> & { outcome: 'pending' | 'sent' | 'failed' | 'unknown' | 'suppressed' | 'holdout' }
export interface ConsumerTag {
  name: string
  value: string | number | string[]
  since?: string | null
}
export type ConsumerAudience = Schemas['ConsumerAudience']
export type ConsumerEvent = Schemas['ConsumerEvent']
export type ListedConsumer = Schemas['ListedConsumer']
