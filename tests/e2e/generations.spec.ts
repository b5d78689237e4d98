import type { Page } from 'playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const EXACT_USD = /^\d+\.\d{12}$/;

/** The attempts of the page, by the addresses of their stories. */
async function listStories(page: Page): Promise<string[]> {
  const links = page.getByRole('table', { name: 'Attempts' }).locator('tbody th a');
  return links.evaluateAll((anchors) => anchors.map((anchor) => anchor.getAttribute('href') ?? ''));
}

test('the list is reached from the navigation and shows attempts, the newest first, with exact costs', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Generations' }).click();
  await expect(page.getByRole('heading', { name: 'Generations', level: 1 })).toBeVisible();
  const table = page.getByRole('table', { name: 'Attempts' });
  await expect(table.locator('[data-exact]').first()).toHaveAttribute('data-exact', EXACT_USD);
  const starts = await table.locator('tbody th time').evaluateAll((times) => times.map((time) => time.getAttribute('datetime') ?? ''));
  expect(starts.length).toBeGreaterThan(10);
  expect(starts).toEqual(starts.toSorted().toReversed());
  await expect(page.getByRole('navigation', { name: 'Main' }).locator('[aria-current="page"]')).toHaveText('Generations');
  await expectAccessible(page);
});

test('moving from page to page fetches no stylesheet again', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'stylesheet' || request.url().endsWith('.css')) fetched.push(request.url());
  });
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Generations' }).click();
  await expect(page.getByRole('heading', { name: 'Generations', level: 1 })).toBeVisible();
  expect(fetched).toEqual([]);
});

test('filters are chosen in a form, stand in the URL without empty ones, and can be cleared', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d');
  await page.getByText('Filters', { exact: true }).click();
  await page.getByLabel('Status').selectOption('settled');
  await page.getByLabel('Cost from, $').fill('0,0005');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/\?range=30d&status=settled&minUsd=0%2C0005$/);
  await expect(page.getByText('Filters (2 set)')).toBeVisible();
  const costs = await page.locator('tbody [data-exact]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-exact') ?? ''));
  expect(costs.length).toBeGreaterThan(0);
  for (const cost of costs) expect(cost >= '0.000500000000').toBe(true);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Clear the filters' }).click();
  await expect(page).toHaveURL(/generations\?range=30d$/);
});

test('a click on a user narrows the list to that user', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d');
  const user = page.getByRole('table', { name: 'Attempts' }).locator('tbody tr').first().getByRole('link').last();
  const id = await user.textContent();
  await user.click();
  await expect(page).toHaveURL(new RegExp(`user=${id}$`));
  await expect(page.getByLabel('User')).toHaveValue(id ?? '');
  const users = await page.locator('tbody tr td:last-child').allTextContents();
  expect(new Set(users)).toEqual(new Set([id]));
});

test('the page of older attempts continues the list, and changing the range begins it anew', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d&status=settled');
  const newest = await listStories(page);
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page.getByRole('link', { name: 'To the newest' })).toBeVisible();
  const older = await listStories(page);
  expect(newest).toHaveLength(50);
  expect(older.filter((story) => newest.includes(story))).toEqual([]);
  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '24 hours' }).click();
  await expect(page).toHaveURL(/\?range=24h&status=settled$/);
});

test('a story tells the attempt in full, and leads back', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d&status=settled&disposition=delivered');
  await page.getByRole('table', { name: 'Attempts' }).locator('tbody th a').first().click();
  await expect(page.getByRole('heading', { name: 'Generation', level: 1 })).toBeVisible();
  await expect(page.getByText('A text was delivered to the user.')).toBeVisible();
  const attempt = page.getByRole('group', { name: /^Attempt \d/ }).last();
  for (const term of ['Model asked for', 'Model that served', 'Provider', 'Prompt tokens', 'Completion tokens', 'Tokens in all', 'Cost', 'Id at OpenRouter']) {
    await expect(attempt.getByText(term, { exact: true })).toBeVisible();
  }
  await expect(attempt.getByText(/of which from the cache: \d/)).toBeVisible();
  await expect(attempt.locator('[data-exact]').first()).toHaveAttribute('data-exact', EXACT_USD);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'All generations' }).click();
  await expect(page).toHaveURL(/\/monitoring\/generations$/);
});

test('what failed and cost nothing is in the list with its cause, its cost a dash and no zero', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d&status=void');
  const rows = page.getByRole('table', { name: 'Attempts' }).locator('tbody tr');
  await expect(rows.first()).toContainText('provider failed');
  await expect(rows.locator('[data-exact]')).toHaveCount(0);
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 40[04]/ });

  for (const [query, reason] of [
    ['status=paid', 'status: is not one of the choices.'],
    ['minUsd=2&maxUsd=1', 'minUsd: is more than the upper bound.'],
    ['user=anna', 'user: must be the number of a user'],
    ['status=void&status=settled', 'status: is given more than once.'],
    ['cursor=a%20b', 'cursor: is not one that this list gave out.'],
  ] as const) {
    test(`?${query} is refused with 400, in words, with a way back`, async ({ ownerPage: page }) => {
      const response = await page.goto(`/monitoring/generations?${query}`);
      expect(response?.status()).toBe(400);
      await expect(page.getByText(reason)).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'To all generations' }).click();
      await expect(page.getByRole('heading', { name: 'Generations', level: 1 })).toBeVisible();
    });
  }

  test('a refused range leads to the presets of the same page', async ({ ownerPage: page }) => {
    const response = await page.goto('/monitoring/generations?range=9y&status=void');
    expect(response?.status()).toBe(400);
    await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '30 days' }).click();
    await expect(page).toHaveURL(/\/monitoring\/generations\?range=30d&status=void$/);
  });

  for (const id of ['00000000-0000-7000-8000-000000000000', 'latest']) {
    test(`the story of ${id} does not exist`, async ({ ownerPage: page }) => {
      const response = await page.goto(`/monitoring/generations/${id}`);
      expect(response?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    });
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('one can narrow the list, read on in it and open a story', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/generations?range=30d');
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Status').selectOption('settled');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveURL(/\?range=30d&status=settled$/);
    const newest = await listStories(page);
    await page.getByRole('link', { name: 'Older' }).click();
    await expect(page.getByRole('link', { name: 'To the newest' })).toBeVisible();
    expect((await listStories(page)).some((story) => newest.includes(story))).toBe(false);
    await page.getByRole('table', { name: 'Attempts' }).locator('tbody th a').first().click();
    await expect(page.getByRole('heading', { name: 'Generation', level: 1 })).toBeVisible();
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('neither the list nor a story scrolls sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/generations?range=30d&minUsd=0');
    await expect(page.getByRole('heading', { name: 'Генерации', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.locator('tbody th a').first().click();
    await expect(page.getByRole('heading', { name: 'Генерация', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
