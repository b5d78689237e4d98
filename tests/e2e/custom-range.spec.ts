import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test } from './support/fixtures.ts';

async function choose(page: Page, firstDay: string, lastDay: string): Promise<void> {
  await page.getByText('Other days…').click();
  await page.getByLabel('First day').fill(firstDay);
  await page.getByLabel('Last day').fill(lastDay);
}

test('two days make a range of whole days, on the page on which they were chosen', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await choose(page, '2026-11-02', '2026-11-04');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/\/monitoring\?from=2026-11-02&to=2026-11-04$/);
  await expect(page.getByText('Custom: 2 Nov 2026, 00:00 – 5 Nov 2026, 00:00')).toBeVisible();
  await expect(page.getByLabel('First day')).toBeHidden();
});

test('the steps of a range are chosen in words and stand in the URL', async ({ ownerPage: page }) => {
  await open(page, '/monitoring?range=7d');
  await page.getByText('Step: by day').click();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'by hour', exact: true }).click();
  await expect(page).toHaveURL(/\/monitoring\?range=7d&bucket=hour$/);
  await expect(page.getByText('per hour, UTC')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Step' })).toBeHidden();
  await page.getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL(/bucket=hour&range=30d$|range=30d&bucket=hour$/);
});

test('an empty past says that there was nothing, not that there is nothing yet', async ({ ownerPage: page }) => {
  await open(page, '/monitoring?from=2020-01-01T00:00:00Z&to=2020-01-08T00:00:00Z');
  await expect(page.getByText('There was no cost in this range.')).toBeVisible();
  await expect(page.getByText('still running')).toBeHidden();
});

test('the first day of a range that begins in the middle of it is marked as cut', async ({ ownerPage: page }) => {
  // From noon on, whatever the hour of the test: an evening may be without cost, and an empty bar needs no words.
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  await open(page, `/monitoring?from=${day(6)}T12:00:00Z&to=${day(1)}T00:00:00Z`);
  await expect(page.getByText('The first bar is pale: the range begins in the middle of it.')).toBeVisible();
  await page.getByText('Show as a table').click();
  await expect(page.getByRole('rowheader', { name: 'from where the range begins' })).toHaveCount(1);
});

test.describe('the wrong way round', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('days are refused in words', async ({ ownerPage: page }) => {
    await open(page, '/monitoring');
    await choose(page, '2026-11-04', '2026-11-02');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'This time range is not allowed' })).toBeVisible();
    await expect(page.getByText('from: must not be later than to.')).toBeVisible();
  });
});

test.describe('steps that are too fine', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('are refused with those that are allowed, and the range is there without them', async ({ ownerPage: page }) => {
    await open(page, '/monitoring?from=2026-11-02&to=2026-11-20&bucket=5min');
    await expect(page.getByText('bucket: must be one of hour, day, week, month for a range of this length.')).toBeVisible();
    await page.getByRole('link', { name: 'Show the range without it' }).click();
    await expect(page.getByText('Custom: 2 Nov 2026, 00:00 – 21 Nov 2026, 00:00')).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('steps are plain links', async ({ ownerPage: page }) => {
    await page.goto('/monitoring?from=2026-11-02&to=2026-11-02');
    await page.getByText('Step: by hour').click();
    await page.getByRole('link', { name: 'by 5 minutes' }).click();
    await expect(page.getByText('per 5 minutes, UTC')).toBeVisible();
  });

  test('two days are chosen by a plain form', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/costs');
    await choose(page, '2026-11-02', '2026-11-02');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page).toHaveURL(/\/monitoring\/costs\?from=2026-11-02&to=2026-11-02$/);
  });
});

test('an address that leads nowhere says so in its title too', async ({ ownerPage: page }) => {
  await page.goto('/monitoring');
  expect((await page.request.get('/nowhere')).status()).toBe(404);
  expect(await (await page.request.get('/nowhere')).text()).toContain('<title>Page not found · AdtroBot</title>');
});

test('the address of the preferences leads to the overview', async ({ ownerPage: page }) => {
  await page.goto('/preferences');
  await expect(page).toHaveURL(/\/monitoring$/);
});
