import { expect, test } from 'vitest'
import type { Consumer, ConsumerEvent, ConsumerLink } from '../api/types'
import { looks } from '../states/look'
import { byDay, timeOfDay } from './days'
import { channelsAbove, isFiltered, isPersonal, mayBeIdentifier, NO_FILTERS, readFilters } from './filters'
import { graphOf, MOST_DRAWN, pairs } from './graph'
import { daysOf, stripOption, totals } from './strip'

const identifier = (n: number) => ({ key: `~${n}`, kind: n === 0 ? 'user_id' : 'device', value: `v${n}`, events: 0 })
const link = (a: number, b: number, state: ConsumerLink['state'] = 'active'): ConsumerLink => ({
  a_key: `~${a}`,
  b_key: `~${b}`,
  a: { kind: 'user_id', value: `v${a}` },
  b: { kind: 'device', value: `v${b}` },
  alias: false,
  state,
})
const person = (own: number, links: ConsumerLink[]): Pick<Consumer, 'key' | 'identifiers' | 'links'> => ({
  key: '~0',
  identifiers: Array.from({ length: own }, (_, i) => identifier(i)),
  links,
})

test('a pair that any link joins is joined', () => {
  const dated = (time: string, one: ConsumerLink): ConsumerLink => ({ ...one, time })
  const found = pairs([dated('1', link(0, 1, 'two_known_people')), dated('2', link(1, 0)), dated('3', link(0, 1)), dated('4', link(0, 2, 'unlinked'))])
  expect(found.map(({ state, links, link }) => [state, links, link.time])).toEqual([['active', 3, '2'], ['unlinked', 1, '4']])
})

test('the canonical identifier is to the left, others of the person beside it, other people to the right', () => {
  const { nodes, edges, left } = graphOf(person(3, [link(0, 1), link(0, 2), link(9, 1, 'two_known_people')]))
  expect(nodes.map(({ key, role }) => [key, role])).toEqual([['~0', 'canonical'], ['~1', 'own'], ['~2', 'own'], ['~9', 'other']])
  const x = (key: string) => nodes.find((node) => node.key === key)?.x ?? -1
  expect(x('~0') < x('~1') && x('~1') === x('~2') && x('~2') < x('~9')).toBe(true)
  // Every edge runs from left to right, whichever way the link was stated.
  expect(edges.map(({ from, to }) => [from, to])).toEqual([['~0', '~1'], ['~0', '~2'], ['~1', '~9']])
  expect(left).toBe(0)
})

test('what is not drawn is counted', () => {
  const { nodes, edges, left } = graphOf(person(MOST_DRAWN + 4, [link(0, 1), link(0, MOST_DRAWN + 3)]))
  expect(nodes).toHaveLength(MOST_DRAWN + 1)
  expect(left).toBe(3)
  expect(edges).toHaveLength(1)
})

const SPANS = [
  { state: 'potential', from: '2024-11-01', to: '2024-11-10' },
  { state: 'old', from: '2024-11-11', to: '2024-11-30' },
  { state: 'potential', from: '2024-12-01', to: '2024-12-01' },
]

test('a strip is as long as its days', () => {
  expect(SPANS.map(daysOf)).toEqual([10, 20, 1])
  expect(totals(SPANS)).toEqual([{ state: 'old', days: 20 }, { state: 'potential', days: 11 }])
  const option = stripOption({ spans: SPANS, looks: looks([], 'en'), theme: 'light', inDays: String }) as {
    series: { data: number[]; label: { show: boolean } }[]
    xAxis: { max: number; axisLabel: { formatter: (day: number) => string } }
  }
  expect(option.series.map(({ data }) => data[0])).toEqual([10, 20, 1])
  expect(option.series.map(({ label }) => label.show)).toEqual([true, true, false])
  expect(option.xAxis.max).toBe(31)
  expect([0, 10, 31].map(option.xAxis.axisLabel.formatter)).toEqual(['2024-11-01', '2024-11-11', '2024-12-01'])
})

test('events come by day, in the order of the server', () => {
  const event = (day: string, item: string) => ({ day, item }) as ConsumerEvent
  const days = byDay([event('2024-11-02', 'a'), event('2024-11-02', 'b'), event('2024-11-01', 'c')])
  expect(days.map(({ day, events }) => [day, events.map(({ item }) => item)])).toEqual([['2024-11-02', ['a', 'b']], ['2024-11-01', ['c']]])
  expect(timeOfDay('2024-11-11T20:00:01+08:00')).toBe('20:00:01')
})

test('filters are what the address says', () => {
  const filters = readFilters(new URLSearchParams('behavior=view&since=2024-11-01&until=yesterday&later=1'))
  expect(filters).toEqual({ behavior: 'view', channel: undefined, since: '2024-11-01', until: undefined, isLater: true })
  expect(isFiltered(filters)).toBe(true)
  expect(isFiltered(readFilters(new URLSearchParams('later=1')))).toBe(false)
  expect(Object.keys(NO_FILTERS)).toEqual(['behavior', 'channel', 'since', 'until'])
})

test('channels are offered with those above them', () => {
  expect(channelsAbove(['ads.onsite.feed_ads', 'crm.sms', null, 'ads.onsite'])).toEqual(['ads', 'ads.onsite', 'ads.onsite.feed_ads', 'crm', 'crm.sms'])
})

test.each([['phone:13712341234', true], ['email:a@b.cn', true], ['10142', false], ['~4711', false], ['device:phone:1', false]])('%j tells how to reach somebody: %s', (id, is) => {
  expect(isPersonal(id)).toBe(is)
})

test.each([['10142', true], ['phone:13712341234', true], [' ~4711 ', true], ['ab', false], ['two words', false], ['', false]])('%j may be an identifier: %s', (text, is) => {
  expect(mayBeIdentifier(text)).toBe(is)
})
