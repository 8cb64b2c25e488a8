// Home and the entrances: every figure is the command line's, what needs somebody has its remedy, and a form is a door.

import { addDays } from '../src/format/day'
import { expect, expectAccessible, test } from './test'

interface Reach {
  any: number
  channels: { path: string; people: number }[]
}

const channels = ['shop', 'ads', 'external', 'activity', 'audience', 'content', 'crm', 'web']

test('home counts what the command line counts, and says what needs somebody', async ({ page, weir, t }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1, name: t('home.title') })).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const reach = await weir.json<Reach>('channels', '--days', '30', '--as-of', asOf)
  const figure = (id: string) => page.getByTestId(id)
  await expect(figure('home-known')).toHaveAttribute('data-count', String(await weir.count({ everyone: true }, asOf)))
  await expect(figure('home-reached')).toHaveAttribute('data-count', String(reach.any))
  await expect(figure('home-bought')).toHaveAttribute('data-count', String(await weir.count({ did: { behavior: ['purchase'], within: { days: 30 } } }, asOf)))
  for (const { path, people } of reach.channels.filter(({ path }) => channels.includes(path))) {
    await expect(figure(`entrance-${path}`)).toHaveAttribute('data-count', String(people))
  }
  await figure('home-reached').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(reach.any))
  await page.keyboard.press('Escape')
  await page.getByTestId('attention').getByRole('link', { name: t('home.remedy.import') }).click()
  await expect(page).toHaveURL(/data\/imports/)
})

test('a channel, its form, and the people it means', async ({ page, weir, t }) => {
  await page.goto('/w/default/reflow?days=60')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  await page.getByRole('button', { name: t('entrance.ads'), exact: true }).first().click()
  const reach = await weir.json<Reach>('channels', '--days', '60', '--as-of', asOf)
  for (const { path, people } of reach.channels.filter(({ path }) => path.startsWith('ads.'))) {
    await expect(page.getByTestId(`channel-${path}`)).toHaveAttribute('data-count', String(people))
  }
  const usual = { behavior: ['impression', 'click'], channel: ['ads'], count: { gte: 1 }, within: { days: 30 } }
  await expect(page.getByTestId('form-count')).toHaveAttribute('data-count', String(await weir.count({ did: usual }, asOf)))
  await page.getByLabel(t('reflow.not_bought_since')).click()
  const bought = { sequence: { steps: [{ behavior: ['impression', 'click'], channel: ['ads'], within: { days: 30 } }, { behavior: ['purchase'] }] } }
  const count = String(await weir.count({ minus: [{ did: usual }, bought] }, asOf))
  await expect(page.getByTestId('form-count')).toHaveAttribute('data-count', count)
  await page.reload()
  await expect(page.getByTestId('form-count')).toHaveAttribute('data-count', count)
  const old = addDays(asOf, -30)
  await page.goto(`/w/default/reflow?channel=ads&as_of=${old}`)
  await expect(page.getByTestId('form-count')).toHaveAttribute('data-count', String(await weir.count({ did: usual }, old)))
})

test('nothing serious against anyone, in both themes', async ({ page }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/')
    await page.getByTestId('home-known').click()
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(1)
    await expectAccessible(page)
    await page.goto('/w/default/reflow?channel=shop')
    await expect(page.getByTestId('form-count')).toBeVisible()
    await expectAccessible(page)
  }
})
