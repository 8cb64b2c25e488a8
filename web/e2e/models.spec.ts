// State models: what each rule does is the command line's, a window is changed and the people who move are counted, saved, and taken back.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './test'

interface Check {
  rules: { state: string; matched: number; decided: number; taken: number }[]
  none: number
}

interface Comparison {
  rows: string[]
  columns: string[]
  matrix: number[][]
}

const asOfOf = (page: Page) => page.locator('.top .ant-picker input').inputValue()
const figure = (page: Page, id: string) => page.getByTestId(id)

async function expectFigures(page: Page, { rules, none }: Check) {
  for (const { state, matched, decided, taken } of rules) {
    await expect(figure(page, `decided-${state}`).first()).toHaveAttribute('data-count', String(decided))
    await expect(figure(page, `matched-${state}`).first()).toHaveAttribute('data-count', String(matched))
    if (taken > 0) await expect(figure(page, `taken-${state}`).first()).toHaveAttribute('data-count', String(taken))
  }
  expect(none).toBeGreaterThan(0)
}

async function expectMatrix(page: Page, { rows, columns, matrix }: Comparison) {
  for (const [i, row] of rows.entries()) {
    for (const [j, column] of columns.entries()) {
      await expect(figure(page, `cell-${row}-${column}`)).toHaveAttribute('data-count', String(matrix[i]?.[j]))
    }
  }
}

test('what each rule does is what the command line says, and every number is a door', async ({ page, weir, t }) => {
  await page.goto('/w/default/models')
  const asOf = await asOfOf(page)
  const check = await weir.json<Check>('model', 'check', 'pno', '--at', asOf)
  for (const { state, decided } of check.rules) {
    await expect(figure(page, `listed-pno-${state}`)).toHaveAttribute('data-count', String(decided))
  }
  await expect(figure(page, 'listed-pno-none')).toHaveAttribute('data-count', String(check.none))
  await figure(page, 'listed-pno-none').click()
  await expect(figure(page, 'panel-count')).toHaveAttribute('data-count', String(check.none))

  await page.locator('a[href$="/models/pno"]').click()
  await expectFigures(page, check)
  const taken = check.rules.find((rule) => rule.taken > 0)
  await figure(page, `taken-${taken?.state}`).click()
  await expect(figure(page, 'panel-count')).toHaveAttribute('data-count', String(taken?.taken))
  await figure(page, `matched-${taken?.state}`).click()
  await expect(figure(page, 'panel-count')).toHaveAttribute('data-count', String(taken?.matched))
  await page.reload()
  await expect(figure(page, 'panel-count')).toHaveAttribute('data-count', String(taken?.matched))
  await page.keyboard.press('Escape')
  await expect(figure(page, 'panel')).toHaveCount(0)
  await expect(figure(page, 'rules-balance')).toContainText('✓')
  await page.getByRole('button', { name: t('chart.toggle') }).first().click()
  await expect(figure(page, `decided-${taken?.state}`)).toHaveCount(2)
})

test('another window moves as many as the command line compares, and the cells are doors', async ({ page, weir, t }) => {
  await page.goto('/w/default/models/pno?if=365:30')
  const asOf = await asOfOf(page)
  const pno = await weir.json<{ states: { name: string; when: { did?: { within: { days: number } } } }[] }>('model', 'show', 'pno')
  const [old, ...others] = pno.states
  const states = [{ ...old, when: { did: { ...old?.when.did, within: { days: 30 } } } }, ...others]
  const file = join(weir.data, 'what-if.json')
  await writeFile(file, JSON.stringify({ states }))
  const compared = await weir.json<Comparison>('model', 'compare', 'pno', file, '--at', asOf)
  await expectMatrix(page, compared)
  const moved = compared.matrix.flatMap((row, i) => row.filter((_, j) => i !== j)).reduce((sum, n) => sum + n, 0)
  await expect(figure(page, 'whatif-moved')).toHaveAttribute('data-count', String(moved))
  await figure(page, 'whatif-moved').click()
  await expect(figure(page, 'panel-count')).toHaveAttribute('data-count', String(moved))
  await figure(page, 'cell-old-none').click()
  await expect(figure(page, 'panel-count')).toHaveAttribute('data-count', String(compared.matrix[0]?.at(-1)))
  await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('Escape')

  await page.locator('label', { hasText: t('whatif.kind.model') }).click()
  const models = await weir.json<Comparison>('model', 'compare', 'pno', 'aipl', '--at', asOf)
  await expectMatrix(page, models)
  await expect(figure(page, 'balance')).toContainText('✓')
})

/** A name that no earlier try of the same story has given. */
const fresh = (name: string) => `${name}_${Math.floor(Math.random() * 1e9)}`

