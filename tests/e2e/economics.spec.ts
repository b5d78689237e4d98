import type { Page } from 'playwright/test';
import { connectPostgres } from '#db/connect.ts';
import { Economics, type EconomicsInput } from '#server/contracts/economics.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const toPico = (amount: string): bigint => BigInt(amount.replace('.', ''));
const sum = (amounts: readonly string[]) => amounts.reduce((soFar, amount) => soFar + toPico(amount), 0n);
const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true });

/** The exact amounts of all cards at one moment: they change while the sandbox goes on. */
async function readStats(page: Page): Promise<Map<string, string>> {
  const cards = await page.locator('.stat').evaluateAll((found) =>
    found.map((card) => [card.querySelector('.stat-label')?.textContent ?? '', card.querySelector('.stat-value [data-exact]')?.getAttribute('data-exact') ?? ''] as const),
  );
  return new Map(cards);
}

/** The exact amounts of a column of a table, the row over all last. */
async function readColumn(page: Page, caption: string, column: number): Promise<string[]> {
  const cells = page.getByRole('table', { name: caption, exact: true }).locator(`tbody tr > :nth-child(${column}) [data-exact]`);
  return cells.evaluateAll((found) => found.map((cell) => cell.getAttribute('data-exact') ?? ''));
}

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: EconomicsInput): Promise<Economics> {
  const response = await page.request.get(`/trpc/economics.get?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`);
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) throw new Error(`The API refused: ${JSON.stringify(answer)}`);
  const { result } = answer;
  if (typeof result !== 'object' || result === null || !('data' in result)) throw new Error('The API gave no data.');
  return Economics.parse(result.data);
}

/** A month of premium: in so small a sandbox it may be that nobody has paid. */
async function seedPayment(): Promise<void> {
  const sql = connectPostgres(process.env['E2E_DATABASE_URL'] ?? '', { max: 1 });
  await sql`insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at)
    select 'charge of a test', min(id), 'premium', 250, 3.25, now() - interval '3 days', now() + interval '27 days' from users on conflict do nothing`;
  await sql.end();
}

test('the page is reached from the navigation and shows revenue, cost and margin of the sandbox', async ({ ownerPage: page }) => {
  await seedPayment();
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Economics' }).click();
  await expect(page.getByRole('heading', { name: 'Economics', level: 1 })).toBeVisible();
  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL(/range=30d/);
  await expect(page.getByRole('img', { name: /^Chart of revenue, above the line, and AI cost, below it/ })).toBeVisible();
  await expect(stat(page, 'Revenue')).toContainText(/[1-9]\d* payments?/);
  const stats = await readStats(page);
  const [revenue, cost, margin] = ['Revenue', 'AI cost', 'Margin'].map((name) => toPico(stats.get(name) ?? '0'));
  expect(revenue).toBeGreaterThan(0n);
  expect(cost).toBeGreaterThan(0n);
  expect((revenue ?? 0n) - (cost ?? 0n)).toBe(margin);
  await expectAccessible(page);
});

test('the figures of a past range are those of the API, and lists are the total, to the last digit', async ({ ownerPage: page }) => {
  const to = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const from = new Date(Date.now() - 9 * 86_400_000).toISOString();
  const { total, users, topUsers } = await ask(page, { from, to, top: 5 });
  await open(page, `/monitoring/economics?${new URLSearchParams({ from, to, top: '5' }).toString()}`);
  const stats = await readStats(page);
  expect(['Revenue', 'AI cost', 'Cost per active user'].map((name) => stats.get(name))).toEqual([total.revenueUsd, total.costUsd, users.costPerActiveUsd]);
  expect(Number(await stat(page, 'Paying users').locator('.stat-value').textContent())).toBe(users.payingCount);
  for (const [caption, column, whole] of [
    ['By plan', 2, total.revenueUsd], ['By plan', 4, total.costUsd], ['By source', 3, total.revenueUsd], ['By source', 6, total.marginUsd], ['Most expensive users', 2, total.costUsd],
  ] as const) {
    const amounts = await readColumn(page, caption, column);
    expect(amounts.at(-1)).toBe(whole);
    expect(sum(amounts.slice(0, -1))).toBe(toPico(whole));
  }
  expect(topUsers).toHaveLength(5);
  expect(await page.getByRole('table', { name: 'Most expensive users' }).getByRole('link').allTextContents()).toEqual(topUsers.map(({ userId }) => `user ${userId}`));
});

test('a dear user leads to their attempts in the same range, and more users are told by the URL', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/economics?range=30d&top=1');
  const users = page.getByRole('table', { name: 'Most expensive users' }).getByRole('link');
  await expect(users).toHaveCount(1);
  await page.getByRole('navigation', { name: 'How many' }).getByRole('link', { name: '50' }).click();
  await expect(page).toHaveURL(/range=30d&top=50$/);
  await expect.poll(() => users.count()).toBeGreaterThan(5);
  const id = (await users.first().textContent())?.replace('user ', '') ?? '';
  await users.first().click();
  await expect(page).toHaveURL(new RegExp(`/monitoring/generations\\?range=30d&user=${id}$`));
  await expect(page.getByRole('table', { name: 'Attempts' })).toBeVisible();
});

test('compared with the period before, every figure says by how much it changed', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/economics?range=24h&compare=previous');
  await expect(stat(page, 'AI cost')).toContainText(/before: \$|not known/);
  await expect(stat(page, 'Paying users')).toContainText(/before: \d/);
  await expectAccessible(page);
});

test('a range without anything says so and divides by nothing', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/economics?from=2025-01-01&to=2025-01-02');
  await expect(page.getByText('Neither revenue nor cost in this range.')).toBeVisible();
  await expect(stat(page, 'Margin ratio')).toContainText('no revenue in this range');
  await expect(stat(page, 'Conversion')).toContainText('no new user in this range');
  await expect(page.getByText('No user cost anything in this range.')).toBeVisible();
  await expect(page.locator('main')).not.toContainText('NaN');
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('a number of users that is none is refused', async ({ ownerPage: page }) => {
    expect((await page.goto('/monitoring/economics?top=51'))?.status()).toBe(400);
    await expect(page.getByRole('heading', { name: 'This request cannot be answered' })).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figures and the chart are there', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/economics?range=30d');
    await expect(stat(page, 'Revenue')).toContainText('$');
    await expect(page.locator('.static-bars svg .bar-expense').first()).toBeAttached();
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the page does not scroll sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/economics?range=30d&compare=previous');
    await expect(page.getByRole('heading', { name: 'Экономика', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
