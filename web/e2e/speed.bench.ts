// Reports, and asserts nothing: machines differ. Times are the browser's own, from the key to the frame after the one
// that shows the answer.

import type { Page } from '@playwright/test'
import { expect, test } from './test'

const EDITS = 50

/** The value below which so much of all lies: the smallest that at least that share does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

function report(what: string, values: readonly number[], unit = 'ms'): void {
  const [p50, p95, most] = [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map((value) => value.toFixed(1))
  console.log(`${what.padEnd(44)} n ${String(values.length).padStart(4)}  p50 ${p50}  p95 ${p95}  max ${most} ${unit}`)
}

/** From now on the page notes when a key went down and when the count of a later revision was on the screen. */
async function watchCount(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted = { key: 0, shown: [] as number[] }
    Object.assign(window, { noted })
    const figure = () => document.querySelector<HTMLElement>('[data-testid=result-count]')
    let revision = figure()?.dataset.rev
    addEventListener('keydown', ({ timeStamp }) => (noted.key = timeStamp), true)
    const look = () => {
      const now = figure()?.dataset
      if (!now || now.rev === revision || now.stale !== 'false') return
      revision = now.rev
      // The frame that shows it is over when the next one begins.
      requestAnimationFrame(() => requestAnimationFrame((time) => noted.shown.push(time - noted.key)))
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-rev', 'data-stale'] })
  })
}

const shown = (page: Page) => page.evaluate(() => (window as unknown as { noted: { shown: number[] } }).noted.shown)

test('from an edit in the builder to the number', async ({ page, t }) => {
  await page.goto('/w/default/audiences/new')
  await expect(page.getByTestId('result-count')).toBeVisible()
  const rows = page.getByRole('tree').getByRole('treeitem')
  await rows.nth(1).locator('.what').click()
  const days = page.locator('.editor').getByLabel(t('field.days'), { exact: true })
  await days.focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByTestId('result-count')).toHaveAttribute('data-stale', 'false')
  await watchCount(page)
  for (let i = 1; i <= EDITS; i += 1) {
    await page.keyboard.press('ArrowUp')
    await expect.poll(async () => (await shown(page)).length, { intervals: [20] }).toBe(i)
  }
  report('edit to number (40 ms of them the pause)', await shown(page))
})

const ROWS = 100_000

test('a hundred thousand rows', async ({ page }) => {
  await page.goto('/w/default/consumers')
  const members = page.getByTestId('members')
  await expect(members).toBeVisible()
  const frames = await members.evaluate(async (table, enough) => {
    const holder = table.querySelector('.ant-table-tbody-virtual-holder')
    const took: number[] = []
    let before = performance.now()
    while (holder && Number((table as HTMLElement).dataset.rows) < enough) {
      holder.scrollTop += 2400
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      took.push(now - before)
      before = now
    }
    return took
  }, ROWS)
  await expect(members.getByRole('link').first()).toBeVisible()
  report(`frames of scrolling through ${Number(await members.getAttribute('data-rows')).toLocaleString('en')} rows`, frames)
})

test('pages that were open before', async ({ page }) => {
  await page.goto('/w/default')
  await expect(page.locator('h1')).toBeVisible()
  const links = await page.locator('.ant-menu a[href]').evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''))
  for (const link of links.slice(1)) await open(page, link)
  const took: number[] = []
  for (let round = 0; round < 3; round += 1) {
    for (const link of links) took.push(await open(page, link))
  }
  report(`${links.length} pages, from the click to the heading`, took)
})

/** From the click in the menu to the frame that has another heading. */
async function open(page: Page, link: string): Promise<number> {
  await page.waitForLoadState('networkidle')
  const before = await page.locator('h1').textContent()
  await page.evaluate((heading) => {
    const noted = { begun: 0, took: 0 }
    Object.assign(window, { noted })
    addEventListener('click', ({ timeStamp }) => (noted.begun = timeStamp), { capture: true, once: true })
    new MutationObserver((_, watcher) => {
      const now = document.querySelector('h1')?.textContent
      if (!now || now === heading) return
      watcher.disconnect()
      requestAnimationFrame(() => requestAnimationFrame((time) => (noted.took = time - noted.begun)))
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  }, before)
  await page.locator(`.ant-menu a[href="${link}"]`).click()
  const took = () => page.evaluate(() => (window as unknown as { noted: { took: number } }).noted.took)
  await expect.poll(took, { intervals: [20] }).toBeGreaterThan(0)
  return took()
}
