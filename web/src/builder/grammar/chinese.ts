// 中文怎样说出「哪些人」：时间在前，动作在后，次数收尾。

import { exact } from '../../format/number'
import { listed } from '../../i18n/text'
import { isObject, MEASURES, texts, windowOf, type Json, type JsonObject, type Leaf, type Measure, type Wrapped } from '../tree'
import type { Names } from './names'
import type { Phrase, Tongue } from './tongue'

const quoted = (name: string) => `「${name}」`
const or = (items: readonly string[]) => listed(items, 'disjunction', 'zh')
const number = (n: number) => exact(n, 'zh')

/** 被动的行为：渠道是施动者。 */
const PASSIVE: Record<string, string> = {
  impression: '曝光',
}

/** 渠道、活动是动作的对象，而不是经由。 */
const DIRECT = new Set(['click'])

function window(json: Json | undefined): string {
  const within = windowOf(json)
  switch (within?.kind) {
    case 'days':
      return within.days === 1 ? '当天' : `近${number(within.days)}天`
    case 'skip':
      return `${number(within.skip)}天前往回${number(within.days)}天内`
    case 'until':
      return `${number(within.days)}天前及更早`
    case 'between':
      return within.from === within.to ? within.from : `${within.from}至${within.to}`
    case 'ever':
      return ''
    case undefined:
      return JSON.stringify(json)
  }
}

const constant = (value: Json | undefined): string =>
  typeof value === 'number' ? number(value) : typeof value === 'string' ? quoted(value) : value === true ? '是' : '否'
const bare = (value: Json | undefined): string => (typeof value === 'string' ? value : constant(value))

function op(name: string, value: Json, show: (value: Json | undefined) => string, unit: string): string {
  const shown = (Array.isArray(value) ? value : [value]).map(show)
  switch (name) {
    case 'eq':
      return `为${shown[0]}${unit}`
    case 'ne':
      return `不为${shown[0]}${unit}`
    case 'in':
      return `为${or(shown)}${unit}`
    case 'not_in':
      return `不为${or(shown)}${unit}`
    case 'gt':
      return `超过${shown[0]}${unit}`
    case 'gte':
      return `至少${shown[0]}${unit}`
    case 'lt':
      return `少于${shown[0]}${unit}`
    case 'lte':
      return `至多${shown[0]}${unit}`
    case 'between':
      return `${shown[0]}至${shown[1]}${unit}`
    case 'exists':
      return value === true ? '有值' : '无值'
    case 'contains_any':
      return `包含${or(shown)}之一`
    case 'contains_all':
      return `同时包含${shown.join('、')}`
    case 'last_days':
      return `在近${number(Number(value))}天内`
    case 'next_days':
      return `在未来${number(Number(value))}天内`
    case 'anniversary_next_days':
      return `的周年日在未来${number(Number(value))}天内`
    default:
      return `${name} ${JSON.stringify(value)}`
  }
}

function values(ops: Json | undefined, unit = '', show = constant): string {
  return Object.entries(isObject(ops) ? ops : {})
    .map(([name, value]) => op(name, value, show, unit))
    .join('且')
}

const MEASURE: Record<Measure, (ops: Json | undefined, names: Names) => string> = {
  count: (ops) => values(ops, '次'),
  active_days: (ops) => `天数${values(ops, '天')}`,
  orders: (ops) => `订单${values(ops, '笔')}`,
  amount: (ops, { currency }) => `金额${values(ops, ` ${currency}`)}`,
  quantity: (ops) => `件数${values(ops, '件')}`,
  aov: (ops, { currency }) => `笔单价${values(ops, ` ${currency}`)}`,
  first: (ops) => `首次${values(ops, '', bare)}`,
  last: (ops) => `末次${values(ops, '', bare)}`,
}

function list(did: JsonObject, key: string, named: (id: string) => string): string | undefined {
  const ids = texts(did[key])
  return ids.length > 0 ? or(ids.map((id) => quoted(named(id)))) : undefined
}

/** 在哪里、经由什么、对什么。 */
function circumstances(did: JsonObject, names: Names): string {
  const place = list(did, 'shop', names.shop)
  const campaign = list(did, 'campaign', names.campaign)
  const objects = [
    list(did, 'brand', names.brand)?.replace(/^/, '品牌'),
    list(did, 'category', names.category)?.replace(/^/, '类目'),
    list(did, 'item', names.item)?.replace(/^/, '商品'),
  ].filter((part) => part !== undefined)
  const properties = Object.entries(isObject(did.property) ? did.property : {}).map(([key, ops]) => `${key}${values(ops)}`)
  const each = Object.entries(isObject(did.each) ? did.each : {}).map(([key, ops]) => `单次${EACH[key] ?? key}${values(ops)}`)
  return [
    place && `在${place}`,
    campaign && `因活动${campaign}`,
    objects.length > 0 && `对${objects.join('、')}`,
    [...properties, ...each].length > 0 && `以${[...properties, ...each].join('、')}`,
    did.unscoped === true && '不限维度',
  ]
    .filter(Boolean)
    .join('')
}

const EACH: Record<string, string> = { amount: '金额', quantity: '件数' }

