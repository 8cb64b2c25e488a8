// Expressions that pages ask for by themselves.

import type { JsonObject } from './tree'

export const LATELY = 30

export const everyone: JsonObject = { everyone: true }

/** Whoever had anything to do with these channels lately. */
export const reached = (channels: readonly string[], days = LATELY): JsonObject => ({ did: { channel: [...channels], within: { days } } })

export const didLately = (behavior: string, days = LATELY): JsonObject => ({ did: { behavior: [behavior], within: { days } } })
