// From a file's columns to a mapping: a guess by their names and first values, which a form changes, written as SQL.

export type Kind = 'events' | 'tags'

export interface Column {
  name: string
  holds: string
}

/** What an event has, besides identifiers. */
export const TARGETS = [
  'time',
  'behavior',
  'channel',
  'shop',
  'brand',
  'category',
  'campaign',
  'item',
  'order_id',
  'amount',
  'currency',
  'quantity',
  'message_id',
] as const
export type Target = (typeof TARGETS)[number]

export const ID_KINDS = ['user_id', 'phone', 'email', 'openid', 'unionid', 'device', 'anonymous_id'] as const

/** How the texts of the column with the time are read. */
export const TIME_FORMATS = ['as_is', 'day_first', 'month_first', 'seconds', 'milliseconds'] as const
export type TimeFormat = (typeof TIME_FORMATS)[number]

export type Source =
  | { column: string }
  /** The same for every row; but a purchase whose quantity or amount is negative is a refund, if that is said. */
  | { text: string; hasRefunds?: boolean }
  /** A column with the price of one piece, of which there are as many as the quantity says. */
  | { price: string }

/** The column that a source reads. */
export const columnOf = (source: Source): string | undefined => ('column' in source ? source.column : 'price' in source ? source.price : undefined)

export interface Mapping {
  kind: Kind
  fields: Partial<Record<Target, Source>>
  /** Kind of identifier and its column. */
  ids: { kind: string; column: string }[]
  timeFormat: TimeFormat
  /** Columns that become properties, or tags. */
  others: string[]
}

/** Names that people give to columns, without case, spaces and signs. */
const NAMES: Record<Target, string[]> = {
  time: ['time', 'timestamp', 'datetime', 'date', 'eventtime', 'occurredat', 'createdat', 'createtime', 'orderdate', 'ordertime', 'invoicedate', 'paidat', 'paytime', 'paymenttime', 'transactiontimestamp', 'ts', '时间', '日期', '下单时间', '付款时间', '支付时间', '成交时间', '行为时间'],
  behavior: ['behavior', 'behaviour', 'event', 'eventname', 'eventtype', 'action', '行为', '行为类型', '事件', '事件名称'],
  channel: ['channel', 'source', 'medium', 'utmmedium', 'utmsource', 'trafficsource', '渠道', '来源渠道'],
  shop: ['shop', 'shopid', 'store', 'storeid', 'shopname', '店铺', '门店', '店铺id', '店铺名称'],
  brand: ['brand', 'brandid', 'brandname', '品牌'],
  category: ['category', 'categoryid', 'categoryname', 'department', '类目', '分类', '品类'],
  campaign: ['campaign', 'campaignid', 'campaignname', 'utmcampaign', '活动', '营销活动', '计划'],
  item: ['item', 'itemid', 'product', 'productid', 'sku', 'skuid', 'stockcode', 'goodsid', '商品', '商品id', '宝贝id', '货号'],
  order_id: ['orderid', 'order', 'orderno', 'ordernumber', 'invoice', 'invoiceno', 'basketid', 'transactionid', '订单号', '订单编号', '订单id'],
  amount: ['amount', 'total', 'totalamount', 'revenue', 'paid', 'paidamount', 'payment', 'sales', 'salesvalue', 'gmv', '金额', '实付金额', '成交金额', '支付金额', '订单金额'],
  currency: ['currency', 'currencycode', '币种', '货币'],
  quantity: ['quantity', 'qty', 'pieces', 'units', '数量', '件数', '购买数量'],
  message_id: ['messageid', 'eventid', 'uuid', '消息id'],
}

const PRICE_NAMES = ['unitprice', 'price', 'itemprice', 'saleprice', '单价', '价格', '商品单价', '成交单价']