/** Makes a definition as another user would. */
async function put(page: Page, path: string, body: unknown): Promise<void> {
  const status = await page.evaluate(
    async ([path, body]) => (await fetch(`/api/v1/${path}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })).status,
    [path, JSON.stringify(body)] as const,
  )
  expect([200, 201]).toContain(status)
}

const bought = (days: number) => ({ name: 'bought', title: 'Bought', title_zh: '买过', slot: 'purchase', when: { did: { behavior: ['purchase'], within: { days } } } })
const LOOKED = { name: 'looked', title: 'Looked', title_zh: '看过', slot: 'aware', when: { did: { behavior: ['view'], within: { days: 30 } } } }

test('a shipped model is copied with another window, and counts as the command line does', async ({ page, weir, t }) => {
  const name = fresh('recent')
  await page.goto('/w/default/models/pno?if=365:60')
  await page.getByRole('link', { name: t('whatif.edit') }).click()
  await expect(page).toHaveURL(/\/edit$/)
  await page.getByLabel(t('model_edit.name'), { exact: true }).fill(name)
  await page.getByRole('button', { name: t('model_edit.create') }).click()
  await expect(page).toHaveURL(new RegExp(`/models/${name}$`))
  const check = await weir.json<Check>('model', 'check', name, '--at', await asOfOf(page))
  await expectFigures(page, check)
  const saved = await weir.json<{ states: { when: unknown }[] }>('model', 'show', name)
  expect(saved.states[0]?.when).toEqual({ did: { behavior: ['purchase'], within: { days: 60 } } })
})

test('a draft survives, and who follows a model is named before it changes', async ({ page, weir, t, language }) => {
  const [name, audience] = [fresh('followed'), fresh('follower')]
  await page.goto('/w/default/models')
  await put(page, `state-models/${name}`, { states: [bought(180), LOOKED] })
  await put(page, `audiences/${audience}`, { expression: { state: { model: name, in: ['bought'] } } })
  await page.goto(`/w/default/models/${name}/edit`)
  await page.getByRole('button', { name: t('model_edit.down', { n: '1' }) }).click()
  await page.getByRole('button', { name: t('model_edit.open', { n: '2', state: language === 'zh' ? '买过' : 'Bought' }) }).click()
  await page.locator('.tree .what').first().click()
  await page.locator('.tree .editor').getByLabel(t('field.days'), { exact: true }).fill('120')
  await expect(page.locator('.rule-card.open .rule-open')).toContainText('120')
  await page.reload()
  await expect(page.getByText(t('model_edit.draft'))).toBeVisible()
  await page.getByRole('button', { name: t('model_edit.save') }).click()
  const guard = page.getByRole('dialog')
  await expect(guard.getByRole('link', { name: audience })).toBeVisible()
  await guard.getByRole('button', { name: t('model_edit.guard_save') }).click()
  await expect(page).toHaveURL(new RegExp(`/models/${name}(\\?.*)?$`))
  await expectFigures(page, await weir.json<Check>('model', 'check', `${name}@2`, '--at', await asOfOf(page)))
})

test('versions say what changed, and an earlier one comes back', async ({ page, weir, t, language }) => {
  const name = fresh('versions')
  await page.goto('/w/default/models')
  for (const states of [[bought(180), LOOKED], [bought(90), LOOKED]]) await put(page, `state-models/${name}`, { states })
  await page.goto(`/w/default/models/${name}`)
  const change = page.locator('.changes li')
  await expect(change).toHaveCount(1)
  await expect(change).toContainText(language === 'zh' ? '近180天购买的人 → 近90天购买的人' : 'who bought in the last 180 days → who bought in the last 90 days')
  await page.getByRole('button', { name: `${t('versions.restore')}: ${t('models.version', { version: 1 })}` }).click()
  await expect(page.locator('.versions > li')).toHaveCount(3)
  const first = await weir.json<Check>('model', 'check', `${name}@1`, '--at', await asOfOf(page))
  expect((await weir.json<Check>('model', 'check', name, '--at', await asOfOf(page))).rules).toEqual(first.rules)
  await expectFigures(page, first)
})

test('undo goes back over conditions, order and states', async ({ page, t }) => {
  await page.goto('/w/default/models/new?rule=1')
  await expect(figure(page, 'decided-bought')).toBeVisible()
  const before = (await figure(page, 'decided-bought').getAttribute('data-count')) ?? ''
  await page.locator('.rule-editor .ant-segmented-item', { hasText: 'JSON' }).click()
  const code = page.getByLabel(t('code.label', { format: 'JSON' }))
  await code.fill('{"everyone": true}')
  await code.press('Control+Enter')
  await expect(figure(page, 'decided-bought')).not.toHaveAttribute('data-count', before)
  await expect(figure(page, 'decided-looked')).toHaveAttribute('data-count', '0')
  await page.getByRole('button', { name: t('model_edit.add') }).click()
  await expect(figure(page, 'decided-state_3')).toBeVisible()
  const undo = page.getByRole('button', { name: t('model_edit.undo') }).first()
  await undo.click()
  await undo.click()
  await expect(undo).toBeDisabled()
  await expect(page.locator('.rule-card')).toHaveCount(2)
  await expect(figure(page, 'decided-bought')).toHaveAttribute('data-count', before)
})

test.describe('with a rule that the server refuses', () => {
  test.use({ isStrict: false })
  test('what is wrong stands at its rule', async ({ page, t }) => {
    await page.goto('/w/default/models/new?rule=2')
    await expect(figure(page, 'decided-looked')).toBeVisible()
    await page.locator('.rule-editor .ant-segmented-item', { hasText: 'JSON' }).click()
    const code = page.getByLabel(t('code.label', { format: 'JSON' }))
    await code.fill('{"list": "nobody has it"}')
    await code.press('Control+Enter')
    await expect(page.locator('.rule-card').nth(1).getByRole('alert').first()).toContainText('nobody has it')
    await expect(page.locator('.rule-card').nth(0).getByRole('alert')).toHaveCount(0)
  })
})

for (const theme of ['light', 'dark'] as const) {
  test(`nothing serious against anyone, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/models?open=pno~none')
    await expect(figure(page, 'panel-count')).toBeVisible()
    await expectAccessible(page)
    await page.goto('/w/default/models/pno?open=matched~new')
    await expect(page.locator('.flow-grid')).toBeVisible()
    await expect(figure(page, 'panel-count')).toBeVisible()
    await expectAccessible(page)
    await page.goto('/w/default/models/pno/edit?rule=2')
    await expect(page.locator('.tree [data-count]').first()).toBeVisible()
    await expect(page.locator('.flow-grid')).toBeVisible()
    await expectAccessible(page)
  })
}
