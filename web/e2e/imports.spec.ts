// A file from its drop to its ledger, and back.

import { expect, expectAccessible, test } from './test'

interface Import {
  import: number
  read: number
  accepted: number
  duplicate: number
  rejected: number
}

/** A file of its own for each language: what was imported once is there. */
const orders = (language: string) => `InvoiceNo,StockCode,Quantity,InvoiceDate,Paid,CustomerID,Country
${language}1,85123A,6,25/12/2024 08:26,15.3,u17850,United Kingdom
${language}2,71053,6,26/12/2024 08:28,20.34,,United Kingdom
${language}3,84406B,8,3/1/2025 8:34,22,u13047,France
${language}4,22960,6,yesterday,25.5,u13048,United Kingdom
`

const AMBIGUOUS = 'time,user_id,event\n03/04/2024,a,view\n05/06/2024,b,view\n'

const upload = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

test.describe('with a mapping that is refused', () => {
  // The refusal is asked for, and the browser logs it.
  test.use({ isStrict: false })

  test('a file is guessed, seen, imported, imported again, and taken back', async ({ page, weir, t, language }) => {
  await page.goto('/w/default/data/imports')
  await expect(page.locator('.imports tbody tr.ant-table-row').first()).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: t('imports.new') }).click()
  const file = upload('orders.csv', orders(language))
  await page.locator('input[type=file]').setInputFiles(file)
  await expect(page.getByTestId('preview-balance')).toHaveText(t('wizard.balanced', { read: '4', mapped: '2', rejected: '2' }))
  const commit = page.getByRole('button', { name: t('wizard.import_all') })
  await expect(commit).toBeEnabled()
  await expectAccessible(page)
  const before = await weir.json<{ items: Import[] }>('import', 'log')
  await page.getByRole('tab', { name: t('wizard.rejects') }).click()
  await expect(page.locator('.preview').getByText(t('import_reason.bad_time')).first()).toBeVisible()

  const sql = page.getByLabel(t('wizard.sql'))
  await expect(sql).toHaveValue(/"CustomerID" AS VARCHAR\) AS id_user_id/)
  const written = await sql.inputValue()
  await sql.fill(written.replace("'purchase'", "'view'"))
  await expect(page.getByText(t('wizard.locked'))).toBeVisible()
  await expect(page.getByRole('combobox', { name: t('wizard.time_format') })).toBeDisabled()
  await sql.fill('SELECT nothing FROM input')
  await expect(page.locator('.ant-alert-error:not(.ant-alert-banner)')).toBeVisible()
  await page.getByRole('button', { name: t('wizard.unlock') }).click()
  await expect(sql).toHaveValue(written)
  expect((await weir.json<{ items: Import[] }>('import', 'log')).items).toEqual(before.items)

  await commit.click()
  const figures = { read: '4', accepted: '2', duplicate: '0', rejected: '2' }
  await expect(page.getByTestId('import-ledger')).toContainText(t('imports.balanced', figures))
  const [latest] = (await weir.json<{ items: Import[] }>('import', 'log')).items
  expect(latest).toMatchObject({ read: 4, accepted: 2, duplicate: 0, rejected: 2 })

  await page.getByRole('button', { name: t('wizard.again') }).click()
  await page.locator('input[type=file]').setInputFiles(file)
  await commit.click()
  await expect(page.getByText(t('wizard.done_nothing'))).toBeVisible()
  await expect(page.getByTestId('import-ledger')).toContainText(t('imports.balanced', { ...figures, accepted: '0', duplicate: '2' }))

  await page.getByRole('main').getByRole('link', { name: t('imports.all') }).last().click()
  // Of the two imports of this file the earlier one, below; the listing may come from before them at first.
  const row = page.locator('.imports tbody tr.ant-table-row', { hasText: 'orders.csv' }).nth(1)
  await row.getByRole('button', { name: t('imports.undo') }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: t('imports.undo') }).click()
  await expect(row.getByText(t('imports.state.undone'))).toBeVisible()
})
})

test('dates that can be read two ways are asked about', async ({ page, t }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('/w/default/data/imports/new')
  await expectAccessible(page)
  await page.locator('input[type=file]').setInputFiles(upload('dates.csv', AMBIGUOUS))
  await expect(page.getByText(t('wizard.ambiguous', { sample: '03/04/2024' }))).toBeVisible()
  const commit = page.getByRole('button', { name: t('wizard.import_all') })
  await expect(page.getByTestId('preview-balance')).toBeVisible()
  await expect(commit).toBeDisabled()
  await page.getByRole('combobox', { name: t('wizard.time_format') }).click()
  await page.getByTitle(t('wizard.time.month_first')).last().click()
  await expect(commit).toBeEnabled()
  await expect(page.locator('.preview').getByText('2024-03-04').first()).toBeVisible()
  await expectAccessible(page)
})

test('a list of people comes in without a mapping', async ({ page, weir, t, language }) => {
  await page.goto('/w/default/data/imports/new')
  await page.getByRole('radio', { name: t('wizard.kind.list') }).check()
  await page.locator('input[type=file]').setInputFiles(upload(`vip-${language}.csv`, 'user_id\nu1\nu2\nu2\n'))
  await page.getByRole('button', { name: t('wizard.import_all') }).click()
  await expect(page.getByTestId('import-ledger')).toContainText('✓')
  const [latest] = (await weir.json<{ items: (Import & { kind: string })[] }>('import', 'log')).items
  expect(latest).toMatchObject({ kind: 'list', read: 3 })
})
