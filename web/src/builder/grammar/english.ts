// How English says who is meant.

import { inSentence } from '../../format/day'
import { exact } from '../../format/number'
import { listed } from '../../i18n/text'
import { isObject, MEASURES, texts, windowOf, type Json, type JsonObject, type Leaf, type Measure, type Wrapped } from '../tree'
import type { Names } from './names'
import type { Phrase, Tongue } from './tongue'

/** Did, did not, and whether the channel is the object: one is shown feed ads, but buys through them. */
const VERBS: Record<string, [string, string, 'object'?]> = {
  impression: ['were shown', 'were not shown', 'object'],
  click: ['clicked', 'did not click', 'object'],
  view: ['viewed', 'did not view'],
  search: ['searched', 'did not search'],
  favorite: ['marked as favourite', 'did not mark as favourite'],
  add_to_cart: ['added to the cart', 'did not add to the cart'],
  order: ['ordered', 'did not order'],
  purchase: ['bought', 'did not buy'],
  refund: ['got a refund', 'did not get a refund'],
  review: ['reviewed', 'did not review'],
  share: ['shared', 'did not share'],
  follow: ['followed', 'did not follow'],
  join_member: ['became a member', 'did not become a member'],
  sign_up: ['signed up', 'did not sign up'],
  watch_live: ['watched live', 'did not watch live'],
  comment: ['commented', 'did not comment'],
  bid: ['made a bid', 'did not make a bid'],
  compare_price: ['compared prices', 'did not compare prices'],
  coupon_claim: ['claimed a coupon', 'did not claim a coupon'],
  coupon_redeem: ['redeemed a coupon', 'did not redeem a coupon'],
  message_sent: ['were sent a message', 'were not sent a message'],
  message_delivered: ['received a message', 'did not receive a message'],
  message_opened: ['opened a message', 'did not open a message'],
  message_clicked: ['clicked in a message', 'did not click in a message'],
  message_bounced: ['had a message bounce', 'had no message bounce'],
  message_complained: ['complained about a message', 'did not complain about a message'],
  message_unsubscribed: ['unsubscribed', 'did not unsubscribe'],
}

const and = (items: readonly string[]) => listed(items, 'conjunction', 'en')
const or = (items: readonly string[]) => listed(items, 'disjunction', 'en')
const quoted = (name: string) => `“${name}”`
const number = (n: number) => exact(n, 'en')
const plural = (n: number, one: string) => `${number(n)} ${one}${n === 1 ? '' : 's'}`

function verb(behavior: string, isNot: boolean): string {
  const known = VERBS[behavior]
  if (known) return known[isNot ? 1 : 0]
  return `${isNot ? 'did not do' : 'did'} ${quoted(behavior)}`
}

function objects(did: JsonObject, names: Names): string[] {
  const behaviors = texts(did.behavior)
  const isObjectOf = behaviors.length > 0 && behaviors.every((one) => VERBS[one]?.[2] === 'object')
  const list = (key: string, named: (id: string) => string) => {
    const ids = texts(did[key])
    return ids.length > 0 ? or(ids.map(named)) : undefined
  }
  const channel = list('channel', names.channel)
  const parts = [
    channel && (isObjectOf ? channel : `through ${channel}`),
    list('item', (id) => `item ${names.item(id)}`),
    list('category', (id) => names.category(id))?.replace(/^/, 'in category '),
    list('brand', names.brand)?.replace(/^/, 'of brand '),
    list('shop', names.shop)?.replace(/^/, 'at '),
    list('campaign', names.campaign)?.replace(/^/, 'in campaign '),
    list('not_behavior', names.behavior)?.replace(/^/, 'other than '),
    ...Object.entries(isObject(did.property) ? did.property : {}).map(([key, ops]) => `with ${key} ${values(ops)}`),
    ...Object.entries(isObject(did.each) ? did.each : {}).map(([key, ops]) => `each of ${key} ${values(ops)}`),
    did.unscoped === true ? 'in any scope' : undefined,
  ]
  return parts.filter((part) => part !== undefined)
}

