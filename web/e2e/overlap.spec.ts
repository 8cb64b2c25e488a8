// Overlap and reach: every combination, every pair and the plan are the command line's, and behind each are its people.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, expectAccessible, test } from './test'

interface Overlap {
  union: number
  sets: { size: number; only: number }[]
  combinations: { sets: string[]; people: number; expression: unknown }[]
  matrix: number[][]
}

interface Reach {
  reach: number
  plan: { medium: string; new: number }[]
  left_out: { medium: string }[]
  frequency: { once: number; twice: number; three_or_more: number }
}

const PICKED = ['channel:ads.onsite.display_ads', 'channel:ads.onsite.feed_ads', 'channel:crm.email', 'channel:external.douyin', 'audience:loyal']
const channel = (name: string, path: string) => ({ name, channel: path, within: { days: 30 } })
const SETS = [...PICKED.slice(0, 4).map((text, i) => channel(String(i + 1), text.slice('channel:'.length))), { name: '5', audience: 'loyal' }]
const drawn = 'figure.chart [data-drawn] canvas'
const address = (sets: string[], more = '') => `/w/default/insight/overlap?sets=${encodeURIComponent(JSON.stringify(sets))}${more}`

test('combinations, sizes and pairs are those of the command line, and a column is exactly its people', async ({ page, weir }) => {
  await page.goto(address(PICKED))
  await expect(page.locator(drawn).first()).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const file = join(weir.data, 'sets.json')
  await writeFile(file, JSON.stringify(SETS))
  const { union, sets, combinations, matrix } = await weir.json<Overlap>('overlap', '--sets', file, '--as-of', asOf)
  const shown = combinations.slice(0, 20)
  for (const { sets: names, people } of shown) {
    await expect(page.getByTestId(`only:${[...names].sort().join(',')}`)).toHaveAttribute('data-count', String(people))
  }
  const rest = union - shown.reduce((sum, { people }) => sum + people, 0)
  expect(rest).toBeGreaterThan(0)
  await expect(page.getByTestId('rest')).toHaveAttribute('data-count', String(rest))
  await expect(page.getByTestId('sets union')).toHaveAttribute('data-count', String(union))
  for (const [i, { size }] of sets.entries()) {
    await expect(page.getByTestId(`sets set:${i + 1}`)).toHaveAttribute('data-count', String(size))
    for (const [j, both] of (matrix[i] ?? []).entries()) await expect(page.getByTestId(`pair-${i}-${j}`)).toHaveAttribute('data-count', String(both))
  }
  const count = page.getByTestId('panel-count')
  const most = shown.find(({ sets: names }) => names.length > 1)
  await page.getByTestId(`only:${[...(most?.sets ?? [])].sort().join(',')}`).press('Enter')
  await expect(count).toHaveAttribute('data-count', String(most?.people))
  expect(await weir.count(most?.expression, asOf)).toBe(most?.people)
  await page.getByTestId('rest').click()
  await expect(count).toHaveAttribute('data-count', String(rest))
  await page.reload()
  await expect(count).toHaveAttribute('data-count', String(rest))
  await page.getByTestId('pair-0-1').click()
  await expect(count).toHaveAttribute('data-count', String(matrix[0]?.[1]))
  await expect(page.getByTestId('panel').getByRole('alert')).toHaveCount(0)
})

test('two sets are circles, and sets come and go', async ({ page, weir, t }) => {
  await page.goto(address(['audience:loyal', 'channel:crm.email']))
  await expect(page.getByText(t('overlap.true'))).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const file = join(weir.data, 'two.json')
  await writeFile(file, JSON.stringify([{ name: '1', audience: 'loyal' }, channel('2', 'crm.email')]))
  const { combinations } = await weir.json<Overlap>('overlap', '--sets', file, '--as-of', asOf)
  expect(combinations).toHaveLength(3)
  for (const { sets, people } of combinations) {
    await expect(page.getByTestId(`only:${[...sets].sort().join(',')}`)).toHaveAttribute('data-count', String(people))
  }
  await page.getByRole('button', { name: t('overlap.remove', { name: 'loyal' }) }).click()
  await page.getByRole('button', { name: t('overlap.example') }).click()
  await expect(page.getByTestId('sets set:3')).toBeVisible()
  await page.goBack()
  await page.goBack()
  await expect(page.getByText(t('overlap.true'))).toBeVisible()
})

test('a plan within a budget is that of the command line, and whom it reaches is a door', async ({ page, weir, t }) => {
  await page.goto(address(PICKED.slice(0, 4)))
  await expect(page.getByTestId('plan-reach')).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const money = (label: string) => page.getByRole('textbox', { name: label })
  const first = (await page.locator('.costs th[scope=row]').first().textContent()) ?? ''
  const workspace = (await (await page.request.get('/api/v1/workspace')).json()) as { currency: string }
  const budget = money(t('reach.budget', { currency: workspace.currency }))
  // Two changes of the address in quick succession, on a slow machine: neither may be lost.
  const slow = await page.context().newCDPSession(page)
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 10 })
  await money(`${first}: ${t('reach.per_thousand')}`).fill('12.5')
  await budget.fill('15')
  await budget.press('Enter')
  await expect(page).toHaveURL(/costs=.*budget=15(&|$)/)
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  const file = join(weir.data, 'media.json')
  await writeFile(file, JSON.stringify(SETS.slice(0, 4).map((set, i) => ({ ...set, cost: { fixed: '0', per_thousand: i === 0 ? '12.5' : '10' } }))))
  const { reach, plan, left_out: out, frequency } = await weir.json<Reach>('reach', file, '--budget', '15', '--as-of', asOf)
  expect([plan.length > 0, out.length > 0]).toEqual([true, true])
  await expect(page.getByTestId('plan-reach')).toHaveAttribute('data-count', String(reach))
  await expect(page.getByText(t('reach.left_out', { n: out.length }))).toBeVisible()
  const count = page.getByTestId('panel-count')
  for (const [i, { new: added }] of plan.entries()) {
    await page.getByTestId(`new-${i + 1}`).click()
    await expect(count).toHaveAttribute('data-count', String(added))
  }
  await page.getByTestId('times-1').click()
  await expect(count).toHaveAttribute('data-count', String(frequency.once))
  await page.getByTestId('plan-reach').click()
  await expect(count).toHaveAttribute('data-count', String(reach))
  await page.reload()
  await expect(count).toHaveAttribute('data-count', String(reach))
  await expect(budget).toHaveValue('15')
})

test('nothing serious against anyone, in both themes', async ({ page }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(address(PICKED, '&open=union'))
    await expect(page.locator(drawn)).toHaveCount(2)
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
  }
  await page.goto(address(['audience:loyal', 'channel:crm.email']))
  await expect(page.getByTestId('only:1')).toBeVisible()
  await expectAccessible(page)
})
