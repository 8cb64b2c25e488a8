// Settings: limits, names of events, tokens. The command line sees what the page changed.

import { expect, expectAccessible, test } from './test'

interface Settings {
  retention_days?: number | null
  disk_limit?: number | null
}

test('limits are set, and asked about before events are let go', async ({ page, weir, t }) => {
  await page.goto('/w/default/settings')
  await expect(page.getByLabel(t('settings.zone'))).toBeDisabled()
  await page.getByLabel(t('settings.disk_limit')).fill('50GB')
  await page.getByLabel(t('settings.retention')).fill('soon')
  await page.getByRole('button', { name: t('settings.save') }).click()
  await expect(page.getByText(t('settings.retention_bad'))).toBeVisible()
  await page.getByLabel(t('settings.retention')).fill('4000')
  await page.getByRole('button', { name: t('settings.save') }).click()
  await page.getByRole('dialog').getByRole('button', { name: t('settings.save') }).click()
  await expect(page.getByText(t('settings.saved'))).toBeVisible()
  const settings = await weir.json<Settings>('workspace', 'show')
  expect(settings).toMatchObject({ retention_days: 4000, disk_limit: 50_000_000_000 })
  await page.getByLabel(t('settings.retention')).fill('')
  await page.getByLabel(t('settings.disk_limit')).fill('')
  await page.getByRole('button', { name: t('settings.save') }).click()
  await expect(page.getByLabel(t('settings.disk_limit'))).toHaveValue('')
  await expect.poll(async () => (await weir.json<Settings>('workspace', 'show')).retention_days ?? null).toBeNull()
})

test('an event gets another meaning, and loses it', async ({ page, t, language }) => {
  const name = `gift_wrapped_${language}`
  await page.goto('/w/default/settings?tab=names')
  await page.getByRole('textbox', { name: t('settings.new_event') }).fill(name)
  await page.getByRole('textbox', { name: t('settings.new_event') }).press('Enter')
  const row = page.locator('tr', { hasText: name })
  await expect(row).toContainText(t('behavior.view'))
  await row.getByRole('combobox').click()
  await page.getByTitle(t('behavior.share'), { exact: true }).click()
  await expect(row).toContainText(t('behavior.share'))
  await page.reload()
  await page.getByLabel(t('settings.find_event')).fill(name)
  await expect(row).toContainText(t('behavior.share'))
  await page.getByRole('button', { name: t('settings.remove_event', { name }) }).click()
  await expect(row).toHaveCount(0)
})

test('a token is made, opens the API, and is revoked', async ({ page, weir, t, language }) => {
  const name = `export ${language}`
  await page.goto('/w/default/settings?tab=tokens')
  await page.getByLabel(t('tokens.new_name')).fill(name)
  await page.getByRole('button', { name: t('tokens.create') }).click()
  const token = (await page.getByTestId('token').textContent()) ?? ''
  const status = async () => (await fetch(`${weir.url}/api/v1/workspace`, { headers: { authorization: `Bearer ${token}` } })).status
  expect(await status()).toBe(200)
  await page.getByRole('button', { name: `${t('tokens.revoke')}: ${name}` }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: t('tokens.revoke') }).click()
  await expect(page.getByRole('cell', { name, exact: true })).toHaveCount(0)
  expect(await status()).toBe(401)
  await page.getByRole('checkbox', { name: t('tokens.show_old') }).check()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText(t('tokens.state.revoked'))
})

test('nothing serious against anyone, in both themes', async ({ page }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    for (const tab of ['general', 'channels', 'names', 'password', 'tokens']) {
      await page.goto(`/w/default/settings?tab=${tab}`)
      await expect(page.locator('.page-main .card').first()).toBeVisible()
      await expectAccessible(page)
    }
  }
})
