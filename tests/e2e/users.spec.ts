import type { Page } from 'playwright/test';
import { z } from 'zod';
import { Users, type UsersInput } from '#server/contracts/users.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const Answer = z.object({ result: z.object({ data: Users }) });
const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const readCount = (text: string | null) => Number((text ?? '').replaceAll(',', ''));
const readStat = async (page: Page, name: string) => readCount(await stat(page, name).locator('.stat-value').textContent());

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: UsersInput): Promise<Users> {
  const response = await page.request.get(`/trpc/users.get?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`);
  const answer: unknown = await response.json();
  return Answer.parse(answer).result.data;
}

/** The numbers of a column of a table. */
async function readColumn(page: Page, caption: string, column: number): Promise<number[]> {
  const cells = await page.getByRole('table', { name: caption, exact: true }).locator(`tbody tr > :nth-child(${column})`).allTextContents();
  return cells.map(readCount);
}

test('the page is reached from the navigation and shows who uses the bot of the sandbox', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible();
  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL(/range=30d/);
  await expect(page.getByRole('img', { name: /^Chart of active, new and returning users/ })).toBeVisible();
  for (const name of ['MAU', 'Active users', 'New users']) expect(await readStat(page, name)).toBeGreaterThan(0);
  await expect(stat(page, 'D1 retention')).toContainText('%');
  await expectAccessible(page);
});

test('the figures of a past range are those of the API, and sources and days add up to its new users', async ({ ownerPage: page }) => {
  const [from, to] = [25, 3].map((days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));
  if (from === undefined || to === undefined) throw new Error('There are two ends.');
  const { total, bySource, cohorts } = await ask(page, { from, to });
  await open(page, `/monitoring/users?${new URLSearchParams({ from, to }).toString()}`);
  expect(total.newCount).toBeGreaterThan(0);
  expect(await readStat(page, 'Active users')).toBe(total.activeCount);
  expect(await readStat(page, 'New users')).toBe(total.newCount);
  expect(await readStat(page, 'Returning users')).toBe(total.returningCount);
  const signups = await readColumn(page, 'Where new users came from', 2);
  expect(signups).toHaveLength(bySource.length + 1);
  expect(signups.at(-1)).toBe(total.newCount);
  expect(signups.slice(0, -1).reduce((sum, count) => sum + count, 0)).toBe(total.newCount);
  const comers = await readColumn(page, 'Cohorts', 2);
  expect(comers).toHaveLength(23);
  expect(comers).toEqual(cohorts.map(({ newCount }) => newCount).reverse());
  expect(comers.reduce((sum, count) => sum + count, 0)).toBe(total.newCount);
});

test('the chart has a table of the same figures, which marks what is still running', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/users?range=7d');
  await page.getByText('Show as a table').click();
  const rows = page.getByRole('table', { name: 'Users over time' }).locator('tbody tr');
  await expect(rows).toHaveCount(8);
  await expect(rows.last()).toContainText('still running');
  await expectAccessible(page);
});

test('a long range tells cohorts by the week', async ({ ownerPage: page }) => {
  const [from, to] = [60, 1].map((days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));
  await open(page, `/monitoring/users?from=${from}&to=${to}`);
  const rows = page.getByRole('table', { name: 'Cohorts', exact: true }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBeLessThanOrEqual(10);
  await expect(rows.nth(1)).toContainText(' – ');
});

test('compared with the period before, every figure says by how much it changed', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/users?range=7d&compare=previous');
  for (const name of ['DAU', 'Active users', 'New users']) await expect(stat(page, name)).toContainText(/before: \d/);
  await expectAccessible(page);
});

test('a range without anybody says so and divides by nothing', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/users?from=2025-01-01&to=2025-01-02');
  for (const text of ['Nobody used the bot in this range.', 'Nobody was new in this range.']) await expect(page.getByText(text)).toBeVisible();
  await expect(stat(page, 'Interactions per active user')).toContainText('nobody was active in this range');
  await expect(page.locator('main')).not.toContainText('NaN');
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('a range that is none is refused in words', async ({ ownerPage: page }) => {
    expect((await page.goto('/monitoring/users?range=9y'))?.status()).toBe(400);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figures, the lines and the cohorts are there', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/users?range=30d');
    await expect(stat(page, 'MAU').locator('.stat-value')).toContainText(/\d/);
    await expect(page.locator('.static-bars path').first()).toBeAttached();
    await expect(page.getByRole('table', { name: 'Cohorts', exact: true })).toBeVisible();
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the page does not scroll sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/users?range=30d&compare=previous');
    await expect(page.getByRole('heading', { name: 'Пользователи', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