function verb(did: JsonObject, isNot: boolean, names: Names): string {
  const not = isNot ? '未' : ''
  const behaviors = texts(did.behavior)
  const channel = list(did, 'channel', names.channel)
  const [only] = behaviors
  const excluded = list(did, 'not_behavior', names.behavior)
  if (only && behaviors.length === 1 && PASSIVE[only]) return `${not}被${channel ?? ''}${PASSIVE[only]}`
  const action = behaviors.length === 0 ? `${excluded ? `${excluded}以外的` : '任意'}行为` : or(behaviors.map(names.behavior))
  const isDirect = behaviors.length > 0 && behaviors.every((one) => DIRECT.has(one))
  if (behaviors.length === 0) return `${channel ? `经${channel}` : ''}${isNot ? '没有' : '有'}${action}`
  return isDirect ? `${not}${action}${channel ?? ''}` : `${channel ? `经${channel}` : ''}${not}${action}`
}

function did(value: JsonObject, isNot: boolean, names: Names): string {
  const measures = MEASURES.filter((measure) => value[measure] !== undefined)
  const amounts = measures.map((measure) => MEASURE[measure](value[measure], names)).join('、')
  const when = window(value.within)
  // 没有时间范围的否定，说「从未」才不含糊。
  const isNever = isNot && when === ''
  const action = isNever ? verb(value, true, names).replace(/(未|没有)/, '从未') : verb(value, isNot, names)
  return `${when}${circumstances(value, names)}${action}${amounts}`
}

function scope(json: Json | undefined, names: Names): string {
  if (isObject(json) && typeof json.shop === 'string') return `店铺${quoted(names.shop(json.shop))}`
  if (isObject(json) && typeof json.brand === 'string') return `品牌${quoted(names.brand(json.brand))}`
  if (isObject(json) && typeof json.category === 'string') return `类目${quoted(names.category(json.category))}`
  return '全工作区'
}

function state(value: JsonObject, isNot: boolean, names: Names): string {
  const model = String(value.model)
  const states = or(texts(value.in).map((one) => quoted(names.state(model, one))))
  return `${isNot ? '不' : ''}处于${states}（${names.model(model)}，${scope(value.scope, names)}）`
}

function tag(value: JsonObject, isNot: boolean, names: Names): string {
  const tests = Object.entries(value).map(([key, ops]) => `标签${quoted(names.tag(key))}${values(ops)}`)
  return isNot ? `不满足${tests.join('且')}` : tests.join('且')
}

function noun({ leaf, value }: Leaf, names: Names): string | undefined {
  if (leaf === 'list') return `名单${quoted(String(value))}`
  if (leaf === 'audience') return `人群${quoted(String(value))}`
  if (leaf === 'snapshot') return `锁定人群${quoted(names.snapshot(String(value)))}`
  return leaf === 'everyone' ? '全部已知消费者' : undefined
}

function leaf(node: Leaf, isNot: boolean, names: Names): string {
  if (node.leaf === 'everyone') return isNot ? '未知' : '已知'
  if (isObject(node.value) && node.leaf === 'did') return did(node.value, isNot, names)
  if (isObject(node.value) && node.leaf === 'tag') return tag(node.value, isNot, names)
  if (isObject(node.value) && node.leaf === 'state') return state(node.value, isNot, names)
  return `${isNot ? '不' : ''}在${noun(node, names) ?? ''}中`
}

const SPANS: Record<string, string> = { days: '天', hours: '小时', minutes: '分钟' }

function span(json: Json | undefined): string {
  const [unit, n] = isObject(json) ? (Object.entries(json)[0] ?? []) : []
  return typeof n === 'number' && unit ? `${number(n)}${SPANS[unit] ?? unit}内` : ''
}

function wrapped({ id, wrap, rest }: Wrapped, of: Phrase[], isNot: boolean, names: Names): Phrase[] {
  const not = isNot ? '不' : ''
  const around = (before: string, after: string): Phrase[] => [{ text: before, node: id }, ...of, { text: after, node: id }]
  if (wrap === 'at' && isObject(rest.at)) {
    const { date, days_ago: ago } = rest.at
    const when = typeof date === 'string' ? date : `${number(Number(ago))}天前`
    return around(`按${when}计算${isNot ? '不' : ''}满足`, '')
  }
  if (wrap === 'sample') return around(`${not}属于`, `的人中固定的${String(rest.percent)}%`)
  const [measure = 'count', filter] = isObject(rest.by) ? (Object.entries(rest.by)[0] ?? []) : []
  const by = isObject(filter) ? did(filter, false, names) : '任意行为'
  return around(`${not}属于`, `的人中，按${by}的${TOP[measure] ?? measure}居前${number(Number(rest.n))}`)
}

const TOP: Record<string, string> = {
  count: '次数',
  active_days: '天数',
  orders: '订单数',
  amount: '金额',
  quantity: '件数',
  aov: '笔单价',
  first: '首次日期',
  last: '末次日期',
}

export const chinese: Tongue = {
  whole: (who, asOf) => [...who, { text: `，截至${asOf}。` }],
  people: (of) => [...of, { text: '的人' }],
  leaf,
  noun,
  sequence: (steps, within, inWindow, isNot, names) => {
    const each = steps.map((step) => did(step, false, names)).join('，然后')
    return `${window(inWindow)}${span(within)}${isNot ? '没有' : ''}依次：${each}`
  },
  json: (text, isNot) => `${isNot ? '不满足' : '满足'} ${text}`,
  wrap: wrapped,
  joint: { all: '、且', any: '或', minus: '，减去', xor: '或' },
  empty: (op, isNot) => ((op === 'all') !== isNot ? '已知' : '不存在'),
  brackets: ['（', '）'],
  denied: '并非',
  exclusive: '，但只满足其一',
}
