import type { Page } from 'playwright/test';
import { connectPostgres } from '#db/connect.ts';
import { ErrorsReport, type ErrorsInput } from '#server/contracts/errors.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true }).locator('.stat-value');
const readCount = (text: string | null) => Number((text ?? '').replaceAll(',', ''));

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: ErrorsInput): Promise<ErrorsReport> {
  const response = await page.request.get(`/trpc/errors.get?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`);
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) throw new Error(`The API refused: ${JSON.stringify(answer)}`);
  const { result } = answer;
  if (typeof result !== 'object' || result === null || !('data' in result)) throw new Error('The API gave no data.');
  return ErrorsReport.parse(result.data);
}

/** The bot of the sandbox hardly ever fails: three failures of the past, one of which belongs to an attempt. Once, however often this file begins anew. */
test.beforeAll(async () => {
  const sql = connectPostgres(process.env['E2E_DATABASE_URL'] ?? '', { max: 1 });
  const [seeded] = await sql`select from interactions where update_id = 424242`;
  if (!seeded) {
    await sql`update ai_usage set update_id = 424242 where request_id = (select request_id from ai_usage where user_id is not null and started_at < now() - interval '5 days' order by started_at desc limit 1)`;
    await sql`
      insert into interactions (at, user_id, update_id, handler, operation, outcome, error_type, duration_ms, update_age_ms)
      select started_at + interval '2 seconds', user_id, 424242, 'tarot', operation, 'failed', 'ai_failed', 2500, 2700 from ai_usage where update_id = 424242`;
    await sql`
      insert into interactions (at, user_id, handler, outcome, error_type, duration_ms, update_age_ms)
      select now() - n * interval '5 days', 1, 'natal', 'failed', 'telegram_failed', 900, 1100 from generate_series(1, 2) n`;
  }
  await sql.end();
});

test('the page is reached from the navigation and shows how often the bot failed', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Errors' }).click();
  await expect(page.getByRole('heading', { name: 'Errors', level: 1 })).toBeVisible();
  await expect(stat(page, 'Error rate')).toContainText(/\d%/);
  expect(readCount(await stat(page, 'Failed interactions').textContent())).toBeGreaterThan(0);
  await expect(page.getByRole('img', { name: /^Stacked bar chart of failed interactions/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Line chart of the error rate/ })).toBeVisible();
  await expectAccessible(page);
});

test('the figures of a past range are those of the API', async ({ ownerPage: page }) => {
  const to = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const from = new Date(Date.now() - 20 * 86_400_000).toISOString();
  const { total, attempts, failures, handlers } = await ask(page, { from, to });
  await open(page, `/monitoring/errors?${new URLSearchParams({ from, to }).toString()}`);
  expect(total.failedCount).toBeGreaterThanOrEqual(3);
  expect(readCount(await stat(page, 'Failed interactions').textContent())).toBe(total.failedCount);
  expect(readCount(await stat(page, 'Users hit').textContent())).toBe(total.userCount);
  expect(readCount(await stat(page, 'Failed model calls').textContent())).toBe(attempts.failedCount);
  const kinds = page.getByRole('table', { name: 'By feature and cause', exact: true }).locator('tbody tr');
  await expect(kinds).toHaveCount(failures.length);
  const counts = await kinds.locator('td:nth-child(2)').allTextContents();
  expect(counts.map(readCount).reduce((sum, count) => sum + count, 0)).toBe(total.failedCount);
  await expect(page.getByRole('table', { name: 'By feature', exact: true }).locator('tbody tr')).toHaveCount(handlers.length);
});

test('a name narrows all of the page by the URL, through another range, and there is a way back', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/errors?range=30d');
  await page.getByRole('table', { name: 'By feature and cause' }).getByRole('link', { name: 'Natal chart · Telegram failed' }).click();
  await expect(page).toHaveURL(/\?range=30d&handler=natal&errorType=telegram_failed$/);
  await expect(page.getByText('Only Natal chart · Telegram failed.')).toBeVisible();
  await expect(stat(page, 'Failed interactions')).toHaveText('2');
  await expect(page.getByRole('table', { name: 'Last examples' }).locator('tbody tr')).toHaveCount(2);
  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '7 days' }).click();
  await expect(stat(page, 'Failed interactions')).toHaveText('1');
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page).toHaveURL(/\/monitoring\/errors\?range=7d$/);
});

test('an example leads to the story of its reading', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/errors?range=30d&handler=tarot&errorType=ai_failed');
  await page.getByRole('table', { name: 'Last examples' }).getByRole('row', { name: /424242/ }).getByRole('link', { name: /^Story of the reading/ }).click();
  await expect(page).toHaveURL(/\/monitoring\/generations\/[\da-f-]{36}$/);
  await expect(page.locator('main')).toContainText('424242');
});

test('the chart has a table of the same figures, and a comparison says what each figure was', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/errors?range=7d&compare=previous');
  await page.getByText('Show as a table').click();
  const rows = page.getByRole('table', { name: 'Failures over time' }).locator('tbody tr');
  await expect(rows).toHaveCount(8);
  await expect(rows.last()).toContainText('still running');
  await expect(page.getByRole('group', { name: 'Users hit' })).toContainText('before:');
  await expectAccessible(page);
});

test('a range without anything has dashes and reasons', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/errors?from=2025-01-01&to=2025-01-02');
  await expect(page.getByRole('group', { name: 'Error rate' })).toContainText('no interactions in this range');
  for (const text of ['There is no example.', 'There were no interactions in this range.']) await expect(page.getByText(text).first()).toBeVisible();
  await expect(page.locator('main')).not.toContainText('NaN');
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  for (const query of ['handler=nap', 'errorType=timeout', 'handler=tarot&handler=tarot', 'range=9y']) {
    test(`?${query} is refused with 400`, async ({ ownerPage: page }) => {
      expect((await page.goto(`/monitoring/errors?${query}`))?.status()).toBe(400);
    });
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('figures, bars and names are there', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/errors?range=30d');
    await expect(stat(page, 'Failed interactions')).toContainText(/\d/);
    await expect(page.locator('.static-bars rect').first()).toBeAttached();
    await page.getByRole('table', { name: 'By feature', exact: true }).getByRole('link', { name: 'Tarot' }).click();
    await expect(page).toHaveURL(/handler=tarot/);
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the page does not scroll sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/errors?range=30d&compare=previous&handler=tarot');
    await expect(page.getByRole('heading', { name: 'Ошибки', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
