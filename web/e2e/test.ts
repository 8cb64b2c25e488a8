// The test function of all stories: a server of its own per worker, and a page that tolerates no failure.

import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import type { Language } from '../src/i18n/language'
import { textIn, type Text } from '../src/i18n/text'
import { serve, type Weir } from './weir'

interface Fixtures {
  language: Language
  t: Text
  /** Whether an error in the page's log or a request that fails fails the test. */
  isStrict: boolean
  faultless: undefined
}

export const test = base.extend<Fixtures, { weir: Weir; signedIn: { state: string } }>({
  weir: [
    async ({ browserName: _browserName }, provide) => {
      const data = process.env.WEIR_E2E_DATA
      if (!data) throw new Error('the global setup has not run')
      const weir = await serve(data)
      await provide(weir)
      await weir.stop()
    },
    { scope: 'worker' },
  ],
  // The link works once, so it is opened by whoever comes first; the cookie then serves the others.
  signedIn: [
    async ({ browser, weir }, provide) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(weir.firstRun)
      await page.waitForURL(/\/w\/[^/]+$/)
      const state = JSON.stringify(await context.storageState())
      await context.close()
      await provide({ state })
    },
    { scope: 'worker' },
  ],
  language: ['en', { option: true }],
  isStrict: [true, { option: true }],
  t: async ({ language }, provide) => provide(textIn(language)),
  locale: async ({ language }, provide) => provide(language === 'zh' ? 'zh-CN' : 'en-GB'),
  storageState: async ({ signedIn }, provide) => provide(JSON.parse(signedIn.state)),
  baseURL: async ({ weir }, provide) => provide(weir.url),
  faultless: [
    async ({ page, isStrict }, provide) => {
      const faults: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
      })
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`)
      })
      page.on('requestfailed', (request) => {
        // A newer question ends an older one, and the browser hands downloads on; neither is a failure.
        const why = request.failure()?.errorText
        if (why !== 'net::ERR_ABORTED') faults.push(`${why} ${request.url()}`)
      })
      await provide(undefined)
      if (isStrict) expect(faults).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Nothing that keeps people from using the page, by the rules of WCAG 2.2 AA. */
export async function expectAccessible(page: Page): Promise<void> {
  // What is looked at is the page, not the moment before it: what still loads says so.
  await expect(page.locator('h1').first()).toBeVisible()
  await expect(page.locator('[aria-busy="true"], .ant-skeleton')).toHaveCount(0)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const told = serious.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html.slice(0, 160)).join('\n  ')}`)
  expect(told.join('\n')).toBe('')
}

/** The form for a new destination; where there are destinations already, one of them is offered first. */
export async function openNewDestination(dialog: Locator, t: Text): Promise<void> {
  const another = dialog.getByRole('radio', { name: t('push.new_destination') })
  const form = dialog.getByLabel(t('destination.name'))
  await expect(another.or(form)).toBeVisible()
  if (await another.isVisible()) await another.check()
  await expect(form).toBeVisible()
}

/** Every chart of the page is drawn. */
export async function waitForCharts(page: Page): Promise<void> {
  await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(2)
}
