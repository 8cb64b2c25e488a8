// RFM: the grid is the command line's, and a block taken by keyboard is the people in it.

import { expect, expectAccessible, test } from './test'

interface Rfm {
  scored: number
  cells: { r: number; f: number; people: number }[]
  segments: { segment: string; people: number }[]
}

test('the grid is that of the command line, and a block by keyboard is a door', async ({ page, weir, t }) => {
  await page.goto('/w/default/insight/rfm')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const rfm = await weir.json<Rfm>('rfm', '--as-of', asOf)
  const people = (r: number, f: number) => rfm.cells.filter((cell) => cell.r === r && cell.f === f).reduce((sum, cell) => sum + cell.people, 0)
  for (const r of [1, 2, 3, 4, 5]) {
    for (const f of [1, 2, 3, 4, 5]) await expect(page.getByTestId(`rfm-${r}-${f}`)).toHaveAttribute('data-count', String(people(r, f)))
  }
  await page.getByTestId('rfm-5-5').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(people(5, 5)))
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(people(5, 5) + people(4, 5)))
  const [segment] = rfm.segments
  await page.getByTestId(`segment-${segment?.segment}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(segment?.people))
  await page.getByText(t('rfm.method.mean'), { exact: true }).click()
  await expect(page.getByTestId('rfm-5-5')).toHaveCount(0)
  await expect(page.getByTestId('rfm-2-2')).toBeVisible()
})

test('nothing serious against anyone, in both themes', async ({ page }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/insight/rfm?open=5.5-4.1')
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
  }
})
