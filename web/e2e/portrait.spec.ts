// Portraits: every figure is the command line's, every row is a door, and a door leads to the portrait of its people.

import { readFile } from 'node:fs/promises'
import { expect, expectAccessible, test } from './test'

interface Portrait {
  sizes: { subject: number; base: number; both: number }
  cuts: { name: string; rest: { subject: number }; rows: { value?: string | null; subject: number; base: number; notable: boolean; interval?: [number, number]; expression: unknown }[] }[]
}

const key = (cut: string, value: string | null | undefined) => JSON.stringify([cut, value ?? null])
const drawn = 'figure.chart [data-drawn] canvas'

test('rows are those of the command line, what does not differ is folded and counted, and each is a door', async ({ page, weir, t }) => {
  await page.goto('/w/default/insight/portrait?who=audience:loyal')
  await expect(page.locator(drawn).first()).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const { sizes, cuts } = await weir.json<Portrait>('portrait', '--audience', 'loyal', '--as-of', asOf)
  await expect(page.getByTestId('size-subject')).toHaveAttribute('data-count', String(sizes.subject))
  await expect(page.getByTestId('size-base')).toHaveAttribute('data-count', String(sizes.base))
  const notable = cuts.flatMap(({ name, rows }) => rows.filter((row) => row.notable).map((row) => ({ name, ...row })))
  expect(notable.length).toBeGreaterThan(0)
  for (const { name, value, subject } of notable) {
    await expect(page.getByTestId(`row ${key(name, value)}`)).toHaveAttribute('data-count', String(subject))
  }
  await expect(page.locator('[data-testid^="row "]')).toHaveCount(notable.length)

  const folded = cuts.find(({ rows }) => rows.some((row) => row.notable) && rows.some((row) => !row.notable))
  const others = folded?.rows.filter((row) => !row.notable) ?? []
  const first = folded?.rows.find((row) => row.notable)
  const figure = page.locator('figure.chart').filter({ has: page.getByTestId(`row ${key(folded?.name ?? '', first?.value)}`) })
  await figure.getByRole('button', { name: t('portrait.unfold', { n: others.length }) }).click()
  for (const { value, subject } of others) {
    await expect(page.getByTestId(`row ${key(folded?.name ?? '', value)}`)).toHaveAttribute('data-count', String(subject))
  }
  const [csv] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name: t('chart.csv') }).click()])
  expect((await readFile(await csv.path(), 'utf8')).trimEnd().split('\r\n')).toHaveLength(1 + (folded?.rows.length ?? 0))

  await page.getByTestId(`row ${key(folded?.name ?? '', first?.value)}`).click()
  const count = page.getByTestId('panel-count')
  await expect(count).toHaveAttribute('data-count', String(first?.subject))
  expect(await weir.count(first?.expression, asOf)).toBe(first?.subject)
  await page.reload()
  await expect(count).toHaveAttribute('data-count', String(first?.subject))
  await expect(figure.getByRole('button', { name: t('portrait.fold', { n: others.length }) })).toBeVisible()

  await page.getByTestId('panel').getByRole('button', { name: t('door.portrait'), exact: true }).click()
  await expect(page.getByTestId('size-subject')).toHaveAttribute('data-count', String(first?.subject))
  await page.goBack()
  await expect(count).toHaveAttribute('data-count', String(first?.subject))
})

test('two audiences can be compared and swapped, by chosen cuts', async ({ page, weir, t }) => {
  const by = encodeURIComponent(JSON.stringify(['tag=gender', 'entrance']))
  await page.goto(`/w/default/insight/portrait?who=audience:loyal&base=audience:cart_without_order&by=${by}&unfolded=${encodeURIComponent('["tag gender","entrance"]')}`)
  await expect(page.locator(drawn).first()).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const asked = (subject: string, base: string) => weir.json<Portrait>('portrait', '--audience', subject, '--base-audience', base, '--by', 'tag=gender', '--by', 'entrance', '--as-of', asOf)
  const check = async ({ cuts }: Portrait) => {
    for (const { name, rows } of cuts) {
      for (const { value, subject } of rows) await expect(page.getByTestId(`row ${key(name, value)}`)).toHaveAttribute('data-count', String(subject))
    }
  }
  const { sizes, cuts } = await asked('loyal', 'cart_without_order')
  await check({ sizes, cuts })
  const count = page.getByTestId('panel-count')
  await page.getByTestId('size-both').click()
  await expect(count).toHaveAttribute('data-count', String(sizes.both))
  const reached = cuts.find(({ name, rest }) => name === 'entrance' && rest.subject > 0)
  await page.getByTestId('rest entrance').click()
  await expect(count).toHaveAttribute('data-count', String(reached?.rest.subject))
  await expect(page.getByTestId('panel').getByRole('alert')).toHaveCount(0)
  await page.getByRole('button', { name: t('portrait.swap') }).click()
  await check(await asked('cart_without_order', 'loyal'))
  // The example is the first audience, whichever that is by now.
  const [first] = (await weir.json<{ items: { name: string }[] }>('audience', 'list')).items
  await page.goto('/w/default/insight/portrait?who=everyone')
  await page.getByRole('button', { name: t('portrait.example', { name: first?.name ?? '' }) }).click()
  await expect(page.getByTestId('size-subject')).toBeVisible()
})

test('nothing serious against anyone, in both themes', async ({ page }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(`/w/default/insight/portrait?who=audience:loyal&open=subject&by=${encodeURIComponent('["tag=gender","amount"]')}`)
    await expect(page.locator(drawn).first()).toBeVisible()
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
  }
})
