import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const EXACT_USD = /^\d+\.\d{12}$/;

test('the overview shows users, cost, reliability and health, with how fresh they are', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  for (const name of ['DAU', 'WAU', 'MAU', 'AI cost', 'Requests', 'Tokens', 'Average cost', 'Cost per active user', 'Cost per paying user']) {
    await expect(page.getByRole('group', { name, exact: true })).toBeVisible();
  }
  for (const name of ['Error rate', 'p95 latency of interactions', 'p95 latency of model calls']) {
    await expect(page.getByRole('group', { name, exact: true })).toBeVisible();
  }
  await expect(page.getByRole('group', { name: 'AI cost', exact: true }).locator('[data-exact]')).toHaveAttribute('data-exact', EXACT_USD);
  await expect(page.getByRole('group', { name: 'Freshness of the figures' })).toContainText(/As of \d\d:\d\d:\d\d \(UTC\).*live/s);
  const health = page.getByRole('region', { name: 'Health', exact: true });
  for (const check of ['Database', 'Scheduler', 'OpenRouter', 'Telegram']) {
    await expect(health.getByRole('listitem').filter({ hasText: check })).toContainText(/healthy|unhealthy|disabled|unknown/);
  }
  await expectAccessible(page);
});

test('the costs of the operations and of the days each add up to the total, to the last digit', async ({ ownerPage: page }) => {
  await page.goto('/monitoring?range=30d');
  const { total, byOperation, byDay } = await page.evaluate(() => {
    const exact = (cells: Iterable<Element>) => [...cells].map((cell) => cell.getAttribute('data-exact') ?? '');
    const table = (caption: string) => [...document.querySelectorAll('table')].find((each) => each.caption?.textContent === caption);
    const costs = (caption: string) => exact(table(caption)?.querySelectorAll('tbody td:nth-child(2) [data-exact]') ?? []);
    return {
      total: exact(document.querySelectorAll('.stat [data-exact]'))[0] ?? '',
      byOperation: costs('Cost by operation'),
      byDay: costs('Cost over time'),
    };
  });
  const sum = (amounts: string[]) => amounts.reduce((soFar, amount) => soFar + BigInt(amount.replace('.', '')), 0n);
  expect(total).toMatch(EXACT_USD);
  expect(byDay.length).toBeGreaterThanOrEqual(30);
  expect(sum(byOperation)).toBe(sum([total]));
  expect(sum(byDay)).toBe(sum([total]));
});

test('the range is in the URL and marked in the switch', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  const ranges = page.getByRole('navigation', { name: 'Time range' });
  await expect(ranges.getByRole('link', { name: '7 days' })).toHaveAttribute('aria-current', 'page');
  await ranges.getByRole('link', { name: '24 hours' }).click();
  await expect(page).toHaveURL(/\?range=24h$/);
  await expect(ranges.getByRole('link', { name: '24 hours' })).toHaveAttribute('aria-current', 'page');
  await expect(ranges.getByRole('link', { name: '7 days' })).not.toHaveAttribute('aria-current');
  await expect(page.getByText('per hour, UTC')).toBeVisible();
  await page.goBack();
  await expect(ranges.getByRole('link', { name: '7 days' })).toHaveAttribute('aria-current', 'page');
});

test('a range of one’s own is shown as such', async ({ ownerPage: page }) => {
  await open(page, '/monitoring?from=2026-01-01T00:00:00Z&to=2026-01-08T00:00:00Z');
  await expect(page.getByText('Custom: 1 Jan 2026, 00:00 – 8 Jan 2026, 00:00')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Average cost', exact: true })).toContainText('not defined');
});

test('the figures move on by themselves', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  const freshness = page.getByRole('group', { name: 'Freshness of the figures' });
  const before = (await freshness.textContent()) ?? '';
  await expect(freshness).not.toHaveText(before, { timeout: 15_000 });
  await expect(freshness).toContainText('live');
});

test('the chart becomes interactive and has a table beside it', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  const section = page.getByRole('region', { name: 'Cost over time', exact: true }).first();
  await expect(section.getByRole('img', { name: /^Bar chart of the AI cost/ }).locator('svg').first()).toBeVisible();
  await section.getByText('Show as a table').click();
  await expect(section.getByRole('table', { name: 'Cost over time' })).toBeVisible();
});

test('compared with the period before, every number says what it was, and the chart and its table have both', async ({ ownerPage: page }) => {
  await open(page, '/monitoring?range=24h');
  await page.getByText('Comparison: not compared').click();
  await page.getByRole('list', { name: 'Comparison' }).getByRole('link', { name: 'with the previous period' }).click();
  await expect(page).toHaveURL(/range=24h&compare=previous$/);
  await expect(page.getByText(/^compared with/)).toBeVisible();
  for (const name of ['DAU', 'MAU', 'AI cost', 'Requests', 'Tokens', 'Error rate', 'p95 latency of interactions']) {
    await expect(page.getByRole('group', { name, exact: true })).toContainText(/before: ./);
  }
  const section = page.getByRole('region', { name: 'Cost over time', exact: true }).first();
  await expect(section.getByRole('img', { name: /The dotted line is what it is compared with/ }).locator('.line-before').first()).toBeAttached();
  await expect(section.locator('.chart-legend')).toHaveText('in this rangein the compared range');
  await section.getByText('Show as a table').click();
  await expect(section.getByRole('columnheader', { name: 'Before' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Cost by operation' }).getByRole('columnheader', { name: 'Change' })).toBeVisible();
  await expectAccessible(page);
});

test.describe('when the server does not answer', () => {
  test.use({ expectedConsole: /Failed to load resource|net::ERR/ });

  test('the last figures stay, with a notice that they are stale, until it answers again', async ({ ownerPage: page }) => {
    await open(page, '/monitoring');
    const total = await page.getByRole('group', { name: 'Requests', exact: true }).textContent();
    await page.route('**/trpc/**', (route) => route.abort());
    await expect(page.getByRole('alert')).toContainText('stale since', { timeout: 15_000 });
    await expect(page.getByRole('group', { name: 'Requests', exact: true })).toHaveText(total ?? '');
    await expect(page.getByRole('region', { name: 'Health', exact: true })).toContainText('unknown');
    await page.unroute('**/trpc/**');
    await expect(page.getByRole('alert')).toBeHidden({ timeout: 15_000 });
  });
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 40[04]/ });

  for (const query of [
    'range=9y',
    'range=7d&range=30d',
    'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'from=0000-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
  ]) {
    test(`?${query} is refused with 400, in words, with the allowed ranges as links`, async ({ ownerPage: page }) => {
      const response = await page.goto(`/monitoring?${query}`);
      expect(response?.status()).toBe(400);
      await expect(page.getByRole('heading', { name: 'This time range is not allowed' })).toBeVisible();
      await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '30 days' }).click();
      await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
      await expect(page).toHaveURL(/\?range=30d$/);
    });
  }

  test('an address that does not exist is a page with status 404', async ({ ownerPage: page }) => {
    const response = await page.goto('/nowhere');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  for (const path of ['/monitoring', '/monitoring?range=30d', '/monitoring?range=24h&compare=previous', '/sandbox/chat']) {
    test(`${path} does not scroll sideways`, async ({ ownerPage: page }) => {
      await open(page, path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    });
  }

  test('the log-in does not scroll sideways', async ({ page }) => {
    await open(page, '/login');
    await expectNoSidewaysScroll(page);
  });
});
