// Pictures of the pages at both widths, themes and languages, into web/screenshots, and a few into docs/screenshots.

import type { Page } from '@playwright/test'
import type { Language } from '../src/i18n/language'
import { expect, openNewDestination, test, waitForCharts } from './test'

const LANGUAGES: Language[] = ['zh', 'en']
const THEMES = ['light', 'dark'] as const
const WIDTHS = [1440, 1024]

const TRACK = 'double_11'

/** Further pages, and what must be there before their picture is taken. */
const PAGES = [
  ['audiences', 'audiences', '.audiences [data-count]'],
  ['builder', 'audiences/feed_ads_not_bought/edit', '.tree [data-count]'],
  ['compare', 'audiences/loyal/edit?tab=compare', '.compared [data-count]'],
  ['home', '', '.entrance-bars [data-count]'],
  ['reflow', 'reflow?channel=ads.onsite', '[data-testid=form-count]'],
  ['playbooks', 'playbooks', '.play-card .big'],
  ['playbook', 'playbooks/performance_chain', '.play-media [data-count]'],
  ['tags', 'tags', '.tags [data-count]'],
  ['tag', 'tags/member_level', '.value-bars [data-count]'],
  ['portrait', 'insight/portrait?who=audience:loyal', 'figure.chart [data-drawn] canvas'],
  ['overlap', 'insight/overlap', 'figure.chart [data-drawn] canvas'],
  ['circles', 'insight/overlap?sets=["audience:loyal","channel:crm.email"]', 'figure.chart [data-drawn] canvas'],
  ['tag-define', `tags?define=&draft=${encodeURIComponent('{"value":{"rfm":{"method":{"quantile":5}},"give":"segment"}}')}`, '[data-testid=said-champions]'],
  ['consumers', 'consumers', '[data-testid=members] a'],
  // The first identifier of any world.
  ['consumer', 'consumers/~0', '.event'],
  ['rfm', 'insight/rfm', '.rfm-grid [data-count]'],
  ['models', 'models', '.state-chips [data-count]'],
  ['model', 'models/pno', '.flow-grid'],
  ['model-edit', 'models/aipl/edit?rule=1&if=365:180', '.tree [data-count]'],
  ['stages', 'insight/stages', 'figure.chart [data-drawn] canvas'],
  ['tracks', 'tracks', '.tracks td'],
  ['track', `tracks/${TRACK}`, '.path-rows .count'],
  ['lists', 'lists', 'h1'],
  ['jobs', 'data/jobs', '.jobs td'],
  ['funnel', 'insight/funnel', 'figure.chart [data-drawn] canvas'],
  ['funnel-apart', 'insight/funnel?by=channel:entrance', '.panel-steps [data-count]'],
  ['retention', 'insight/retention?period=week', '.heat td'],
  ['sources', 'data/sources', 'h1'],
  ['imports', 'data/imports', '.imports td'],
  ['import-wizard', 'data/imports/new', '.dropzone'],
  ['settings', 'settings', '.narrow-form'],
  ['settings-password', 'settings?tab=password', '.narrow-form'],
  ['settings-tokens', 'settings?tab=tokens', '.tokens'],
] as const

/** Those that the documents show, as a window of 1440 by 900 sees them: into docs/screenshots. */
const KEPT = [
  'home-en-light',
  'states-en-light',
  'track-en-light',
  'builder-en-light',
  'overlap-en-light',
  'model-en-light',
  'consumer-en-light',
  'playbook-en-light',
  'rfm-en-dark',
  'home-zh-light',
  'states-zh-light',
  'states-zh-dark',
  'portrait-zh-light',
  'builder-zh-light',
]

/** The demo has a snapshot; what became of its people is the picture of a track. */
async function follow(page: Page): Promise<void> {
  await page.goto('/w/default/tracks')
  await page.evaluate(async (name) => {
    const { items } = (await (await fetch('/api/v1/tracks')).json()) as { items: { name: string }[] }
    if (items.some((track) => track.name === name)) return
    const track = { name, snapshot: 'double_11_locked', model: 'pno', scope: { workspace: true }, from: '2025-11-12', step: 'weekly' }
    await fetch('/api/v1/tracks', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(track) })
  }, TRACK)
}

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language })
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        test(`${theme} ${width}`, async ({ page, t }) => {
          const shot = async (name: string) => {
            await page.evaluate(() => scrollTo(0, 0))
            const picture = `${name}-${language}-${theme}`
            await page.screenshot({ path: `screenshots/${picture}-${width}.png`, fullPage: true })
            if (width === 1440 && KEPT.includes(picture)) await page.screenshot({ path: `../docs/screenshots/${picture}.png` })
          }
          await page.emulateMedia({ colorScheme: theme })
          await page.setViewportSize({ width, height: 900 })
          await page.goto('/w/default/states?span=180')
          await waitForCharts(page)
          await shot('states')
          await page.locator('td.move:not(.nobody)').first().click()
          await expect(page.getByTestId('panel-count')).toBeVisible()
          await shot('panel')
          await page.getByTestId('panel').getByRole('button', { name: t('door.push'), exact: true }).click()
          const dialog = page.getByRole('dialog')
          await openNewDestination(dialog, t)
          await shot('push')
          await page.keyboard.press('Escape')
          await page.goto('/w/default/states?model=layers&unit=share&moves=all')
          await waitForCharts(page)
          await shot('layers')
          await page.goto('/w/default/pushes')
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
          await page.waitForLoadState('networkidle')
          await shot('pushes')
          await follow(page)
          for (const [name, path, ready] of PAGES) {
            await page.goto(`/w/default/${path}`)
            await expect(page.locator(ready).first()).toBeVisible()
            await page.waitForLoadState('networkidle')
            await shot(name)
          }
        })
      }
    }
  })
}
