// Without a session there is a page to log in, and a token opens it.

import { expect, expectAccessible, test } from './test'

test.use({ storageState: { cookies: [], origins: [] } })

// The server refuses before there is a session, as it should; the browser logs that.
test.use({ isStrict: false })

test('a token logs in, and logging out ends it', async ({ page, weir, t }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: t('login.title') })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel(t('login.token')).fill('weir_wrong')
  await page.getByRole('button', { name: t('login.submit') }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()

  const { token } = await weir.json<{ token: string }>('token', 'add', `browser-${Math.random()}`)
  await page.getByLabel(t('login.token')).fill(token)
  await page.getByRole('button', { name: t('login.submit') }).click()
  await expect(page.getByRole('heading', { level: 1, name: t('home.title') })).toBeVisible()

  await page.getByRole('button', { name: t('app.signout') }).click()
  await expect(page.getByRole('heading', { name: t('login.title') })).toBeVisible()
})
