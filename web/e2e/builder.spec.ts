// Audiences: built by keyboard, by mouse and as text. Every figure is compared with the command line's.

import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './test'

const SEQUENCE = { sequence: { steps: [{ behavior: ['view'] }, { behavior: ['purchase'] }], within: { days: 7 } } }
const EXAMPLE = {
  all: [
    { did: { behavior: ['view'], within: { days: 30 } } },
    { not: { did: { behavior: ['purchase'], within: { days: 365 } } } },
  ],
}

const rows = (page: Page) => page.getByRole('tree').getByRole('treeitem')
const row = (page: Page, i: number) => rows(page).nth(i)
const result = (page: Page) => page.getByTestId('result-count')

/** The counts of all rows, once they are those of the tree that is shown. */
async function countsOf(page: Page): Promise<number[]> {
  await expect(page.locator('.tree')).toHaveAttribute('data-stale', 'false')
  const texts = await page.locator('.tree .node-count [data-count]').all()
  return Promise.all(texts.map(async (one) => Number(await one.getAttribute('data-count'))))
}

/** What the tree is, as the page would save it. */
async function expressionOf(page: Page): Promise<unknown> {
  await page.keyboard.press('Escape')
  await row(page, 0).focus()
  return JSON.parse((await page.locator('.side .expression pre').textContent()) ?? '')
}

async function openNew(page: Page): Promise<string> {
  await page.goto('/w/default/audiences/new')
  await expect(result(page)).toBeVisible()
  return page.locator('.top .ant-picker input').inputValue()
}

