// From the link in the terminal to a file in somebody's hands. Every figure is compared with the command line's.

import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { largestMove, type Flow } from './flow'
import { receive } from './receiver'
import { expect, expectAccessible, openNewDestination, test, waitForCharts } from './test'

interface States {
  at: { date: string; states: Record<string, number>; total: number }[]
}

const figure = (page: Page, id: string) => page.getByTestId(id)
const figureOf = async (page: Page, id: string) => Number(await figure(page, id).getAttribute('data-count'))

/** The dates that the page chose by itself. */
async function datesOf(page: Page): Promise<{ asOf: string; from: string; to: string }> {
  const fields = page.locator('.ant-picker input')
  const [asOf, from, to] = await Promise.all([0, 1, 2].map((i) => fields.nth(i).inputValue()))
  return { asOf: asOf ?? '', from: from ?? '', to: to ?? '' }
}

test('the link opens the page, and its numbers are those of the command line', async ({ page, weir, t }) => {
  await page.goto('/w/default/states')
  await expect(page.getByRole('heading', { level: 1, name: t('states.title') })).toBeVisible()
  await waitForCharts(page)
  const { asOf, from, to } = await datesOf(page)

  const states = await weir.json<States>('states', '--model', 'pno', '--scope', 'workspace', '--at', asOf)
  const at = states.at[0]
  if (!at) throw new Error('no distribution')
  for (const [state, count] of Object.entries(at.states)) {
    await expect(figure(page, `count-${state}`)).toHaveAttribute('data-count', String(count))
  }
  await expect(figure(page, 'count-total')).toHaveAttribute('data-count', String(at.total))

  const flow = await weir.json<Flow>('flow', '--model', 'pno', '--scope', 'workspace', '--from', from, '--to', to)
  for (const [i, row] of flow.states.entries()) {
    for (const [j, column] of flow.states.entries()) {
      const count = String(flow.matrix[i]?.[j])
      await expect(figure(page, `cell-${row}-${column}`)).toHaveAttribute('data-count', count)
    }
  }
  await expect(page.getByTestId('balance')).toContainText('✓')
})

