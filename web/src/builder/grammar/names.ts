// What things are called, for sentences. The catalogue answers; without an answer the id is the name.

export interface Names {
  behavior: (name: string) => string
  channel: (path: string) => string
  shop: (id: string) => string
  brand: (id: string) => string
  category: (id: string) => string
  campaign: (id: string) => string
  item: (id: string) => string
  tag: (key: string) => string
  model: (name: string) => string
  state: (model: string, state: string) => string
  snapshot: (id: string) => string
  currency: string
}
