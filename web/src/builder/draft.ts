// What was not saved yet, kept by the browser so that nothing is lost when the page goes.

import type { Json } from './tree'

export interface Draft {
  name: string
  description: string
  expression: Json
}

const key = (workspace: string, audience: string | undefined) => `weir.draft.${workspace}.${audience ?? ''}`

export function readDraft(workspace: string, audience: string | undefined): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key(workspace, audience)) ?? 'null') as Partial<Draft> | null
    if (!draft || draft.expression === undefined) return undefined
    return { name: String(draft.name ?? ''), description: String(draft.description ?? ''), expression: draft.expression }
  } catch {
    return undefined
  }
}

export function keepDraft(workspace: string, audience: string | undefined, draft: Draft | undefined): void {
  try {
    if (draft) localStorage.setItem(key(workspace, audience), JSON.stringify(draft))
    else localStorage.removeItem(key(workspace, audience))
  } catch {
    // A full or forbidden storage: the page works without.
  }
}

export const isSame = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b)
