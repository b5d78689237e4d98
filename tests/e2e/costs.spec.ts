import type { Page } from 'playwright/test';
import { Costs, type CostsInput } from '#server/contracts/costs.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const toPico = (amount: string): bigint => BigInt(amount.replace('.', ''));
const sum = (amounts: readonly string[]) => amounts.reduce((soFar, amount) => soFar + toPico(amount), 0n);

/** The exact amounts of a column of a table, the row over all last. */
async function readColumn(page: Page, caption: string, column: number): Promise<string[]> {
  const cells = page.getByRole('table', { name: caption, exact: true }).locator(`tbody tr > :nth-child(${column}) [data-exact]`);
  return cells.evaluateAll((found) => found.map((cell) => cell.getAttribute('data-exact') ?? ''));
}

const TABLES = ['Cost by operation', 'Cost by model asked for', 'Cost by plan at the time', 'Cost by where the amount is from', 'Cost by what became of the text'];

/** Whole days that are over, so that two readings of them are the same. */
const past = () => ({ from: new Date(Date.now() - 9 * 86_400_000).toISOString(), to: new Date(Date.now() - 2 * 86_400_000).toISOString() });
const pathOf = (path: string, query: Readonly<Record<string, string>>) => `${path}?${new URLSearchParams(query).toString()}`;

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: CostsInput): Promise<Costs> {
  const response = await page.request.get(pathOf('/trpc/costs.get', { input: JSON.stringify(input) }));
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) throw new Error(`The API refused: ${JSON.stringify(answer)}`);
  const { result } = answer;
  if (typeof result !== 'object' || result === null || !('data' in result)) throw new Error('The API gave no data.');
  return Costs.parse(result.data);
}

async function readStat(page: Page, name: string): Promise<string> {
  return (await page.getByRole('group', { name, exact: true }).locator('[data-exact]').getAttribute('data-exact')) ?? '';
}

test('the page is reached from the navigation and tells value, waste, readings from the store and prices', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Costs' }).click();
  await expect(page.getByRole('heading', { name: 'Costs', level: 1 })).toBeVisible();
  for (const name of ['Spent', 'Delivered', 'Wasted', 'Readings from our own store']) await expect(page.getByRole('group', { name, exact: true })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Readings from our own store' })).toContainText(/cost nothing: \$0\.00|no readings|not recorded/);
  for (const name of ['By what became of it and cause', 'By operation', 'By model', 'Prices']) await expect(page.getByRole('table', { name, exact: true })).toBeVisible();
  await expectAccessible(page);
});

test('causes, operations and models each add up to what was spent, and delivered and wasted do too, to the last digit', async ({ ownerPage: page }) => {
  await page.goto('/monitoring/costs?range=30d');
  // Figures may come anew while they are read one after another.
  await expect(async () => {
    const spent = await readStat(page, 'Spent');
    expect(toPico(spent)).toBeGreaterThan(0n);
    expect(sum([await readStat(page, 'Delivered'), await readStat(page, 'Wasted')])).toBe(toPico(spent));
    for (const [caption, column] of [['By what became of it and cause', 3], ['By operation', 2], ['By model', 2]] as const) {
      const amounts = await readColumn(page, caption, column);
      expect(amounts.at(-1)).toBe(spent);
      expect(sum(amounts.slice(0, -1))).toBe(toPico(spent));
    }
  }).toPass({ timeout: 15_000 });
});

test('the total is that of the API and of the overview for the same range, and every table adds up to it', async ({ ownerPage: page }) => {
  const range = past();
  const { total } = await ask(page, range);
  expect(toPico(total.costUsd)).toBeGreaterThan(0n);
  await page.goto(pathOf('/monitoring', range));
  expect(await readStat(page, 'AI cost')).toBe(total.costUsd);
  await page.goto(pathOf('/monitoring/costs', range));
  expect(await readStat(page, 'AI cost')).toBe(total.costUsd);
  expect(await readStat(page, 'Spent')).toBe(total.costUsd);
  for (const caption of TABLES) {
    const amounts = await readColumn(page, caption, 2);
    expect(amounts.at(-1)).toBe(total.costUsd);
    expect(sum(amounts.slice(0, -1))).toBe(toPico(total.costUsd));
  }
});

test('the cost over time is split by model when the visitor asks for it, and the buckets add up to the total', async ({ ownerPage: page }) => {
  const range = past();
  const { total, overTime, series } = await ask(page, { ...range, by: 'model' });
  await open(page, pathOf('/monitoring/costs', range));
  await page.getByRole('navigation', { name: 'Split by' }).getByRole('link', { name: 'Model' }).click();
  await expect(page).toHaveURL(/by=model$/);
  await expect(page.getByRole('img', { name: /split by: Model/ })).toBeVisible();
  await page.getByText('Show as a table').click();
  await expect(page.getByRole('table', { name: 'Cost over time' }).locator('tbody tr')).toHaveCount(overTime.length);
  expect(sum(await readColumn(page, 'Cost over time', 2))).toBe(toPico(total.costUsd));
  expect(await page.locator('.chart-legend li').allTextContents()).toEqual(series.map((name) => name ?? 'all others'));
  await expectAccessible(page);
});