const ID_NAMES: Record<(typeof ID_KINDS)[number], string[]> = {
  user_id: ['userid', 'uid', 'user', 'customerid', 'customer', 'memberid', 'buyerid', 'buyer', 'clientid', 'householdid', '用户id', '用户', '会员id', '会员号', '客户id', '客户编号', '买家id'],
  phone: ['phone', 'phonenumber', 'mobile', 'mobilephone', 'tel', '手机', '手机号', '手机号码', '电话', '联系电话'],
  email: ['email', 'mail', 'emailaddress', '邮箱', '电子邮箱'],
  openid: ['openid', 'wxopenid', '微信openid'],
  unionid: ['unionid', 'wxunionid'],
  device: ['device', 'deviceid', 'idfa', 'oaid', 'imei', '设备号', '设备id'],
  anonymous_id: ['anonymousid', 'visitorid', 'cookieid', 'fullvisitorid', '访客id'],
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '').replace(/^id(?=.{4,}id$)/, '')

export type Values = readonly unknown[]

/** A mapping to begin with. `rows` are the file's first ones, a value per column. */
export function guess(kind: Kind, columns: readonly Column[], rows: readonly Values[]): Mapping {
  const taken = new Set<string>()
  const take = (names: readonly string[]): string | undefined => {
    // The earlier a name stands in the list, the better it fits.
    const found = names.map((name) => columns.find((column) => plain(column.name) === name && !taken.has(column.name))).find(Boolean)
    if (found) taken.add(found.name)
    return found?.name
  }
  const ids = ID_KINDS.flatMap((id) => {
    const column = take([`id${plain(id)}`, plain(id), ...ID_NAMES[id]])
    return column === undefined ? [] : [{ kind: id, column }]
  })
  const fields: Mapping['fields'] = {}
  for (const target of kind === 'events' ? TARGETS : (['time'] as const)) {
    const column = take(NAMES[target])
    if (column !== undefined) fields[target] = { column }
  }
  if (kind === 'events') {
    const price = fields.amount ? undefined : take(PRICE_NAMES)
    if (price !== undefined) fields.amount = { price }
    fields.behavior ??= guessBehavior(fields, columns, rows)
  }
  const time = fields.time && columnOf(fields.time)
  return {
    kind,
    fields,
    ids,
    timeFormat: guessTime(columns, rows, time).format,
    others: columns.map(({ name }) => name).filter((name) => !taken.has(name)),
  }
}

/** What has an amount or an order is a purchase, and refunds are among them where one is seen. */
function guessBehavior(fields: Mapping['fields'], columns: readonly Column[], rows: readonly Values[]): Source {
  if (!fields.amount && !fields.order_id) return { text: 'view' }
  const signed = signOf(fields)
  const at = columns.findIndex(({ name }) => name === signed)
  const hasRefunds = rows.some((row) => Number(row[at]) < 0)
  return hasRefunds ? { text: 'purchase', hasRefunds } : { text: 'purchase' }
}

/** The column whose sign tells a purchase from a refund. */
export function signOf(fields: Mapping['fields']): string | undefined {
  const source = fields.quantity ?? fields.amount
  return source && columnOf(source)
}

/** From here on a whole number is a time in milliseconds. */
const MILLISECONDS_FROM = 1e11

/** How a column's times are written, and whether that can be told: 03/04 is two days. */
export function guessTime(columns: readonly Column[], rows: readonly Values[], column: string | undefined): { format: TimeFormat; isAmbiguous: boolean } {
  const at = columns.findIndex(({ name }) => name === column)
  const holds = columns[at]?.holds
  const values = rows.map((row) => row[at]).filter((value) => value !== null && value !== undefined)
  if (holds === 'integer' || holds === 'number') {
    const isMilliseconds = values.some((value) => Number(value) >= MILLISECONDS_FROM)
    return { format: isMilliseconds ? 'milliseconds' : 'seconds', isAmbiguous: false }
  }
  const parts = values.map((value) => /^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}/.exec(String(value))).filter((match) => match !== null)
  if (parts.length === 0) return { format: 'as_is', isAmbiguous: false }
  if (parts.some((match) => Number(match[1]) > 12)) return { format: 'day_first', isAmbiguous: false }
  if (parts.some((match) => Number(match[2]) > 12)) return { format: 'month_first', isAmbiguous: false }
  return { format: 'day_first', isAmbiguous: true }
}