test('a cell becomes an audience, then a push, then a file with one line per person', async ({ page, weir, t, language }) => {
  await page.goto('/w/default/states')
  const { from, to } = await datesOf(page)
  const flow = await weir.json<Flow>('flow', '--model', 'pno', '--scope', 'workspace', '--from', from, '--to', to)
  const move = largestMove(flow)
  await figure(page, `cell-${move.from}-${move.to}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(move.count))
  expect(new URL(page.url()).searchParams.get('sel')).toBe(`flow~${move.from}>${move.to}`)

  await page.reload()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(move.count))

  const panel = page.getByTestId('panel')
  await panel.getByRole('button', { name: t('door.save'), exact: true }).click()
  const name = language === 'zh' ? '双11 之后的变化' : 'after the festival'
  await panel.getByLabel(t('door.name')).fill(name)
  await panel.getByRole('button', { name: t('door.save_submit') }).click()
  await expect(panel.getByText(t('door.saved', { name }))).toBeVisible()
  expect(await weir.count({ audience: name }, to)).toBe(move.count)

  await panel.getByRole('button', { name: t('door.push'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await openNewDestination(dialog, t)
  await dialog.getByLabel(t('destination.name')).fill(`file ${language}`)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('destination.create') }).click()
  await dialog.getByTestId('push-send').click()
  const ledger = dialog.getByTestId('ledger')
  await expect(ledger).toHaveAttribute('data-state', 'done', { timeout: 20_000 })
  expect(await figureOf(page, 'ledger-audience')).toBe(move.count)
  const sent = await figureOf(page, 'ledger-sent')
  expect(sent).toBe(await figureOf(page, 'ledger-planned'))
  expect(sent).toBe(move.count)
  await expect(ledger).toContainText('✓')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('link', { name: t('push.download') }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
  expect(lines.length - 1).toBe(sent)

  await dialog.getByRole('link', { name: t('push.open') }).click()
  await expect(page.getByTestId('ledger')).toContainText('✓')
  await page.getByRole('link', { name: t('pushes.back') }).click()
  await expect(page.locator('.pushes tbody tr.ant-table-row').first()).toContainText('✓')
  await expectAccessible(page)
})

test('a webhook is made on the spot, shows its secret once, and receives everybody', async ({ page, weir, t, language }) => {
  const receiver = await receive()
  await page.goto('/w/default/states')
  await figure(page, 'count-new').click()
  const count = await figureOf(page, 'panel-count')
  await page.getByTestId('panel').getByRole('button', { name: t('door.push'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await openNewDestination(dialog, t)
  await dialog.locator('label', { hasText: t('destination.kind.webhook') }).last().click()
  await dialog.getByLabel(t('destination.name')).fill(`hook ${language}`)
  await dialog.getByLabel(t('destination.url')).fill(receiver.url)
  await dialog.getByRole('button', { name: t('destination.create') }).click()
  await expect(dialog.getByText(/^whsec_/)).toBeVisible()
  await dialog.getByRole('button', { name: t('push.next') }).click()
  await dialog.getByTestId('push-send').click()
  await expect(dialog.getByTestId('ledger')).toHaveAttribute('data-state', 'done', { timeout: 20_000 })
  expect(await figureOf(page, 'ledger-sent')).toBe(count)
  expect(receiver.people.size).toBe(count)
  const { items } = await weir.json<{ items: { destination: string; sent: number }[] }>('pushes', 'list')
  expect(items.find(({ destination }) => destination === `hook ${language}`)?.sent).toBe(count)
  await receiver.close()
})

test('a band of the area is a door, too, and what is locked can be followed', async ({ page, weir, t }) => {
  await page.goto('/w/default/states')
  await waitForCharts(page)
  const old = await figureOf(page, 'count-old')
  const plot = page.locator('figure.chart').first().locator('.canvas-inner')
  const box = await plot.boundingBox()
  if (!box) throw new Error('the chart has no place')
  // Just above the zero line, at the right end of the plot: the first state on the last day.
  const labels = await page.locator('.end-labels').boundingBox()
  await plot.click({ position: { x: (labels?.x ?? 0) - box.x - 18, y: box.height - 36 } })
  await expect(page.getByTestId('panel-count')).toBeVisible()
  const band = new URL(page.url()).searchParams.get('sel') ?? ''
  expect(band).toMatch(/^band~\d{4}-\d{2}-\d{2}~old$/)

  await figure(page, 'count-old').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(old))
  const panel = page.getByTestId('panel')
  await panel.getByRole('button', { name: t('door.snapshot') }).click()
  await panel.getByRole('button', { name: t('door.freeze_submit'), exact: true }).click()
  await panel.getByRole('button', { name: t('door.follow') }).click()
  await expect(figure(page, 'count-total')).toHaveAttribute('data-count', String(old))
  const { asOf, from, to } = await datesOf(page)
  const who = new URL(page.url()).searchParams.get('who')?.split(':')[1] ?? ''
  const about = ['--model', 'pno', '--scope', 'workspace', '--snapshot', who]
  const states = await weir.json<States>('states', ...about, '--at', asOf)
  expect(await figureOf(page, 'count-old')).toBe(states.at[0]?.states.old)
  const flow = await weir.json<Flow>('flow', ...about, '--from', from, '--to', to)
  expect(await figureOf(page, 'cell-old-old')).toBe(flow.matrix[0]?.[0])
})

test('the matrix by keyboard: arrows, Enter, and a block with Shift', async ({ page, weir }) => {
  await page.goto('/w/default/states')
  const { from, to } = await datesOf(page)
  const flow = await weir.json<Flow>('flow', '--model', 'pno', '--scope', 'workspace', '--from', from, '--to', to)
  const at = (i: number, j: number) => flow.matrix[i]?.[j] ?? 0
  await figure(page, 'cell-old-old').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(at(1, 1)))
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  const block = at(1, 1) + at(1, 2) + at(2, 1) + at(2, 2)
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(block))
  await page.goBack()
  await expect(page.getByTestId('panel')).toHaveCount(0)
})

test('charts have tables, files and themes, and nothing serious against anyone', async ({ page, t }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/states')
    await waitForCharts(page)
    await figure(page, 'count-new').click()
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
    await test.info().attach(`states-${theme}`, { body: await page.screenshot({ fullPage: true }), contentType: 'image/png' })
    const area = page.locator('figure.chart').first()
    await area.getByRole('button', { name: t('chart.csv') }).focus()
    await page.keyboard.press('t')
    await expect(area.getByRole('table')).toBeVisible()
    await expectAccessible(page)
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      area.getByRole('button', { name: t('chart.csv') }).click(),
    ])
    const rows = (await readFile(await csv.path(), 'utf8')).trimEnd().split('\r\n')
    expect(rows[0]).toContain('date,old,new,potential,none')
    expect(rows.length - 1).toBe(await area.locator('tbody tr').count())
    await page.keyboard.press('t')
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      area.getByRole('button', { name: t('chart.png') }).click(),
    ])
    expect((await readFile(await png.path())).subarray(1, 4).toString()).toBe('PNG')
  }
})