test('a click on a name shows that part alone, by the URL, and the filter is lifted again', async ({ ownerPage: page }) => {
  const range = past();
  const { total, byOperation } = await ask(page, { ...range, operation: 'horoscope' });
  await open(page, pathOf('/monitoring/costs', range));
  await page.getByRole('table', { name: 'Cost by operation' }).getByRole('link', { name: 'Horoscope', exact: true }).click();
  await expect(page).toHaveURL(/operation=horoscope$/);
  await expect.poll(() => readStat(page, 'AI cost')).toBe(total.costUsd);
  await expect(page.getByRole('table', { name: 'Cost by operation' }).locator('tbody tr')).toHaveCount(byOperation.length + 1);
  await expectAccessible(page);
  const filters = page.getByRole('navigation', { name: 'Filters' });
  await filters.getByRole('link', { name: 'No longer only Operation: Horoscope' }).click();
  await expect(filters).toBeHidden();
  await expect(page).not.toHaveURL(/operation=/);
});

test('compared with the period before, the total and every row say by how much they changed', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs?range=7d&compare=previous');
  await expect(page.getByRole('group', { name: 'AI cost', exact: true })).toContainText(/before: \$|not known/);
  await expect(page.getByRole('table', { name: 'Cost by operation' }).getByRole('columnheader', { name: 'Change' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Cost by operation' }).locator('tbody tr').last()).toContainText(/before: /);
  await expectAccessible(page);
});

test('a cause leads to its attempts, in the same range', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs?range=30d');
  const row = page.getByRole('table', { name: 'By what became of it and cause' }).getByRole('row').filter({ hasText: 'provider failed' });
  const count = await row.locator('td').nth(2).textContent();
  await row.getByRole('link').click();
  await expect(page).toHaveURL(/\/monitoring\/generations\?range=30d&disposition=none&errorType=provider_error$/);
  await expect(page.getByRole('table', { name: 'Attempts' }).locator('tbody tr')).toHaveCount(Math.min(Number(count), 50));
});

test('the history of a model’s price opens, marks the price valid now, and closes', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs');
  await page.getByRole('table', { name: 'Prices' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/history=google%2Fgemini-2.5-flash/);
  const history = page.getByRole('table', { name: 'History of google/gemini-2.5-flash' });
  await expect(history.getByText('valid now')).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Close the history' }).click();
  await expect(history).toBeHidden();
});

test('a model that is not on record has a history that says so', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs?history=nobody/knows');
  await expect(page.getByText('No price of this model is on record.')).toBeVisible();
});

test('a range without attempts says so and divides by nothing', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs?from=2025-01-01T00:00:00Z&to=2025-01-02T00:00:00Z');
  await expect(page.getByText('No attempts in this range.')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Wasted', exact: true })).toContainText('nothing was spent in this range');
  await expect(page.locator('main')).not.toContainText('NaN');
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('a range that is refused leads to the presets of the same page', async ({ ownerPage: page }) => {
    const response = await page.goto('/monitoring/costs?range=9y');
    expect(response?.status()).toBe(400);
    await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '24 hours' }).click();
    await expect(page).toHaveURL(/\/monitoring\/costs\?range=24h$/);
    await expect(page.getByRole('heading', { name: 'Costs', level: 1 })).toBeVisible();
  });

  test('a filter that is none is refused', async ({ ownerPage: page }) => {
    const response = await page.goto('/monitoring/costs?plan=gold');
    expect(response?.status()).toBe(400);
    await expect(page.getByRole('heading', { name: 'This request cannot be answered' })).toBeVisible();
  });

  test('what is no model is refused', async ({ ownerPage: page }) => {
    const response = await page.goto('/monitoring/costs?history=%00');
    expect(response?.status()).toBe(400);
    await expect(page.getByRole('heading', { name: 'This request cannot be answered' })).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figures and the history of a price are there', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/costs?range=30d');
    await expect(page.getByRole('group', { name: 'Spent', exact: true })).toContainText('$');
    await expect(page.locator('.static-bars svg .stack-first').first()).toBeAttached();
    await page.getByRole('table', { name: 'Prices' }).getByRole('link').first().click();
    await expect(page.getByText('valid now')).toBeVisible();
  });
});

test.describe('on a phone, in the dark, in Russian', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ru-RU' });

  test('the page does not scroll sideways', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/costs?range=30d&compare=previous&by=model&plan=free&history=google/gemini-2.5-flash');
    await expect(page.getByRole('heading', { name: 'Расходы', level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
