import type { Page } from 'playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const toPico = (amount: string): bigint => BigInt(amount.replace('.', ''));
const section = (page: Page, name = 'Ledger and bill') => page.getByRole('region', { name, exact: true }).filter({ has: page.getByRole('heading', { level: 2 }) });
const table = (page: Page, name: string) => page.getByRole('table', { name, exact: true });

/** The exact amounts of each row of a table. */
async function readRows(page: Page, name: string): Promise<string[][]> {
  const rows = table(page, name).locator('tbody tr');
  return rows.evaluateAll((found) => found.map((row) => [...row.querySelectorAll('[data-exact]')].map((cell) => cell.getAttribute('data-exact') ?? '')));
}

test('the running day, week and month stand with both figures and exactly their difference', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs');
  await expect(section(page)).toContainText('calls made with the same key elsewhere');
  await expect(section(page)).toContainText('On the first days of an installation');
  await expect(table(page, 'Ledger and bill').locator('tbody th')).toHaveText(['Today', 'This week', 'This month']);
  const rows = await readRows(page, 'Ledger and bill');
  expect(rows).toHaveLength(3);
  for (const [difference = '', ledger = '', provider = ''] of rows) expect(toPico(difference)).toBe(toPico(provider) - toPico(ledger));
  await expectAccessible(page);
});

test('the first measurement, before anybody used the bot, finds the past on both sides to the last digit', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs');
  await page.locator('summary', { hasText: 'Earlier measurements' }).click();
  const first = (await readRows(page, 'Earlier measurements')).at(-1);
  expect(first).toEqual(['0.000000000000', '0.000000000000', '0.000000000000']);
});

test('the activity of completed days stands beside the ledger, model by model', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs');
  const rows = await readRows(page, 'Activity by day and model');
  expect(rows.length).toBeGreaterThan(5);
  for (const [difference = '', ledger = '', provider = ''] of rows) expect(toPico(difference)).toBe(toPico(provider) - toPico(ledger));
  expect(rows.filter(([difference]) => difference === '0.000000000000').length).toBeGreaterThan(rows.length / 2);
});

test.describe('measuring', () => {
  test.use({ expectedConsole: /status of 429/ });

  test('a click measures, in the same range, and one that follows at once is refused in words', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/costs?range=30d');
    const measuredAt = page.locator('#drift > * > .stat-note time').first();
    const before = await measuredAt.getAttribute('datetime');
    // Another test may have measured within the last ten seconds.
    await expect(async () => {
      await page.getByRole('button', { name: 'Measure now' }).click();
      await expect(page.getByRole('status').filter({ hasText: 'Measured just now.' })).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
    await expect(page).toHaveURL(/range=30d&drift=measured#drift$/);
    await expect(measuredAt).not.toHaveAttribute('datetime', before ?? '');
    await page.getByRole('button', { name: 'Measure now' }).click();
    await expect(page.getByRole('alert')).toContainText('Measured a moment ago. Try again in ten seconds.');
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, expectedConsole: /status of 429/ });

  test('the figures are there and the button measures', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/costs?range=24h');
    await expect(async () => {
      await page.getByRole('button', { name: 'Measure now' }).click();
      await expect(page.getByText('Measured just now.')).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
    await expect(page).toHaveURL(/range=24h&drift=measured#drift$/);
    await expect(table(page, 'Ledger and bill')).toBeVisible();
  });
});

test('an unmatched attempt leads to its story', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs');
  const links = table(page, 'Attempts of this month without a cost from OpenRouter').getByRole('link');
  if ((await links.count()) === 0) return expect(page.getByText('OpenRouter has told the cost of every attempt of this month.')).toBeVisible();
  await links.first().click();
  await expect(page).toHaveURL(/\/monitoring\/generations\/[\da-f-]{36}$/);
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the section does not scroll the page sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/costs');
    await expect(section(page, 'Учёт и счёт')).toContainText('тем же ключом пользуются где-то ещё');
    await expect(page.getByRole('button', { name: 'Сверить сейчас' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