function window(json: Json | undefined, isNot = false): string | undefined {
  const within = windowOf(json)
  switch (within?.kind) {
    case 'days':
      return within.days === 1 ? 'on the day' : `in the last ${number(within.days)} days`
    case 'skip':
      return `in the ${plural(within.days, 'day')} that end ${plural(within.skip, 'day')} before`
    case 'until':
      return `up to ${plural(within.days, 'day')} before`
    case 'between':
      if (within.from === within.to) return `on ${inSentence(within.from, 'en')}`
      return `from ${inSentence(within.from, 'en')} to ${inSentence(within.to, 'en')}`
    case 'ever':
      return isNot ? 'at any time' : undefined
    case undefined:
      return JSON.stringify(json)
  }
}

const constant = (value: Json | undefined): string =>
  typeof value === 'number' ? number(value) : typeof value === 'string' ? quoted(value) : String(value)

function op(name: string, value: Json, show: (value: Json | undefined) => string = constant): string {
  const list = Array.isArray(value) ? value : [value]
  const shown = list.map(show)
  switch (name) {
    case 'eq':
      return `exactly ${shown[0]}`
    case 'ne':
      return `other than ${shown[0]}`
    case 'in':
      return `of ${or(shown)}`
    case 'not_in':
      return `not of ${or(shown)}`
    case 'gt':
      return `more than ${shown[0]}`
    case 'gte':
      return `at least ${shown[0]}`
    case 'lt':
      return `less than ${shown[0]}`
    case 'lte':
      return `at most ${shown[0]}`
    case 'between':
      return `between ${and(shown)}`
    case 'exists':
      return value === true ? 'known' : 'unknown'
    case 'contains_any':
      return `containing ${or(shown)}`
    case 'contains_all':
      return `containing ${and(shown)}`
    case 'last_days':
      return `within the last ${plural(Number(value), 'day')}`
    case 'next_days':
      return `within the next ${plural(Number(value), 'day')}`
    case 'anniversary_next_days':
      return `with its anniversary within the next ${plural(Number(value), 'day')}`
    default:
      return `${name} ${JSON.stringify(value)}`
  }
}

function values(ops: Json | undefined, show?: (value: Json | undefined) => string): string {
  return and(Object.entries(isObject(ops) ? ops : {}).map(([name, value]) => op(name, value, show)))
}

const MEASURE: Record<Measure, (ops: Json | undefined, names: Names) => string> = {
  count: (ops) => `${values(ops)} ${isOne(ops) ? 'time' : 'times'}`,
  active_days: (ops) => `on ${values(ops)} ${isOne(ops) ? 'day' : 'days'}`,
  orders: (ops) => `in ${values(ops)} ${isOne(ops) ? 'order' : 'orders'}`,
  amount: (ops, { currency }) => `for ${values(ops)} ${currency} in all`,
  quantity: (ops) => `${values(ops)} pieces in all`,
  aov: (ops, { currency }) => `for ${values(ops)} ${currency} an order`,
  first: (ops) => `for the first time ${values(ops, day)}`,
  last: (ops) => `for the last time ${values(ops, day)}`,
}

const day = (value: Json | undefined) => (typeof value === 'string' ? inSentence(value, 'en') : constant(value))

const isOne = (ops: Json | undefined) => isObject(ops) && Object.values(ops).every((value) => value === 1)

function did(value: JsonObject, isNot: boolean, names: Names): string {
  const behaviors = texts(value.behavior)
  const verbs = behaviors.map((one, i) => verb(one, isNot && i === 0))
  const what = behaviors.length === 0 ? (isNot ? 'did not do anything' : 'did anything') : denied(verbs, behaviors, isNot)
  const measures = MEASURES.filter((measure) => value[measure] !== undefined)
  const parts = [what, ...objects(value, names), and(measures.map((measure) => MEASURE[measure](value[measure], names)))]
  return [...parts.filter(Boolean), window(value.within, isNot)].filter(Boolean).join(' ')
}

/** One denied verb may stand alone; of several it is said that none is true. */
function denied(verbs: string[], behaviors: string[], isNot: boolean): string {
  if (!isNot || verbs.length === 1) return or(verbs)
  return `neither ${behaviors.map((one) => verb(one, false)).join(' nor ')}`
}

