// Tags, lists and jobs: every figure is the command line's; a tag is computed, a list is uploaded with its ledger.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, expectAccessible, test } from './test'

interface Tag {
  coverage: { people: number }
}

interface Values {
  items: { value: string; people: number }[]
}

test('a tag says who has it, and each value is a door', async ({ page, weir }) => {
  await page.goto('/w/default/tags')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const tag = await weir.json<Tag>('tag', 'show', 'member_level', '--as-of', asOf)
  await expect(page.getByTestId('coverage-member_level')).toHaveAttribute('data-count', String(tag.coverage.people))
  await page.getByRole('link', { name: 'member_level' }).click()
  const values = await weir.json<Values>('tag', 'values', 'member_level', '--as-of', asOf)
  for (const { value, people } of values.items) {
    await expect(page.getByTestId(`value-${value}`)).toHaveAttribute('data-count', String(people))
  }
  const first = values.items[0]
  await page.getByTestId(`value-${first?.value}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(first?.people))
})

test('a computed tag is computed as of the page’s date', async ({ page, weir, t, language }) => {
  const name = `spent_${language}`
  await page.request.put(`/api/v1/tags/${name}`, { data: { value: { amount: { behavior: ['purchase'], within: { days: 365 } } } }, headers: { origin: weir.url } })
  await page.goto(`/w/default/tags/${name}`)
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  await page.getByRole('button', { name: t('tag.compute', { date: asOf }) }).click()
  await expect(page.getByText(t('tag.computed'), { exact: true })).toBeVisible()
  const people = String(await weir.count({ tag: { [name]: { exists: true } } }, asOf))
  await expect(page.getByTestId('tag-coverage')).toHaveAttribute('data-count', people)
  const bar = page.locator('.value-bars .count').first()
  const count = await bar.getAttribute('data-count')
  await bar.click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(count))
})

test('a tag is defined with its people in sight, computed, guarded while used, and deleted', async ({ page, weir, t, language }) => {
  const name = `level_${language}`
  const bought = { behavior: ['purchase'], within: { days: 365 } }
  await page.goto('/w/default/tags')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  await page.getByRole('link', { name: t('tags.new') }).first().click()
  await expect(page.getByTestId('said-any')).toHaveAttribute('data-count', String(await weir.count({ did: bought }, asOf)))
  await page.getByText(t('define.kind.cases'), { exact: true }).click()
  await page.getByRole('textbox', { name: t('define.value', { n: 1 }) }).fill('gold')
  await page.getByRole('button', { name: t('define.edit_when', { n: 1 }) }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('treeitem').first().press('n')
  await dialog.getByRole('button', { name: t('builder.take') }).click()
  const few = { not: { did: { ...bought, amount: { gte: 1000 } } } }
  const people = [await weir.count(few, asOf), await weir.count({ minus: [{ did: bought }, few] }, asOf)]
  await expect(page.getByTestId('said-case0')).toHaveAttribute('data-count', String(people[0]))
  await expect(page.getByTestId('said-case1')).toHaveAttribute('data-count', String(people[1]))
  await page.getByTestId('said-case1').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(people[1]))
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: t('define.save') }).click()
  await expect(page.getByText(t('door.name_empty'))).toBeVisible()
  await page.getByLabel(t('tracks.name'), { exact: true }).fill(name)
  await page.reload()
  await page.getByRole('button', { name: t('define.save') }).click()
  await page.getByRole('button', { name: t('tag.compute', { date: asOf }) }).click()
  await expect(page.getByText(t('tag.computed'), { exact: true })).toBeVisible()
  await expect(page.getByTestId('value-gold')).toHaveAttribute('data-count', String(people[0]))

  await page.getByRole('link', { name: t('tag.edit'), exact: true }).click()
  await page.getByLabel(t('tags.owner'), { exact: true }).fill('crm')
  await page.getByRole('button', { name: t('define.save') }).click()
  await expect(page.getByRole('button', { name: t('tag.compute', { date: asOf }) })).toBeVisible()
  expect((await weir.json<{ owner: string }>('tag', 'show', name)).owner).toBe('crm')
  await page.getByRole('button', { name: t('tag.delete'), exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: t('tag.delete') }).click()
  await expect(page.getByText(t('tag.deleted', { name }))).toBeVisible()
  await expect(page).toHaveURL(/\/tags$/)
})

test.describe(() => {
  // The browser logs the refusal.
  test.use({ isStrict: false })
  test('a tag that an audience names is not deleted', async ({ page, weir, t, language }) => {
    const name = `named_${language}`
    const headers = { origin: weir.url }
    await page.request.put(`/api/v1/tags/${name}`, { data: { value: { count: { behavior: ['view'] } } }, headers })
    await page.request.put(`/api/v1/audiences/by_${name}`, { data: { expression: { tag: { [name]: { exists: true } } } }, headers })
    await page.goto(`/w/default/tags/${name}`)
    await page.getByRole('button', { name: t('tag.delete'), exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: t('tag.delete') }).click()
    await expect(page.getByRole('alert').filter({ hasText: `by_${name}` })).toBeVisible()
  })
})

test('in the builder a tag offers the values that people have', async ({ page, weir, t, language }) => {
  const name = `gold_${language}`
  await page.goto('/w/default/tags')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const values = await weir.json<Values>('tag', 'values', 'member_level', '--as-of', asOf)
  const [first, second] = values.items
  await page.request.put(`/api/v1/audiences/${name}`, { data: { expression: { tag: { member_level: { in: [first?.value] } } } }, headers: { origin: weir.url } })
  await page.goto(`/w/default/audiences/${name}/edit`)
  await page.getByRole('treeitem').first().press('Enter')
  const field = page.getByLabel(`member_level: ${t('field.value')}`)
  await field.click()
  await field.pressSequentially(String(second?.value).slice(0, 3))
  await page.locator('.ant-select-item-option', { hasText: String(second?.value) }).click()
  const people = (first?.people ?? 0) + (second?.people ?? 0)
  await expect(page.getByTestId('panel-count').or(page.locator('.tree [data-count]')).first()).toHaveAttribute('data-count', String(people))
})

test('a list is uploaded with its ledger, and what matched nobody comes back', async ({ page, weir, t, language }) => {
  const name = `vip ${language}`
  const file = join(weir.data, 'vip.csv')
  await writeFile(file, `id_user_id\nnobody-${language}-1\nnobody-${language}-2\n`)
  await page.goto('/w/default/lists')
  await page.getByRole('button', { name: t('lists.new') }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type=file]').setInputFiles(file)
  await dialog.getByLabel(t('tracks.name')).fill(name)
  await dialog.getByRole('button', { name: t('lists.upload'), exact: true }).click()
  await page.getByRole('button', { name: t('push.done') }).click()
  await expect(page.getByTestId(`list-${name}`)).toHaveAttribute('data-count', '2')
  const [unmatched] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: t('lists.download', { name, n: 2 }) }).click()])
  expect(await readFile(await unmatched.path(), 'utf8')).toContain(`nobody-${language}-1`)
  await page.getByTestId(`list-${name}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', '2')
})

for (const theme of ['light', 'dark'] as const) {
  test(`nothing serious against anyone, ${theme}`, async ({ page, t }) => {
    // Five pages, each with everything that axe knows.
    test.slow()
    await page.emulateMedia({ colorScheme: theme })
    for (const [path, ready] of [['tags', '.tags td'], ['tags/member_level', '.value-bars .count'], ['tags?define=', '[data-testid=said-any]'], ['lists', '.lists td'], ['data/jobs', '.jobs td']] as const) {
      await page.goto(`/w/default/${path}`)
      await expect(page.locator(ready).first()).toBeVisible()
      await expectAccessible(page)
    }
    await expect(page.getByText(t('jobs.state.done'), { exact: true }).first()).toBeVisible()
  })
}