// --- SQL ---

const name = (column: string) => `"${column.replaceAll('"', '""')}"`
const text = (value: string) => `'${value.replaceAll("'", "''")}'`

/** Output columns that mean something of their own. */
const isReserved = (column: string) => TARGETS.some((target) => target === column) || column.startsWith('id_')

/** Days and months written as people do become ISO dates; what is none of these is refused row by row. */
function isoSql(column: string, format: 'day_first' | 'month_first'): string {
  const padded = `regexp_replace(${name(column)}, '\\b(\\d)\\b', '0\\1', 'g')`
  const parts = format === 'day_first' ? '\\3-\\2-\\1' : '\\3-\\1-\\2'
  return `regexp_replace(${padded}, '^(\\d{2})[/.-](\\d{2})[/.-](\\d{4})', '${parts}')`
}

function timeSql(column: string, format: TimeFormat): string {
  if (format === 'as_is') return name(column)
  if (format === 'seconds') return `to_timestamp(${name(column)})`
  if (format === 'milliseconds') return `to_timestamp_millis(${name(column)})`
  return isoSql(column, format)
}

const decimal = (column: string) => `CAST(${name(column)} AS DECIMAL(18, 4))`

function sourceSql(target: Target, source: Source, { fields, timeFormat }: Mapping): string {
  if ('price' in source) {
    const quantity = fields.quantity && columnOf(fields.quantity)
    return quantity === undefined ? name(source.price) : `${decimal(quantity)} * ${decimal(source.price)}`
  }
  if ('column' in source) return target === 'time' ? timeSql(source.column, timeFormat) : name(source.column)
  const signed = source.hasRefunds ? signOf(fields) : undefined
  return signed === undefined ? text(source.text) : `CASE WHEN ${decimal(signed)} < 0 THEN 'refund' ELSE ${text(source.text)} END`
}

/** The mapping's SQL. */
export function sql(mapping: Mapping): string {
  const lines: [string, string][] = []
  for (const target of TARGETS) {
    const source = mapping.fields[target]
    if (source) lines.push([sourceSql(target, source, mapping), target])
  }
  for (const { kind, column } of mapping.ids) lines.push([`CAST(${name(column)} AS VARCHAR)`, `id_${kind}`])
  const used = new Set(lines.map(([, output]) => output))
  for (const column of mapping.others) {
    const output = isReserved(column) || used.has(column) ? `${column}_value` : column
    used.add(output)
    lines.push([name(column), name(output)])
  }
  return `SELECT\n${lines.map(([source, output]) => `    ${source} AS ${output}`).join(',\n')}\nFROM input\n`
}

/** What a mapping lacks before it can be tried. */
export function lacks(mapping: Mapping): ('id' | 'time' | 'behavior' | 'tag')[] {
  const found: ('id' | 'time' | 'behavior' | 'tag')[] = []
  if (mapping.ids.length === 0) found.push('id')
  if (mapping.kind === 'tags') return mapping.others.length === 0 ? [...found, 'tag'] : found
  if (!mapping.fields.time) found.push('time')
  if (!mapping.fields.behavior) found.push('behavior')
  return found
}

/** Text files whose beginning is a file of the same kind. */
const LINED = /\.(csv|tsv|txt|jsonl|ndjson|json)$/i

/** How much of a file is enough to look at. */
export const HEAD_BYTES = 512 * 1024

/** Whether only the beginning of a file needs to be sent for a look at it. */
export const hasHead = (fileName: string, bytes: number): boolean => LINED.test(fileName) && bytes > HEAD_BYTES
