// One person: found by an identifier or among the people behind a number; every figure is the command line's.

import type { Page } from '@playwright/test'
import type { Weir } from './weir'
import { expect, expectAccessible, test } from './test'

interface Person {
  key: string
  consumer: { kind: string; value: string }
  identifiers: { kind: string; value: string }[]
  links: { a_key: string; b_key: string; state: string }[]
  tags: { name: string }[]
  states: { spans: { state: string; from: string; to: string }[] }
  audiences: { name: string; member?: boolean }[]
  pushes: { push: string; outcome: string }[]
  activity: { events: number; entrances: Record<string, number>; behaviors: Record<string, number> }
}

interface Events {
  items: { behavior: string; local_time: string }[]
  next?: string
}

interface Somebody {
  id: string
  asOf: string
}

const found = new Map<Weir, Promise<Somebody>>()

/** The busiest of those with a phone and a device, and their last day; looked for once. */
function somebody(weir: Weir): Promise<Somebody> {
  const known = found.get(weir) ?? search(weir)
  found.set(weir, known)
  return known
}

async function search(weir: Weir): Promise<Somebody> {
  const { rows } = await weir.json<{ rows: [string, string][] }>(
    'sql',
    `SELECT i.value, max(e.day) FROM events e
     JOIN identifiers i ON i.consumer = e.consumer AND i.kind = 'user_id'
     JOIN identifiers p ON p.consumer = e.consumer AND p.kind = 'phone'
     JOIN identifiers m ON m.consumer = e.consumer AND m.kind = 'device'
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
  )
  const [row] = rows
  if (!row) throw new Error('nobody has a phone in this world')
  return { id: row[0], asOf: row[1] }
}

const show = (weir: Weir, id: string, asOf: string, ...more: string[]) => weir.json<Person>('consumer', id, '--as-of', asOf, ...more)

async function open(page: Page, id: string, asOf: string): Promise<void> {
  await page.goto(`/w/default/consumers/${encodeURIComponent(id)}?as_of=${asOf}`)
  await expect(page.getByTestId('timeline').locator('.event').first()).toBeVisible()
}

test('a person is what the command line says', async ({ page, weir }) => {
  const { id, asOf } = await somebody(weir)
  const person = await show(weir, id, asOf)
  await open(page, id, asOf)
  await expect(page.getByRole('heading', { level: 1, name: person.consumer.value })).toBeVisible()
  await expect(page.getByTestId('identifiers').getByRole('listitem')).toHaveCount(person.identifiers.length)
  await expect(page.getByTestId('tags').getByRole('listitem')).toHaveCount(person.tags.length)
  await expect(page.getByTestId('event-count')).toHaveAttribute('data-count', String(person.activity.events))
  for (const [entrance, events] of Object.entries(person.activity.entrances)) {
    await expect(page.getByTestId('entrances').locator(`[data-entrance="${entrance}"]`)).toHaveAttribute('data-count', String(events))
  }
  for (const { name, member } of person.audiences) await expect(page.getByTestId(`audience-${name}`)).toHaveAttribute('data-member', String(member))
  await expect(page.getByTestId('state-now')).toHaveAttribute('data-state', person.states.spans.at(-1)?.state ?? '')
  await expect(page.getByTestId('consumer-pushes').getByRole('listitem')).toHaveCount(person.pushes.length)
  for (const { push, outcome } of person.pushes) {
    await expect(page.getByTestId('consumer-pushes').locator(`[data-push="${push}"]`)).toHaveAttribute('data-outcome', outcome)
  }
})

test('the timeline is filtered by the address and goes back in pages', async ({ page, weir, t }) => {
  const { id, asOf } = await somebody(weir)
  const all = await weir.json<Events>('consumer', id, '--events', '--as-of', asOf, '--limit', '40')
  await open(page, id, asOf)
  const events = page.getByTestId('timeline').locator('.event')
  await expect(events).toHaveCount(30)
  await page.getByRole('button', { name: t('consumer.older') }).click()
  await expect(events.nth(39)).toHaveAttribute('data-behavior', all.items[39]?.behavior ?? '')
  await expect(events.nth(39).locator('time')).toHaveAttribute('datetime', all.items[39]?.local_time ?? '')

  const bought = await weir.json<Events>('consumer', id, '--events', '--as-of', asOf, '--behavior', 'purchase')
  await page.goto(`/w/default/consumers/${encodeURIComponent(id)}?as_of=${asOf}&behavior=purchase`)
  await expect(page.getByTestId('timeline-shown')).toHaveAttribute('data-count', String(Math.min(30, bought.items.length)))
  await page.reload()
  await expect(events.first()).toHaveAttribute('data-behavior', 'purchase')
  await page.getByRole('button', { name: t('consumer.clear') }).first().click()
  await expect(page).not.toHaveURL(/behavior/)
})

test('personal values are masked until somebody asks', async ({ page, weir, t }) => {
  const { id, asOf } = await somebody(weir)
  const phone = (person: Person) => person.identifiers.find(({ kind }) => kind === 'phone')?.value ?? ''
  const [masked, whole] = [phone(await show(weir, id, asOf)), phone(await show(weir, id, asOf, '--unmasked'))]
  await open(page, id, asOf)
  const identifiers = page.getByTestId('identifiers')
  await expect(identifiers).toContainText(masked)
  await expect(identifiers).not.toContainText(whole)
  await page.getByRole('button', { name: t('consumer.reveal') }).click()
  await expect(identifiers).toContainText(whole)
  await page.getByRole('button', { name: t('consumer.mask') }).click()
  await expect(identifiers).not.toContainText(whole)
  await open(page, `phone:${whole}`, asOf)
  await expect(page).toHaveURL(/consumers\/~\d+\?as_of=/)
})

test('why somebody is in an audience is told beside it', async ({ page, weir, t }) => {
  const { id, asOf } = await somebody(weir)
  const person = await show(weir, id, asOf)
  const name = person.audiences[0]?.name ?? ''
  await open(page, id, asOf)
  await page.getByRole('button', { name: t('consumer.why_of', { name }), exact: true }).click()
  await expect(page.getByTestId('why-tree').locator('li').first()).toBeVisible()
  await expect(page).toHaveURL(/why=/)
})

test('somebody is found behind a number and by the palette', async ({ page, weir, t }) => {
  const { id, asOf } = await somebody(weir)
  await page.goto(`/w/default/consumers?as_of=${asOf}`)
  await expect(page.getByTestId('among-count')).toHaveAttribute('data-count', String(await weir.count({ everyone: true }, asOf)))
  await page.goto(`/w/default/states?as_of=${asOf}`)
  await page.getByTestId('count-old').click()
  await page.getByText(t('door.members'), { exact: true }).click()
  const first = page.getByTestId('members').getByRole('link').first()
  const named = await first.textContent()
  await first.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(named ?? '')
  await expect(page).toHaveURL(/consumers\/~\d+/)

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: t('palette.search') }).fill(id)
  await page.getByRole('option', { name: t('palette.open_consumer', { id }) }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(id)
})

test('people are un-merged with a reason, and merged again', async ({ page, weir, t, language }) => {
  const { id, asOf } = await somebody(weir)
  const before = await show(weir, id, asOf)
  await open(page, id, asOf)
  const row = page.locator('.links tbody tr', { hasText: t('identifier.device') }).first()
  await row.getByRole('button', { name: t('consumer.unlink'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(`lent out ${language}`)
  await dialog.getByRole('button', { name: t('consumer.unlink'), exact: true }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('button', { name: t('app.close'), exact: true }).last().click()
  await expect(page.getByTestId('statements')).toContainText(`lent out ${language}`)
  const after = await show(weir, id, asOf)
  expect(after.links.filter(({ state }) => state === 'unlinked').length).toBeGreaterThan(0)
  await page.locator('.links tr[data-state="unlinked"]').first().getByRole('button', { name: t('consumer.relink'), exact: true }).click()
  await dialog.getByRole('button', { name: t('consumer.relink'), exact: true }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  expect((await show(weir, id, asOf)).identifiers).toEqual(before.identifiers)
})

test.describe('nobody', () => {
  test.use({ isStrict: false })
  test('whoever is unknown is said to be, and another can be looked for', async ({ page, weir, t }) => {
    const { id, asOf } = await somebody(weir)
    await page.goto(`/w/default/consumers/nobody-at-all?as_of=${asOf}`)
    await expect(page.getByRole('alert')).toContainText('nobody-at-all')
    await page.getByRole('searchbox', { name: t('consumers.identifier') }).fill(id)
    await page.getByRole('button', { name: t('consumers.open') }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(id)
  })
})

test('nothing serious against a person’s page, in both themes', async ({ page, weir }) => {
  const { id, asOf } = await somebody(weir)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await open(page, id, asOf)
    await expect(page.locator('figure.chart [data-drawn] canvas')).toHaveCount(1)
    await expect(page.getByTestId('identity-graph').locator('.identifier').first()).toBeVisible()
    await expectAccessible(page)
  }
})

test('nothing serious against the page that finds people, in both themes', async ({ page, weir }) => {
  const { asOf } = await somebody(weir)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(`/w/default/consumers?as_of=${asOf}`)
    await expect(page.getByTestId('members').getByRole('link').first()).toBeVisible()
    await expectAccessible(page)
  }
})