test('an audience is built by keyboard, counted at every node, saved and found', async ({ page, weir, t, language }) => {
  await page.goto('/w/default/audiences')
  await page.getByRole('link', { name: t('audiences.new') }).click()
  await expect(result(page)).toBeVisible()
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const check = async (expression: unknown) => {
    const { count, nodes } = await weir.nodes(expression, asOf)
    expect(await countsOf(page)).toEqual(nodes.map((node) => node.count))
    expect(await expressionOf(page)).toEqual(expression)
    await expect(result(page)).toHaveAttribute('data-count', String(count))
  }
  await check(EXAMPLE)
  const [viewed, notBought] = EXAMPLE.all

  await page.keyboard.press('End')
  await page.keyboard.press('n')
  await check({ all: [viewed, notBought?.not] })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Alt+ArrowDown')
  await check({ all: [notBought?.not, viewed] })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('g')
  await check({ all: [{ any: [notBought?.not] }, viewed] })
  await page.keyboard.press('End')
  await page.keyboard.press('Alt+ArrowRight')
  await check({ all: [{ any: [notBought?.not, viewed] }] })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('u')
  await check({ all: [notBought?.not, viewed] })
  await page.keyboard.press('End')
  await page.keyboard.press('Delete')
  await check({ all: [notBought?.not] })
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('Control+z')
  await check(EXAMPLE)
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('Control+Shift+z')
  await check({ all: [notBought?.not] })

  await page.keyboard.press('a')
  await page.getByRole('menuitem', { name: t('builder.add.did'), exact: true }).press('Enter')
  await expect(page.locator('.editor')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('.editor')).toHaveCount(0)
  const bought = { did: { behavior: ['purchase'], within: { days: 30 } } }
  await check({ all: [notBought?.not, bought] })

  const name = language === 'zh' ? '近期买过' : 'bought lately'
  await page.keyboard.press('Control+s')
  await page.keyboard.type(name)
  await page.keyboard.press('Control+s')
  await expect(page).toHaveURL(/\/audiences\/[^/]+\/edit/)
  const { count } = await weir.nodes({ all: [notBought?.not, bought] }, asOf)
  expect(await weir.count({ audience: name }, asOf)).toBe(count)

  await page.getByRole('link', { name: t('audiences.all') }).click()
  await page.getByTestId(`size-${name}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(count))
  await page.getByRole('button', { name: t('audiences.delete', { name }) }).click()
  await page.getByRole('button', { name: t('audiences.undo') }).click()
  await expect(page.getByTestId(`size-${name}`)).toHaveAttribute('data-count', String(count))
})

test('every version is kept, and an earlier one goes back into the editor', async ({ page, weir, t, language }) => {
  const asOf = await openNew(page)
  await page.getByLabel(t('builder.name')).fill(language === 'zh' ? '看过的人' : 'viewed')
  await page.keyboard.press('Control+s')
  // A saved one keeps its name.
  await expect(page.getByLabel(t('builder.name'))).toHaveAttribute('readonly')
  await row(page, 0).focus()
  await page.keyboard.press('End')
  await page.keyboard.press('n')
  await page.keyboard.press('Control+s')
  await page.getByRole('tab', { name: t('side.versions') }).click()
  const [viewed, notBought] = EXAMPLE.all
  const [before, now] = [await weir.count(EXAMPLE, asOf), await weir.count({ all: [viewed, notBought?.not] }, asOf)]
  await expect(page.getByTestId('version-2')).toHaveAttribute('data-count', String(now))
  await expect(page.getByTestId('version-1')).toHaveAttribute('data-count', String(before))
  await page.getByRole('button', { name: `${t('builder.version_load')}: ${t('models.version', { version: 1 })}` }).click()
  await page.getByRole('tab', { name: t('side.result') }).click()
  await expect(result(page)).toHaveAttribute('data-count', String(before))
  expect(await expressionOf(page)).toEqual(EXAMPLE)
})

test('fields change what is counted, and the sentence says it', async ({ page, weir, t, language }) => {
  const asOf = await openNew(page)
  await row(page, 1).focus()
  await page.keyboard.press('Enter')
  const editor = page.locator('.editor')
  await editor.getByLabel(t('field.days'), { exact: true }).fill('90')
  await editor.getByRole('button', { name: t('field.add_measure') }).click()
  await page.getByRole('menuitem', { name: t('measure.count') }).press('Enter')
  await editor.getByLabel(`${t('measure.count')}: ${t('field.value')}`).fill('3')
  await editor.getByLabel(t('field.channel')).click()
  await page.locator('.ant-select-tree-title', { hasText: language === 'zh' ? '超级推荐' : 'Feed ads' }).click()
  await page.keyboard.press('Escape')
  const viewed = { did: { behavior: ['view'], within: { days: 90 }, count: { gte: 3 }, channel: ['ads.onsite.feed_ads'] } }
  await expect(page.getByTestId('sentence')).toContainText(
    language === 'zh' ? '近90天经「超级推荐」浏览至少3次' : 'viewed through Feed ads at least 3 times in the last 90 days',
  )
  await page.keyboard.press('Escape')
  expect(await expressionOf(page)).toEqual({ all: [viewed, EXAMPLE.all[1]] })
  const { nodes } = await weir.nodes({ all: [viewed, EXAMPLE.all[1]] }, asOf)
  expect(await countsOf(page)).toEqual(nodes.map((node) => node.count))
})

test('JSON and YAML go round, what cannot be drawn is locked, and a draft survives', async ({ page, weir, t }) => {
  const asOf = await openNew(page)
  await row(page, 0).focus()
  await page.keyboard.press('j')
  const expression = { minus: [{ any: [EXAMPLE.all[0], SEQUENCE] }, { everyone: true }] }
  const code = page.getByLabel(t('code.label', { format: 'JSON' }))
  await code.fill('{"all": [')
  await expect(page.getByText(t('code.unread', { reason: '' }).trim().slice(0, 6))).toBeVisible()
  await code.fill(JSON.stringify(expression))
  await code.press('Control+Enter')
  await expect(rows(page)).toHaveCount(5)
  await expect(page.locator('.card-json')).toHaveCount(1)
  const emptied = page.locator('.node-count.emptied')
  await expect(emptied).toHaveCount(1)
  expect((await countsOf(page))[0]).toBe(0)

  await page.getByRole('tab', { name: 'YAML' }).click()
  const yaml = page.getByLabel(t('code.label', { format: 'YAML' }))
  await expect(yaml).toContainText('sequence:')
  const text = await yaml.inputValue()
  await yaml.fill(text.replace(/\n {2}- everyone: true\n/, '\n  - list: {}\n'))
  await yaml.fill(text.replace('everyone: true', 'any: []'))
  await page.getByRole('button', { name: t('code.apply') }).click()
  const changed = { minus: [{ any: [EXAMPLE.all[0], SEQUENCE] }, { any: [] }] }
  const { count } = await weir.nodes(changed, asOf)
  expect((await countsOf(page))[0]).toBe(count)

  await page.reload()
  await expect(page.getByText(t('builder.draft'))).toBeVisible()
  await page.getByRole('tab', { name: t('side.result') }).click()
  await expect(result(page)).toHaveAttribute('data-count', String(count))
  await page.getByRole('button', { name: t('builder.draft_discard') }).click()
  expect(await expressionOf(page)).toEqual(EXAMPLE)
})

test('a row is dragged into a group, and by buttons out of it', async ({ page, t }) => {
  await openNew(page)
  await row(page, 0).focus()
  await page.getByRole('button', { name: t('builder.add'), exact: false }).first().click()
  await page.getByRole('menuitem', { name: t('builder.add.group') }).press('Enter')
  await expect(rows(page)).toHaveCount(5)
  const handle = page.locator('.tree .handle:not(.hidden)').first()
  await handle.dragTo(row(page, 4).locator('.row').first())
  const [viewed, notBought] = EXAMPLE.all
  expect(await expressionOf(page)).toEqual({ all: [notBought, { any: [viewed] }] })
  await rows(page).last().locator('.row').click()
  await page.getByRole('button', { name: t('builder.out') }).click()
  await page.getByRole('button', { name: t('builder.up') }).click()
  expect(await expressionOf(page)).toEqual({ all: [notBought, viewed, { any: [] }] })
})

test('why somebody is in or out, and who is only here', async ({ page, weir, t }) => {
  const asOf = await openNew(page)
  const { rows: people } = await weir.json<{ rows: string[][] }>(
    'sql',
    "SELECT value FROM identifiers WHERE kind = 'user_id' ORDER BY value LIMIT 1",
  )
  const person = people[0]?.[0] ?? ''
  const { member } = await weir.why(EXAMPLE, person, asOf)
  await page.getByRole('tab', { name: t('side.why') }).click()
  await page.getByRole('searchbox', { name: t('why.person') }).fill(person)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('why-verdict')).toContainText(t(member ? 'why.in' : 'why.out', { who: `user_id:${person}` }))
  await expect(page.locator('.tree .verdict')).toHaveCount(4)
  await row(page, 1).focus()
  await expect(page.getByTestId('evidence')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('tab', { name: t('side.compare') }).click()
  const before = await page.locator('.compare-other input').inputValue()
  const there = { at: { date: before }, of: EXAMPLE }
  const parts = { only_here: { minus: [EXAMPLE, there] }, both: { all: [EXAMPLE, there] }, only_there: { minus: [there, EXAMPLE] } }
  for (const [part, expression] of Object.entries(parts)) {
    const count = await weir.count(expression, asOf)
    await expect(page.getByTestId(`compare-${part}`)).toHaveAttribute('data-count', String(count))
  }
})

test('an answer that comes late is dropped', async ({ page, weir }) => {
  const asOf = await openNew(page)
  let held = 0
  await page.route('**/audiences/estimate', async (route) => {
    held += 1
    // The first of the two questions is answered long after the second.
    if (held === 1) await new Promise((resolve) => setTimeout(resolve, 1500))
    await route.continue().catch(() => undefined)
  })
  await row(page, 3).focus()
  await page.keyboard.press('n')
  await page.waitForTimeout(200)
  await page.keyboard.press('End')
  await page.keyboard.press('n')
  await page.waitForTimeout(2000)
  const { nodes } = await weir.nodes(EXAMPLE, asOf)
  expect(await countsOf(page)).toEqual(nodes.map((node) => node.count))
})

test('the palette goes anywhere by keyboard', async ({ page, t }) => {
  await page.goto('/w/default/audiences')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: t('palette.search') })).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.type('loyal')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/audiences\/loyal\/edit/)
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: t('palette.search') })).toBeFocused()
  await page.keyboard.type(t('nav.pushes'))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: t('pushes.title') })).toBeVisible()
})

test('nothing serious against anyone, in both themes', async ({ page, t }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/audiences')
    await expect(page.locator('.audiences [data-count]').first()).toBeVisible()
    await expectAccessible(page)
    await openNew(page)
    await row(page, 1).focus()
    await page.keyboard.press('Enter')
    await expect(page.locator('.editor')).toBeVisible()
    await expectAccessible(page)
    for (const tab of ['compare', 'json', 'yaml'] as const) {
      await page.getByRole('tab', { name: t(`side.${tab}`) }).click()
      await expectAccessible(page)
    }
  }
})
