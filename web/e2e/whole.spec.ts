// The whole story in one go, on an empty Weir: from the first run to a webhook that has everybody who moved.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { addDays } from '../src/format/day'
import type { Text } from '../src/i18n/text'
import { largestMove, type Flow } from './flow'
import { receive } from './receiver'
import { expect, expectAccessible, openNewDestination, test } from './test'
import { serve, type Weir } from './weir'

/** Invoice lines as shops export them: number, item, quantity, date, unit price, customer, country. */
const ORDERS = '../examples/gift-shop/orders.csv'

/** Who bought within a year, but not lately. */
const LAPSED = {
  minus: [{ did: { behavior: ['purchase'], within: { days: 365 } } }, { did: { behavior: ['purchase'], within: { days: 60 } } }],
}

const countOf = async (figure: Locator) => Number(await figure.getAttribute('data-count'))

/** A Weir that nobody has opened yet, without data. */
async function beginning(): Promise<Weir> {
  const empty = await mkdtemp(join(tmpdir(), 'weir-e2e-empty-'))
  const weir = await serve(empty)
  await rm(empty, { recursive: true })
  return weir
}

// Nobody is signed in.
test.use({ storageState: { cookies: [], origins: [] } })

test('first run, a file, an audience with a difference, a snapshot, a track, a cell, a webhook, a ledger', async ({ page, t, language }) => {
  test.setTimeout(120_000)
  const weir = await beginning()
  try {
    await page.goto(weir.firstRun)
    await expect(page.getByText(t('home.empty.title'))).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('link', { name: t('home.empty.file_go') }).click()
    await uploadOrders(page, weir, t)
    const asOf = await buildLapsed(page, weir, t)
    const count = await weir.count(LAPSED, asOf)
    const name = language === 'zh' ? '沉睡买家' : 'lapsed buyers'
    await lock(page, t, { name, count })
    const first = addDays(asOf, -90)
    await track(page, t, { name, first })
    await pushMovers(page, weir, t, { name, first, asOf, count })
  } finally {
    await weir.stop()
  }
})

async function uploadOrders(page: Page, weir: Weir, t: Text): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: await readFile(ORDERS) })
  const sql = page.getByLabel(t('wizard.sql'))
  await expect(sql).toHaveValue(/"Quantity" AS DECIMAL\(18, 4\)\) \* CAST\("UnitPrice"/)
  const channel = page.getByRole('combobox', { name: t('field.channel'), exact: true })
  await channel.fill(t('wizard.fixed'))
  await channel.press('Enter')
  await expect(sql).toHaveValue(/'shop' AS channel/)
  await page.getByRole('checkbox', { name: t('wizard.refunds', { column: 'Quantity' }) }).check()
  await expect(sql).toHaveValue(/'refund'/)
  const commit = page.getByRole('button', { name: t('wizard.import_all') })
  await expect(commit).toBeEnabled()
  await expect(page.getByTestId('preview')).toHaveAttribute('data-stale', 'false')
  await expectAccessible(page)
  await commit.click()
  await expect(page.getByTestId('import-ledger')).toBeVisible({ timeout: 30_000 })
  const [done] = (await weir.json<{ items: { read: number; accepted: number; duplicate: number; rejected: number }[] }>('import', 'log')).items
  if (!done) throw new Error('nothing was imported')
  const { read, accepted, duplicate, rejected } = done
  expect(accepted + duplicate + rejected).toBe(read)
  await expect(page.getByTestId('import-ledger')).toContainText(t('imports.balanced', { read: read.toLocaleString('en'), accepted: accepted.toLocaleString('en'), duplicate: String(duplicate), rejected: String(rejected) }))
}