function scope(json: Json | undefined, names: Names): string {
  if (isObject(json) && typeof json.shop === 'string') return `shop ${names.shop(json.shop)}`
  if (isObject(json) && typeof json.brand === 'string') return `brand ${names.brand(json.brand)}`
  if (isObject(json) && typeof json.category === 'string') return `category ${names.category(json.category)}`
  return 'the whole workspace'
}

function state(value: JsonObject, isNot: boolean, names: Names): string {
  const model = String(value.model)
  const states = or(texts(value.in).map((one) => names.state(model, one)))
  return `are ${isNot ? 'not ' : ''}in ${states} (${names.model(model)}, ${scope(value.scope, names)})`
}

function tag(value: JsonObject, isNot: boolean, names: Names): string {
  const tests = Object.entries(value).map(([key, ops]) => `tag ${names.tag(key)} ${values(ops)}`)
  return `${isNot ? 'do not have' : 'have'} ${and(tests)}`
}

function noun({ leaf, value }: Leaf, names: Names): string | undefined {
  if (leaf === 'list') return `list ${quoted(String(value))}`
  if (leaf === 'audience') return `audience ${quoted(String(value))}`
  if (leaf === 'snapshot') return `locked audience ${quoted(names.snapshot(String(value)))}`
  return leaf === 'everyone' ? 'everyone' : undefined
}

function leaf(node: Leaf, isNot: boolean, names: Names): string {
  if (node.leaf === 'everyone') return isNot ? 'are not known' : 'are known'
  if (isObject(node.value) && node.leaf === 'did') return did(node.value, isNot, names)
  if (isObject(node.value) && node.leaf === 'tag') return tag(node.value, isNot, names)
  if (isObject(node.value) && node.leaf === 'state') return state(node.value, isNot, names)
  return `are ${isNot ? 'not ' : ''}${node.leaf === 'list' ? 'on' : 'in'} ${noun(node, names) ?? ''}`
}

function span(json: Json | undefined): string {
  if (!isObject(json)) return ''
  const [unit, n] = Object.entries(json)[0] ?? []
  return typeof n === 'number' && unit ? ` within ${plural(n, unit.replace(/s$/, ''))}` : ''
}

function wrapped({ id, wrap, rest }: Wrapped, of: Phrase[], isNot: boolean, names: Names): Phrase[] {
  const not = isNot ? 'not ' : ''
  const before = (text: string): Phrase[] => [{ text, node: id }, ...of]
  if (wrap === 'at' && isObject(rest.at)) {
    const { date, days_ago: ago } = rest.at
    const when = typeof date === 'string' ? `on ${inSentence(date, 'en')}` : `${plural(Number(ago), 'day')} before`
    return before(`would ${not}have been counted ${when} among those who `)
  }
  if (wrap === 'sample') return before(`are ${not}in a stable ${String(rest.percent)} % of those who `)
  const [measure = 'count', filter] = isObject(rest.by) ? (Object.entries(rest.by)[0] ?? []) : []
  const by = isObject(filter) ? did(filter, false, names) : 'did anything'
  return before(`are ${not}among the ${number(Number(rest.n))} with the greatest ${measure} where they ${by}, of those who `)
}

export const english: Tongue = {
  whole: (who, asOf) => [...who, { text: `, as of ${inSentence(asOf, 'en')}.` }],
  people: (of, isFirst) => [{ text: isFirst ? 'People who ' : 'those who ' }, ...of],
  leaf,
  noun,
  sequence: (steps, within, inWindow, isNot, names) => {
    const each = steps.map((step) => did(step, false, names)).join(', then ')
    const when = window(inWindow)
    return `${isNot ? 'did not do one after the other: ' : 'did one after the other: '}${each}${span(within)}${when ? `, ${when}` : ''}`
  },
  json: (text, isNot) => `${isNot ? 'do not satisfy' : 'satisfy'} ${text}`,
  wrap: wrapped,
  joint: { all: ' and ', any: ' or ', minus: ', minus ', xor: ' or ' },
  empty: (op, isNot) => ((op === 'all') !== isNot ? 'are known' : 'do not exist'),
  brackets: ['(', ')'],
  denied: 'not ',
  exclusive: ', but not both',
}
