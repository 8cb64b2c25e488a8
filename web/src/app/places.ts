// Where one can go, and which places some letters mean.

export interface Place {
  kind: 'palette.pages' | 'palette.consumer' | 'palette.audiences' | 'palette.tracks' | 'palette.models'
  name: string
  /** Below the workspace's address. */
  path: string
}

/** Places whose name has all the words typed; those that begin with the text come first. */
export function matching(places: readonly Place[], text: string): Place[] {
  const wanted = text.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  const rank = (name: string) => (name.startsWith(wanted) ? 0 : 1)
  return places
    .map((place) => ({ place, name: place.name.toLowerCase() }))
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .sort((a, b) => rank(a.name) - rank(b.name))
    .map(({ place }) => place)
}
