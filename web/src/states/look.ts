// How a state looks and is called: its colour slot, its pattern, its title. The same everywhere on the page.

import type { Language } from '../i18n/language'
import { textIn } from '../i18n/text'
import { SLOTS, type Slot } from '../theme/tokens'

export interface StateLike {
  name: string
  slot?: string | null
  title?: string | null
  title_zh?: string | null
}

export interface Look {
  name: string
  title: string
  slot: Slot
  /** 0 = plain; further states of the same slot get patterns 1, 2 … */
  pattern: number
  /** Entered and left are no states of the model: hatched, never a hue. */
  isHatched: boolean
}

/** Slots for models whose file names none, from the state that wins first. */
const UNNAMED: Slot[] = ['purchase', 'interest', 'aware', 'loyal', 'lapsing', 'gone']

const OUTSIDE = { none: 'state.none', entered: 'state.entered', left: 'state.left' } as const

export type Looks = Map<string, Look>

/** Every state of a model, `none`, and the two that a moving audience adds. */
export function looks(states: readonly StateLike[], language: Language): Looks {
  const used = new Map<Slot, number>()
  const hasSlots = states.some(({ slot }) => slot)
  const found: Looks = new Map()
  for (const [i, state] of states.entries()) {
    const slot = slotOf(state, hasSlots ? 'none' : (UNNAMED[i % UNNAMED.length] ?? 'none'))
    const pattern = used.get(slot) ?? (slot === 'none' ? 1 : 0)
    used.set(slot, pattern + 1)
    found.set(state.name, { name: state.name, title: titleOf(state, language), slot, pattern, isHatched: false })
  }
  for (const [name, key] of Object.entries(OUTSIDE)) {
    const isHatched = name !== 'none'
    found.set(name, { name, title: textIn(language)(key), slot: 'none', pattern: 0, isHatched })
  }
  return found
}

function slotOf(state: StateLike, otherwise: Slot): Slot {
  return SLOTS.find((slot) => slot === state.slot) ?? otherwise
}

function titleOf(state: StateLike, language: Language): string {
  const title = language === 'zh' ? state.title_zh : state.title
  return title || state.name
}

/** A state that the model no longer has is still shown, by its name. */
export function lookOf(all: Looks, name: string): Look {
  return all.get(name) ?? { name, title: name, slot: 'none', pattern: 1, isHatched: false }
}
