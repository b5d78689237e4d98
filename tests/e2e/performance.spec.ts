import type { Page } from 'playwright/test';
import { z } from 'zod';
import { PerformanceReport, type PerformanceInput } from '#server/contracts/performance.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const Answer = z.object({ result: z.object({ data: PerformanceReport }) });
const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true }).locator('.stat-value');
const readCount = (text: string | null) => Number((text ?? '').replaceAll(',', ''));

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: PerformanceInput): Promise<PerformanceReport> {
  const response = await page.request.get(`/trpc/performance.get?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`);
  const answer: unknown = await response.json();
  return Answer.parse(answer).result.data;
}

test('the page is reached from the navigation and shows how fast models, bot and web site were', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Performance' }).click();
  await expect(page.getByRole('heading', { name: 'Performance', level: 1 })).toBeVisible();
  for (const name of ['Model calls, p95', 'Answers of the bot, p95', 'Waiting time of users, p95']) await expect(stat(page, name)).toContainText(/\d/);
  for (const name of ['Model calls', 'Updates']) expect(readCount(await stat(page, name).textContent())).toBeGreaterThan(0);
  await expect(page.getByRole('img', { name: /^Line chart of p50, p95 and p99/ })).toBeVisible();
  await expectAccessible(page);
});

test('web requests are counted while the page is looked at', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/performance?range=24h');
  await expect(stat(page, 'Web requests')).toContainText(/[1-9]/, { timeout: 20_000 });
  await expect(page.getByRole('table', { name: 'Web requests by page and procedure' })).toContainText('/monitoring', { timeout: 20_000 });
});

test('the figures of a past range are those of the API', async ({ ownerPage: page }) => {
  const to = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const from = new Date(Date.now() - 9 * 86_400_000).toISOString();
  const { throughput, latencies, generations } = await ask(page, { from, to });
  await open(page, `/monitoring/performance?${new URLSearchParams({ from, to }).toString()}`);
  expect(throughput.updateCount).toBeGreaterThan(0);
  expect(readCount(await stat(page, 'Updates').textContent())).toBe(throughput.updateCount);
  expect(readCount(await stat(page, 'Model calls').textContent())).toBe(throughput.generationCount);
  const rows = page.getByRole('table', { name: 'Model calls by operation and model' }).locator('tbody tr');
  await expect(rows).toHaveCount(generations.length);
  const counts = await rows.locator('td:nth-child(3)').allTextContents();
  expect(counts.map(readCount).reduce((sum, count) => sum + count, 0)).toBe(latencies.generation.count);
});

test('a name shows its development over time by the URL, and the family has a way back', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/performance?range=30d');
  await page.getByRole('table', { name: 'Answers of the bot by feature' }).getByRole('link', { name: 'Tarot' }).click();
  await expect(page).toHaveURL(/\?range=30d&family=interaction&handler=tarot#over-time$/);
  await expect(page.getByText('Only Tarot.')).toBeVisible();
  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '24 hours' }).click();
  await expect(page).toHaveURL(/range=24h/);
  await expect(page.getByText('Only Tarot.')).toBeVisible();
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page.getByText('Only Tarot.')).toBeHidden();
  await expect(page.getByRole('link', { name: 'Answers of the bot' })).toHaveAttribute('aria-current', 'page');
});

test('the chart has a table of the same figures, which marks what is still running', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/performance?range=7d');
  await page.getByText('Show as a table').first().click();
  const table = page.getByRole('table', { name: 'Over time: Model calls' });
  await expect(table.locator('tbody tr')).toHaveCount(8);
  await expect(table.locator('tbody tr').last()).toContainText('still running');
  await expectAccessible(page);
});

test('a comparison says what each figure was', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/performance?range=7d&compare=previous');
  await expect(page.getByRole('group', { name: 'Updates', exact: true })).toContainText('before:');
  await expect(page.getByRole('navigation', { name: 'Time range' })).toContainText('compared with');
});

test('a range without anything has dashes and reasons', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/performance?from=2025-01-01&to=2025-01-02');
  await expect(page.getByRole('group', { name: 'Model calls, p95' })).toContainText('no model call in this range');
  await expect(page.getByText('Nothing was timed in this range.')).toBeVisible();
  await expect(page.locator('main')).not.toContainText('NaN');
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  for (const query of ['family=jobs', 'family=http&operation=horoscope', 'family=http&family=http', 'range=9y']) {
    test(`?${query} is refused with 400`, async ({ ownerPage: page }) => {
      expect((await page.goto(`/monitoring/performance?${query}`))?.status()).toBe(400);
    });
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('figures, lines and names are there', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/performance?range=30d');
    await expect(stat(page, 'Updates')).toContainText(/\d/);
    await expect(page.locator('.static-bars path').first()).toBeAttached();
    await page.getByRole('link', { name: 'Waiting time of users' }).click();
    await expect(page).toHaveURL(/family=update_age/);
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the page does not scroll sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/performance?range=30d&compare=previous&family=generation&operation=tarot_three_cards');
    await expect(page.getByRole('heading', { name: 'Скорость', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