/** The example of the builder becomes another by mouse: two times bought, and the first minus the second. */
async function buildLapsed(page: Page, weir: Weir, t: Text): Promise<string> {
  await page.getByRole('link', { name: t('nav.audiences'), exact: true }).click()
  await page.getByRole('link', { name: t('audiences.new') }).first().click()
  await expect(page.getByTestId('result-count')).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const rows = page.getByRole('tree').getByRole('treeitem')
  const editor = page.locator('.editor')
  await rows.nth(1).locator('.what').click()
  await editor.getByLabel(t('field.days'), { exact: true }).fill('365')
  const behavior = editor.getByLabel(t('field.behavior'), { exact: true })
  await behavior.click()
  await behavior.press('Backspace')
  await behavior.pressSequentially('purchase')
  await behavior.press('Enter')
  await page.keyboard.press('Escape')
  await rows.nth(2).locator('.row').first().click()
  await page.getByRole('button', { name: t('builder.not'), exact: true }).click()
  await rows.nth(2).locator('.what').click()
  await editor.getByLabel(t('field.days'), { exact: true }).fill('60')
  await rows.nth(0).locator('.op').first().click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: t('builder.op.minus') }).click()
  await rows.nth(0).focus()
  await expect(page.locator('.tree')).toHaveAttribute('data-stale', 'false')
  const drawn = JSON.parse((await page.locator('.side .expression pre').textContent()) ?? '') as unknown
  expect(drawn).toEqual(LAPSED)
  await expect(page.getByTestId('result-count')).toHaveAttribute('data-count', String(await weir.count(LAPSED, asOf)))
  return asOf
}

async function lock(page: Page, t: Text, { name, count }: { name: string; count: number }): Promise<void> {
  const side = page.locator('.side')
  await side.getByRole('button', { name: t('door.snapshot'), exact: true }).click()
  await side.getByLabel(t('door.name')).fill(name)
  await side.getByRole('button', { name: t('door.freeze_submit'), exact: true }).click()
  await expect(side.getByText(t('door.frozen', { name, count: count.toLocaleString('en') }))).toBeVisible()
}

async function track(page: Page, t: Text, { name, first }: { name: string; first: string }): Promise<void> {
  await page.locator('.side .ant-alert').getByRole('button', { name: t('door.track'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel(t('tracks.name'))).toHaveValue(name)
  await dialog.getByLabel(t('tracks.from')).fill(first)
  await dialog.getByLabel(t('tracks.from')).press('Enter')
  await dialog.getByRole('button', { name: t('track.create') }).click()
  await expect(page).toHaveURL(/\/tracks\/[^/?]+/)
  await expect(page.locator('figure.chart [data-drawn] canvas').first()).toBeVisible()
}

async function pushMovers(page: Page, weir: Weir, t: Text, { name, first, asOf, count }: { name: string; first: string; asOf: string; count: number }): Promise<void> {
  const { snapshot } = await weir.json<{ snapshot: string }>('track', 'show', name)
  const flow = await weir.json<Flow>('flow', '--model', 'pno', '--scope', 'workspace', '--snapshot', snapshot, '--from', first, '--to', asOf)
  expect(flow.total).toBe(count)
  const move = largestMove(flow)
  await page.getByTestId(`cell-${move.from}-${move.to}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(move.count))
  const receiver = await receive()
  await page.getByTestId('panel').getByRole('button', { name: t('door.push'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await openNewDestination(dialog, t)
  await dialog.locator('label', { hasText: t('destination.kind.webhook') }).last().click()
  await dialog.getByLabel(t('destination.name')).fill('hook')
  await dialog.getByLabel(t('destination.url')).fill(receiver.url)
  await dialog.getByRole('button', { name: t('destination.create') }).click()
  await dialog.getByRole('button', { name: t('push.next') }).click()
  await dialog.getByTestId('push-send').click()
  const ledger = dialog.getByTestId('ledger')
  await expect(ledger).toHaveAttribute('data-state', 'done', { timeout: 20_000 })
  const [audience, planned, sent] = await Promise.all(['audience', 'planned', 'sent'].map((part) => countOf(dialog.getByTestId(`ledger-${part}`))))
  expect({ audience, planned, sent }).toEqual({ audience: move.count, planned: move.count, sent: move.count })
  await expect(ledger).toContainText('✓')
  expect(receiver.people.size).toBe(move.count)
  await receiver.close()
}
