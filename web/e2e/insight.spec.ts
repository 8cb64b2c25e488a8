// Funnel and retention: every figure is the command line's, and behind every one are the people it counts.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './test'
import type { Weir } from './weir'

interface Funnel {
  steps: { count: number }[]
}

interface Apart extends Funnel {
  breakdown: { rows: { value: string | null; steps: { count: number }[] }[]; rest: { steps: { count: number }[] } }
}

interface Retention {
  cohorts: { date: string; size: number; returned: number[] }[]
}

const STEPS = [{ behavior: ['view'] }, { behavior: ['add_to_cart'] }, { behavior: ['purchase'] }]

test('a funnel is that of the command line, and who dropped out can be saved', async ({ page, weir, t, language }) => {
  await page.goto('/w/default/insight/funnel')
  await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(1)
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const file = join(weir.data, 'steps.json')
  await writeFile(file, JSON.stringify(STEPS))
  const { steps } = await weir.json<Funnel>('funnel', '--steps', file, '--within', '7d', '--window', '60d', '--as-of', asOf)
  for (const [i, { count }] of steps.entries()) {
    await expect(page.getByTestId(`converted-${i}`)).toHaveAttribute('data-count', String(count))
  }
  const lost = (steps[0]?.count ?? 0) - (steps[1]?.count ?? 0)
  await page.getByTestId('dropped-1').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(lost))
  await page.reload()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(lost))
  const panel = page.getByTestId('panel')
  await panel.getByRole('button', { name: t('door.save'), exact: true }).click()
  const name = `dropped ${language}`
  await panel.getByLabel(t('door.name')).fill(name)
  await panel.getByRole('button', { name: t('door.save_submit') }).click()
  await expect(panel.getByText(t('door.saved', { name }))).toBeVisible()
  expect(await weir.count({ audience: name }, asOf)).toBe(lost)

  await page.getByRole('button', { name: t('funnel.remove', { n: '2' }) }).click()
  await expect(page.getByTestId('converted-2')).toHaveCount(0)
  await writeFile(file, JSON.stringify([STEPS[0], STEPS[2]]))
  const two = await weir.json<Funnel>('funnel', '--steps', file, '--within', '7d', '--window', '60d', '--as-of', asOf)
  await expect(page.getByTestId('converted-1')).toHaveAttribute('data-count', String(two.steps[1]?.count))
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('chart.csv') }).click()])
  expect((await readFile(await csv.path(), 'utf8')).trimEnd().split('\r\n')).toHaveLength(3)
  const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('chart.png') }).click()])
  expect((await readFile(await png.path())).subarray(1, 4).toString()).toBe('PNG')
})

const apart = async (weir: Weir, asOf: string, by: string) => {
  const file = join(weir.data, 'apart.json')
  await writeFile(file, JSON.stringify(STEPS))
  return weir.json<Apart>('funnel', '--steps', file, '--within', '7d', '--window', '60d', '--as-of', asOf, '--by', by, '--limit', '6')
}

async function expectRows(page: Page, { breakdown }: Apart) {
  for (const { value, steps } of breakdown.rows) {
    const id = value === null ? 'unknown' : `value~${value}`
    for (const [i, { count }] of steps.entries()) await expect(page.getByTestId(`${id}~${i}`)).toHaveAttribute('data-count', String(count))
  }
}

test('a funnel told apart by state is that of the command line, and each part is a door', async ({ page, weir, t }) => {
  await page.goto('/w/default/insight/funnel?by=state:pno')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const states = await apart(weir, asOf, 'state=pno')
  await expectRows(page, states)
  await expect(page.getByText(t('funnel.by.whole'))).toBeVisible()
  const count = String(states.breakdown.rows[0]?.steps[1]?.count)
  await page.getByTestId(`value~${states.breakdown.rows[0]?.value}~1`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', count)
  await page.reload()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', count)
  await page.getByTestId('converted-0').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(states.steps[0]?.count))
})

test('entrances share people, and whoever came by none of those listed is counted', async ({ page, weir, t }) => {
  await page.goto('/w/default/insight/funnel?by=channel:entrance')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const entrances = await apart(weir, asOf, 'entrance')
  await expectRows(page, entrances)
  await expect(page.getByText(t('funnel.by.shared'))).toBeVisible()
  const rest = String(entrances.breakdown.rest.steps[0]?.count)
  await page.getByTestId('rest~0').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', rest)
})

test('retention is that of the command line, by keyboard, and cells are doors', async ({ page, weir, t }) => {
  await page.goto('/w/default/insight/retention')
  await expect(page.getByRole('grid')).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const file = join(weir.data, 'start.json')
  await writeFile(file, JSON.stringify({ behavior: ['purchase'] }))
  const { cohorts } = await weir.json<Retention>('retention', '--start', file, '--window', '180d', '--period', 'month', '--as-of', asOf)
  for (const { date, size, returned } of cohorts) {
    await expect(page.getByTestId(`cohort-${date}`)).toHaveAttribute('data-count', String(size))
    for (const [k, count] of returned.entries()) {
      await expect(page.getByTestId(`cohort-${date}-${k}`)).toHaveAttribute('data-count', String(count))
    }
  }
  const closed = cohorts.slice(0, -2).filter(({ returned }) => returned.length > 2)
  const sum = (of: (cohort: Retention['cohorts'][number]) => number) => String(closed.reduce((all, cohort) => all + of(cohort), 0))
  await expect(page.getByTestId('mean-1')).toHaveAttribute('data-returned', sum(({ returned }) => returned[1] ?? 0))
  await expect(page.getByTestId('mean-1')).toHaveAttribute('data-size', sum(({ size }) => size))

  const first = cohorts[0]
  await page.getByTestId(`cohort-${first?.date}`).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(first?.returned[1]))
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('panel')).toHaveCount(0)
  await page.getByText(t('retention.period.week'), { exact: true }).click()
  await expect(page).toHaveURL(/period=week/)
  await expect(page.getByTestId('provenance')).not.toContainText(t('app.updating'))
})

for (const theme of ['light', 'dark'] as const) {
  test(`nothing serious against anyone, ${theme}`, async ({ page, t }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/insight/funnel?by=state:layers')
    await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(1)
    await expect(page.locator('.panel-steps').first()).toBeVisible()
    await page.getByRole('button', { name: new RegExp(`^${t('funnel.edit', { n: '1' })}`) }).click()
    await page.getByTestId('converted-1').click()
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
    await page.goto('/w/default/insight/retention')
    await expect(page.getByRole('grid')).toBeVisible()
    await expectAccessible(page)
  })
}
