// Playbooks: six plans whose figures are the command line's; one is set, created, and its push opens filled in.

import { expect, expectAccessible, openNewDestination, test } from './test'

interface Preview {
  audiences: { name: string; count: number; expression: unknown }[]
  media: { name: string; count: number; only: number }[]
  reach: number
}

test('six plans, each with its target, which is a door', async ({ page, weir }) => {
  await page.goto('/w/default/playbooks')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  const books = await weir.json<{ items: { name: string }[] }>('playbook', 'list')
  expect(books.items).toHaveLength(6)
  for (const { name } of books.items) {
    const preview = await weir.json<Preview>('playbook', 'show', name, `as_of=${asOf}`)
    await expect(page.getByTestId(`play-${name}.target`)).toHaveAttribute('data-count', String(preview.audiences.at(-1)?.count))
  }
  const target = page.getByTestId('play-offsite_to_onsite.target')
  await target.click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(await target.getAttribute('data-count')))
})

test('a chain is set, created, found again, and its push is prepared', async ({ page, weir, t, language }) => {
  const prefix = `chain_${language}`
  await page.goto('/w/default/playbooks/performance_chain')
  const asOf = await page.locator('.top .ant-picker input').inputValue()
  await page.getByLabel(language === 'zh' ? '名称前缀' : 'What all names begin with').fill(prefix)
  const days = page.getByLabel(language === 'zh' ? '最近触达天数' : 'Reached in the last days')
  await days.fill('14')
  await days.press('Enter')
  const told = await weir.json<Preview>('playbook', 'show', 'performance_chain', `as_of=${asOf}`, `prefix=${prefix}`, 'days=14')
  for (const { name, count } of told.audiences) {
    await expect(page.getByTestId(`play-${name.slice(prefix.length + 1)}`)).toHaveAttribute('data-count', String(count))
  }
  for (const { name, count, only } of told.media) {
    await expect(page.getByTestId(`medium-${name}`)).toHaveAttribute('data-count', String(count))
    await expect(page.getByTestId(`only-${name}`)).toHaveAttribute('data-count', String(only))
  }
  const [medium] = told.media
  await page.getByTestId(`only-${medium?.name}`).click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(medium?.only))
  await page.getByTestId('play-reach').click()
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(told.reach))
  await page.getByTestId('play-target').click()
  const size = told.audiences.at(-1)?.count ?? 0
  await expect(page.getByTestId('panel-count')).toHaveAttribute('data-count', String(size))
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: t('play.create'), exact: true }).click()
  await expect(page.getByText(t('play.created'))).toBeVisible()
  expect((await weir.json<{ snapshot: string }>('track', 'show', `${prefix}_track`)).snapshot).toBeTruthy()
  await page.reload()
  await expect(page.getByText(t('play.is_there'))).toBeVisible()
  await expect(page.getByText(t('play.standing.same'), { exact: true })).toHaveCount(told.audiences.length)

  await page.getByRole('button', { name: t('play.push', { count: size }) }).click()
  const dialog = page.getByRole('dialog')
  await openNewDestination(dialog, t)
  await dialog.getByLabel(t('destination.name')).fill(`plays ${language}`)
  await dialog.getByRole('button', { name: t('destination.create') }).click()
  await expect(dialog.getByLabel(t('push.name'))).toHaveValue(`${prefix}_push`)
  await expect(dialog.getByLabel(t('push.holdout'))).toHaveValue('10')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await page.getByRole('link', { name: `${prefix}_track` }).click()
  await expect(page.getByTestId('count-total')).toHaveAttribute('data-count', String(size))
})

// The browser logs the refusal.
test.describe(() => {
  test.use({ isStrict: false })
  test('what the server refuses stands at its field', async ({ page, language }) => {
    await page.goto(`/w/default/playbooks/after_promotion?given=${encodeURIComponent('{"from":"2024-01-02","to":"2024-01-01"}')}`)
    const faulty = page.locator('.play-part > div').filter({ has: page.getByRole('alert') })
    await expect(faulty).toHaveCount(1)
    await expect(faulty.getByLabel(language === 'zh' ? '大促结束' : 'Last day of the promotion', { exact: true })).toHaveValue('2024-01-01')
  })
})

test('nothing serious against anyone, in both themes', async ({ page }) => {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/w/default/playbooks')
    await expect(page.locator('.play-card .big')).toHaveCount(6)
    await expectAccessible(page)
    await page.goto('/w/default/playbooks/performance_chain?open=target')
    await expect(page.getByTestId('panel-count')).toBeVisible()
    await expectAccessible(page)
  }
})
