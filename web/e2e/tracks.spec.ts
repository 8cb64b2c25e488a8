// A number becomes a track; its report is the command line's, its paths add up, its alerts and reports are kept.

import { addDays } from '../src/format/day'
import { expect, expectAccessible, test } from './test'

interface Paths {
  states: string[]
  paths: { states: string[]; count: number }[]
  flows: number[][][]
}

interface Report {
  states: { at: { date: string; states: Record<string, number> }[] }
}

test('from a number to a track, its paths, an alert and a report', async ({ page, weir, t, language }) => {
  const name = `potential ${language}`
  await page.goto('/w/default/states')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const first = addDays(asOf, -30)
  await page.getByTestId('count-potential').click()
  const panel = page.getByTestId('panel')
  const count = Number(await page.getByTestId('panel-count').getAttribute('data-count'))
  await panel.getByRole('button', { name: t('door.track'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('tracks.name')).fill(name)
  await dialog.getByLabel(t('tracks.from')).fill(first)
  await dialog.getByLabel(t('tracks.from')).press('Enter')
  await dialog.getByRole('button', { name: t('track.create') }).click()
  await expect(page).toHaveURL(/\/tracks\//)

  const report = await weir.json<Report>('track', 'report', name, '--to', asOf)
  const last = report.states.at.at(-1)
  for (const [state, people] of Object.entries(last?.states ?? {})) {
    await expect(page.getByTestId(`count-${state}`)).toHaveAttribute('data-count', String(people))
  }
  await expect(page.getByTestId('count-total')).toHaveAttribute('data-count', String(count))
  await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(3)

  const dates = await page.locator('.path-date input').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value))
  const id = new URL(page.url()).pathname.split('/').at(-1)
  expect(decodeURIComponent(id ?? '')).toBe(name)
  const track = await weir.json<{ snapshot: string }>('track', 'show', name)
  const paths = await weir.json<Paths>('paths', '--model', 'pno', '--scope', 'workspace', '--snapshot', track.snapshot, '--dates', dates.join(','), '--top', '3')
  for (const path of paths.paths) {
    await expect(page.getByTestId(`path-${path.states.join('>')}`)).toHaveAttribute('data-count', String(path.count))
  }
  const top = paths.paths[0]
  await page.getByTestId(`path-${top?.states.join('>')}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(top?.count))
  await page.reload()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(top?.count))
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: t('alerts.add') }).click()
  const alert = page.getByRole('dialog')
  await alert.getByLabel(t('tracks.name')).fill('few')
  await alert.getByLabel(t('alerts.in_state'), { exact: true }).click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click()
  await alert.getByLabel(t('alerts.below'), { exact: true }).fill('99')
  await alert.getByRole('button', { name: t('track.save') }).click()
  await expect(page.getByText(t('alerts.outside'), { exact: true })).toBeVisible()
  const old = String(last?.states.old)
  await page.getByTestId('alert-few').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', old)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: t('track.edit'), exact: true }).click()
  await page.getByRole('dialog').getByLabel('HTML').check()
  await page.getByRole('dialog').getByRole('button', { name: t('track.save') }).click()
  await page.getByRole('button', { name: t('reports.refresh', { date: asOf }) }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.reports a').first().click()])
  expect(file.suggestedFilename()).toContain(`${asOf}.html`)

  await page.goto('/w/default/tracks')
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText(t('alerts.open', { n: 1 }))
})

test('nothing serious against anyone, in both themes', async ({ page, language }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/tracks')
    await expect(page.locator('.tracks td').first()).toBeVisible()
    await expectAccessible(page)
    await page.goto(`/w/default/tracks/${encodeURIComponent(`potential ${language}`)}`)
    await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(3)
    await page.locator('.path-rows .count').first().click()
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
  }
})
