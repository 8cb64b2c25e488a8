// Expressions as text. Reading and writing undo each other in both formats.

import { parse, stringify } from 'yaml'
import type { Json } from './tree'

export type Format = 'json' | 'yaml'

export function writeCode(json: Json, format: Format): string {
  return format === 'json' ? JSON.stringify(json, null, 2) : stringify(json, { lineWidth: 0, aliasDuplicateObjects: false })
}

export function readCode(text: string, format: Format): { json: Json } | { reason: string } {
  try {
    const json = (format === 'json' ? JSON.parse(text) : parse(text, { maxAliasCount: 0 })) as Json | undefined
    return { json: json ?? null }
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}
