// A source from its making to its first event, as somebody sees it who sets up an SDK.

import { expect, expectAccessible, test } from './test'

test('a source is made, its key shown once, and the first event is seen to arrive', async ({ page, weir, t, language }) => {
  const name = `shop-${language}`
  await page.goto('/w/default/data/sources')
  await page.getByRole('button', { name: t('sources.new') }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('source.new_name')).fill('no such name!')
  await dialog.getByRole('button', { name: t('source.create') }).click()
  await expect(dialog.getByText(t('source.new_name_bad'))).toBeVisible()
  await dialog.getByLabel(t('source.new_name')).fill(name)
  await dialog.getByRole('button', { name: t('source.create') }).click()

  const key = (await page.getByTestId('write-key').textContent()) ?? ''
  expect(key).toMatch(/^wk_/)
  await page.getByRole('tab', { name: 'curl' }).click()
  const example = page.getByRole('region', { name: t('source.snippet_label', { language: 'curl' }) })
  await expect(example).toContainText(key)
  await expect(example).toContainText(`${weir.url}/v1/track`)
  await expect(page.getByText(t('source.waiting'))).toBeVisible()
  await expectAccessible(page)

  const send = (body: unknown) =>
    fetch(`${weir.url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
      body: JSON.stringify(body),
    })
  // Dated within the demo: a later event would move the date that other pages begin with.
  expect((await send({ userId: 'u1', messageId: 'm1', event: 'Product Viewed', timestamp: '2025-12-19T02:00:00Z', properties: { product_id: 'P1' } })).status).toBe(200)
  await expect(page.getByTestId('first-event')).toContainText(t('behavior.view'))
  expect((await send({ messageId: 'm2', event: 'Product Viewed' })).status).toBe(400)
  const rejected = page.locator('.debugger tbody tr', { hasText: t('verdict.rejected') })
  await expect(rejected).toHaveCount(1)
  await rejected.getByRole('button').click()
  await expect(page.getByText(t('fix.no_identifier'))).toBeVisible()
  await expect(page.getByTestId('health')).toContainText(`${t('sources.accepted')} 1 · ${t('sources.duplicate')} 0 · ${t('sources.rejected')} 1`)

  await page.reload()
  await expect(page.getByTestId('health')).toBeVisible()
  await expect(page.getByTestId('write-key')).toHaveCount(0)
  expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain('wk_')

  await page.getByRole('button', { name: t('source.revoke') }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: t('source.revoke') }).click()
  await expect(page.getByText(t('sources.state.revoked')).first()).toBeVisible()
  expect((await send({ userId: 'u1', event: 'Product Viewed' })).status).toBe(401)
  await page.getByRole('button', { name: t('source.rotate') }).click()
  await page.locator('.ant-popconfirm:visible').getByRole('button', { name: t('source.rotate') }).click()
  await expect(page.getByTestId('write-key')).not.toHaveText(key)
  await page.getByRole('link', { name: t('sources.all') }).click()
  await expect(page.getByRole('link', { name })).toBeVisible()
  const { items } = await weir.json<{ items: { name: string }[] }>('source', 'list')
  expect(items.map((source) => source.name)).toContain(name)
})

test('nothing serious against anyone, in both themes', async ({ page, weir, t }) => {
  await weir.json('source', 'add', `axe-${Math.floor(Math.random() * 1e9)}`)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/data/sources')
    await page.locator('.sources tbody a').first().click()
    await expect(page.getByTestId('health')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('link', { name: t('sources.all') }).click()
    await expect(page.locator('.sources tbody a').first()).toBeVisible()
    await expectAccessible(page)
  }
})
