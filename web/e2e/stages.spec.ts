// The stage funnel: every stage and every loss is the command line's, at both dates, and a door.

import { addDays } from '../src/format/day'
import { expect, expectAccessible, test } from './test'

interface StageFunnel {
  stages: { name: string }[]
  at: { stages: { count: number }[] }[]
}

test('stages are those of the command line, their losses are people, and a model’s states are stages, too', async ({ page, weir, t, language }) => {
  await page.goto('/w/default/insight/stages')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const { stages, at } = await weir.json<StageFunnel>('stage-funnel', '--at', `${asOf},${addDays(asOf, -30)}`)
  const count = (date: number, i: number) => at[date]?.stages[i]?.count ?? 0
  for (const [i, { name }] of stages.entries()) {
    await expect(page.getByTestId(`at~${name}`)).toHaveAttribute('data-count', String(count(0, i)))
    await expect(page.getByTestId(`then~${name}`)).toHaveAttribute('data-count', String(count(1, i)))
    if (i > 0) await expect(page.getByTestId(`lost~${name}`)).toHaveAttribute('data-count', String(count(0, i - 1) - count(0, i)))
  }
  const panelCount = page.getByTestId('panel-count')
  await page.getByTestId('lost~bought').click()
  await expect(panelCount).toHaveAttribute('data-count', String(count(0, 2) - count(0, 3)))
  await page.getByTestId('then~bought').click()
  await expect(panelCount).toHaveAttribute('data-count', String(count(1, 3)))
  await page.reload()
  await expect(panelCount).toHaveAttribute('data-count', String(count(1, 3)))
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('panel')).toHaveCount(0)
  await expect(page.getByRole('row', { name: language === 'zh' ? /^复购/ : /^Bought again/ })).toContainText(language === 'zh' ? '购买天数至少2天的人' : 'bought on at least 2 days')

  await page.goto('/w/default/insight/stages?of=aipl&vs=none')
  const states = await weir.json<{ at: { states: Record<string, number> }[] }>('states', '--model', 'aipl', '--at', asOf)
  const of = (...names: string[]) => String(names.reduce((sum, name) => sum + (states.at[0]?.states[name] ?? 0), 0))
  await expect(page.getByTestId('at~A')).toHaveAttribute('data-count', of('A', 'I', 'P', 'L'))
  await expect(page.getByTestId('at~P')).toHaveAttribute('data-count', of('P', 'L'))
  await expect(page.getByTestId('lost~P')).toHaveAttribute('data-count', of('I'))
  await expect(page.getByTestId('then~P')).toHaveCount(0)
  await page.getByTestId('at~P').click()
  await expect(panelCount).toHaveAttribute('data-count', of('P', 'L'))
  await page.getByRole('button', { name: t('chart.toggle') }).click()
  await expect(page.getByTestId('at~P')).toHaveCount(2)
})

for (const theme of ['light', 'dark'] as const) {
  test(`nothing serious against anyone, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/insight/stages?open=lost~bought')
    await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(1)
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
  })
}
