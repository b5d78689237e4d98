import type { Page } from 'playwright/test';
import { JobsReport, type JobsInput } from '#server/contracts/jobs.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true }).locator('.stat-value');
const readCount = (text: string | null) => Number((text ?? '').replaceAll(',', ''));

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: JobsInput): Promise<JobsReport> {
  const response = await page.request.get(`/trpc/jobs.get?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`);
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) throw new Error(`The API refused: ${JSON.stringify(answer)}`);
  const { result } = answer;
  if (typeof result !== 'object' || result === null || !('data' in result)) throw new Error('The API gave no data.');
  return JobsReport.parse(result.data);
}

test('the page is reached from the navigation and shows that schedules run on time', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click();
  await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible();
  expect(readCount(await stat(page, 'Runs').textContent())).toBeGreaterThan(0);
  await expect(stat(page, 'Late schedules')).toHaveText('0');
  const schedules = page.getByRole('table', { name: 'Schedules' });
  await expect(schedules.locator('tbody tr')).toHaveCount(SCHEDULE_NAMES.length);
  await expect(schedules.getByRole('row', { name: /Reconcile the ledger/ })).toContainText('on time');
  await expect(page.getByRole('img', { name: /^Stacked bar chart of runs/ })).toBeVisible();
  await expectAccessible(page);
});

test('a day has as many runs as the API tells, and each name its part', async ({ ownerPage: page }) => {
  // Every schedule runs at a start, and the per-minute ones go on.
  const answer = () => ask(page, { range: '24h', name: 'make_partitions' });
  let [before, after] = [NaN, await answer()];
  let shown: number;
  // This one also runs at a time of day, which may be now: the page is read between two equal answers.
  do {
    before = after.total.runCount;
    await open(page, '/monitoring/jobs?range=24h&name=make_partitions');
    shown = readCount(await stat(page, 'Runs').textContent());
    after = await answer();
  } while (after.total.runCount !== before);
  const { total, now } = after;
  expect(total.runCount).toBeGreaterThan(0);
  expect(shown).toBe(total.runCount);
  expect(now.schedules).toMatchObject([{ state: 'on_time' }]);
  await expect(page.getByRole('table', { name: 'Schedules' }).locator('tbody tr')).toHaveCount(1);
});

test('the queues show what the inbox has done', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/jobs?range=24h');
  const inbox = page.getByRole('table', { name: 'Queues now' }).getByRole('row', { name: /Updates of Telegram/ });
  await expect(inbox.getByRole('cell').last()).toContainText(/[1-9]/, { timeout: 30_000 });
});

test('a name narrows the page by the URL, through another range, and there is a way back', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/jobs?range=24h');
  await page.getByRole('table', { name: 'Schedules' }).getByRole('link', { name: 'Refresh prices' }).click();
  await expect(page).toHaveURL(/\?range=24h&name=refresh_prices$/);
  await expect(page.getByText('Only Refresh prices.')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Queue jobs' })).toBeHidden();
  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL(/range=30d/);
  await expect(page.getByText('Only Refresh prices.')).toBeVisible();
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page.getByRole('table', { name: 'Queue jobs' })).toBeVisible();
});

test('the charts have a table of the same figures, and a week before there were runs is nothing to compare with', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/jobs?range=7d&compare=previous');
  await page.getByText('Show as a table').click();
  const rows = page.getByRole('table', { name: 'Runs over time' }).locator('tbody tr');
  await expect(rows).toHaveCount(8);
  await expect(rows.last()).toContainText('still running');
  await expect(page.getByRole('navigation', { name: 'Time range' })).toContainText(/not compared: .* is not wholly on record.*on record since/);
  await expect(page.locator('main')).not.toContainText('before:');
  await expectAccessible(page);
});

test('a range without anything has dashes and reasons', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/jobs?from=2025-01-01&to=2025-01-02');
  await expect(page.getByRole('group', { name: 'p95 duration' })).toContainText('no run in this range');
  await expect(page.getByText('Nothing ran in this range.')).toBeVisible();
  await expect(page.locator('main')).not.toContainText('NaN');
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  for (const query of ['name=other', 'name=refresh_prices&name=refresh_prices', 'bucket=minute']) {
    test(`?${query} is refused with 400`, async ({ ownerPage: page }) => {
      expect((await page.goto(`/monitoring/jobs?${query}`))?.status()).toBe(400);
    });
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('figures, bars and names are there', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/jobs?range=24h');
    await expect(stat(page, 'Runs')).toContainText(/\d/);
    await expect(page.locator('.static-bars rect').first()).toBeAttached();
    await page.getByRole('link', { name: 'Measure the drift' }).click();
    await expect(page).toHaveURL(/name=measure_drift/);
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the page does not scroll sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/jobs?range=30d&compare=previous');
    await expect(page.getByRole('heading', { name: 'Задания', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
