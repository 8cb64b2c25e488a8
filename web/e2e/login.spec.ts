// Without a session there is a page to log in; a token opens it, and so does a password that was set here.

import { expect, expectAccessible, test } from './test'

// The server refuses before there is a session, as it should; the browser logs that.
test.use({ isStrict: false })

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('a token logs in, and logging out ends it', async ({ page, weir, t }) => {
    await page.goto('/')
    await expect(page.getByRole('heading', { name: t('login.title') })).toBeVisible()
    await page.getByText(t('login.by.token'), { exact: true }).click()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: t('login.token') }).fill('weir_wrong')
    await page.getByRole('button', { name: t('login.submit') }).click()
    await expect(page.getByRole('alert').first()).toBeVisible()

    const { token } = await weir.json<{ token: string }>('token', 'add', `browser-${Math.random()}`)
    await page.getByRole('textbox', { name: t('login.token') }).fill(token)
    await page.getByRole('button', { name: t('login.submit') }).click()
    await expect(page.getByRole('heading', { level: 1, name: t('home.title') })).toBeVisible()

    await page.getByRole('button', { name: t('app.signout') }).click()
    await expect(page.getByRole('heading', { name: t('login.title') })).toBeVisible()
  })
})

test('a password is offered, set, changed, and opens the console', async ({ page, weir, t, browser }) => {
  await page.goto('/')
  await page.getByRole('link', { name: t('password.set') }).click()
  await page.getByLabel(t('password.new'), { exact: true }).fill('tea at noon')
  await page.getByLabel(t('password.again')).fill('tea at moon')
  await page.getByRole('button', { name: t('password.set') }).click()
  await expect(page.getByText(t('password.differs'))).toBeVisible()
  await page.getByLabel(t('password.again')).fill('tea at noon')
  await page.getByRole('button', { name: t('password.set') }).click()
  await expect(page.getByText(t('password.saved'))).toBeVisible()
  expect((await weir.json<{ set: boolean }>('password', 'show')).set).toBe(true)

  await page.getByLabel(t('password.current')).fill('tea at moon')
  await page.getByLabel(t('password.new'), { exact: true }).fill('coffee at night')
  await page.getByLabel(t('password.again')).fill('coffee at night')
  await page.getByRole('button', { name: t('password.change') }).click()
  await expect(page.locator('.ant-form-item-explain-error')).toBeVisible()
  await page.getByLabel(t('password.current')).fill('tea at noon')
  await page.getByRole('button', { name: t('password.change') }).click()
  await expect(page.getByText(t('password.saved')).last()).toBeVisible()
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1, name: t('home.title') })).toBeVisible()
  await expect(page.getByText(t('password.offer'))).toHaveCount(0)

  const elsewhere = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const other = await elsewhere.newPage()
  await other.goto(`${weir.url}/w/default/settings`)
  await other.getByRole('textbox', { name: t('login.by.password') }).fill('tea at noon')
  await other.getByRole('button', { name: t('login.submit') }).click()
  await expect(other.getByRole('alert').first()).toBeVisible()
  await other.getByRole('textbox', { name: t('login.by.password') }).fill('coffee at night')
  await other.getByRole('button', { name: t('login.submit') }).click()
  await expect(other.getByRole('heading', { level: 1, name: t('settings.title') })).toBeVisible()
  await elsewhere.close()
})
