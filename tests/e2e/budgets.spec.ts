import type { Page } from 'playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, hydrated, open, test } from './support/fixtures.ts';

/** A step fires at the next call, and without one within a minute. */
const FIRES_WITHIN_MS = 90_000;

interface Wanted {
  readonly name: string;
  readonly limit: string;
  readonly scope?: string;
  readonly steps: readonly (readonly [percent: string, action: string])[];
}

async function fillBudget(page: Page, { name, limit, scope = 'all', steps }: Wanted): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Limit in US dollars').fill(limit);
  await page.getByLabel('For', { exact: true }).selectOption(scope);
  // What the form proposes is no part of it.
  for (let row = steps.length + 1; row <= 2; row += 1) await page.getByLabel(`Percent, step ${row}`, { exact: true }).fill('');
  for (const [index, [percent, action]] of steps.entries()) {
    await page.getByLabel(`Percent, step ${index + 1}`, { exact: true }).fill(percent);
    await page.getByLabel(`Action, step ${index + 1}`, { exact: true }).selectOption(action);
  }
}

async function create(page: Page, wanted: Wanted): Promise<void> {
  await open(page, '/monitoring/budgets/new');
  await fillBudget(page, wanted);
  await page.getByRole('button', { name: 'Create the budget' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The budget is in force.' })).toBeVisible();
}

const cardOf = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

async function archive(page: Page, name: string): Promise<void> {
  await cardOf(page, name).getByRole('link', { name: 'Edit' }).click();
  await page.getByText('Archive this budget…').click();
  await page.getByRole('button', { name: 'Archive for good' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The budget is archived.' })).toBeVisible();
  await expect(cardOf(page, name)).toHaveCount(0);
}

test('the page lives from the first start: two budgets with what the past has used of them', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Budgets' }).click();
  await expect(page.getByRole('heading', { name: 'Budgets', level: 1 })).toBeVisible();
  const month = cardOf(page, 'All readings of a month');
  await expect(month.locator('.budget-used')).toContainText(/^\d+(\.\d)?%\$\d\.\d{4} of \$100\.0000 used/);
  await expect(month.getByRole('table', { name: 'Steps of All readings of a month' }).getByRole('row')).toHaveCount(4);
  await expect(cardOf(page, 'Each user, a day')).toContainText('Limit $0.2500 for each user.');
  await expect(page).toHaveTitle('Budgets · AdtroBot');
  await expectAccessible(page);
});

/** A reading that always asks a model: what a budget's step fires at. */
async function askThreeCards(page: Page): Promise<void> {
  await open(page, '/sandbox/chat');
  const say = async (text: string) => {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
  };
  await say('/tarot');
  await page.getByRole('log', { name: 'Messages' }).getByRole('button', { name: /three cards/i }).last().click();
  await expect(page.getByRole('article', { name: 'Bot' }).last()).toContainText(/question/i);
  await say('What does this week bring?');
}

test('a budget is made, warns on every page, is lifted, changed, and archived; its history stays', async ({ ownerPage: page }) => {
  test.setTimeout(FIRES_WITHIN_MS * 2);
  await create(page, { name: 'Tiny', limit: '0,0001', steps: [['50', 'warn'], ['100', 'shorter_answer']] });
  await askThreeCards(page);
  await open(page, '/monitoring/budgets');
  const card = cardOf(page, 'Tiny');
  await expect(card.locator('.budget-used')).toContainText('of $0.00010 used');
  const lift = card.getByRole('button', { name: 'Lift the step 100 % Shorter answers of Tiny' });
  await expect(async () => {
    await page.reload();
    await expect(lift).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: FIRES_WITHIN_MS });
  await expect(page.getByRole('table', { name: 'History' })).toContainText('Tiny');
  await expectAccessible(page);

  for (const path of ['/monitoring', '/monitoring/costs', '/monitoring/generations']) {
    await open(page, path);
    const banner = page.getByRole('complementary', { name: 'Budget notices' }).getByRole('note').filter({ hasText: 'Tiny' });
    await expect(banner).toContainText(/answers are shorter until .*Raise the limit, or lift the step/);
  }
  await page.getByRole('note').filter({ hasText: 'Tiny' }).getByRole('link', { name: 'See the budget' }).click();
  await expect(page).toHaveURL(/\/monitoring\/budgets#budget-\d+$/);

  await lift.click();
  await expect(page.getByRole('status').filter({ hasText: 'The step is lifted' })).toBeVisible();
  await expect(card.getByRole('row').filter({ hasText: 'Shorter answers' })).toContainText('lifted');
  await expect(page.getByRole('note').filter({ hasText: 'Tiny' })).toContainText('nothing changes yet');

  await card.getByRole('link', { name: 'Edit' }).click();
  await expect(page.getByLabel('Limit in US dollars')).toHaveValue('0.0001');
  await page.getByLabel('Name').fill('Not so tiny');
  await page.getByLabel('Limit in US dollars').fill('900');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The changes are in force.' })).toBeVisible();
  await expect(cardOf(page, 'Not so tiny').locator('.budget-used')).toContainText('of $900.0000 used');
  await expect(page.getByRole('note').filter({ hasText: /tiny/i })).toHaveCount(0);

  await archive(page, 'Not so tiny');
  await expect(page.getByRole('table', { name: 'History' })).toContainText('Not so tiny');
});

test.describe('where the form is refused', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('it says what is wrong at its place and keeps what was typed', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/budgets/new');
    await fillBudget(page, { name: ' ', limit: 'much', scope: 'model', steps: [['0', 'warn'], ['100', 'stop']] });
    await page.getByRole('button', { name: 'Create the budget' }).click();
    await expect(page.getByRole('alert')).toContainText('This was not saved.');
    await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Give the budget a name.');
    await expect(page.getByLabel('Limit in US dollars')).toHaveAccessibleDescription(/amount above 0/);
    await expect(page.getByLabel('Model', { exact: true })).toHaveAccessibleDescription(/vendor\/model/);
    await expect(page.getByText('Percentages are whole numbers from 1 to 100.')).toBeVisible();
    await expect(page.getByLabel('Limit in US dollars')).toHaveValue('much');
    await expect(page.getByLabel('For', { exact: true })).toHaveValue('model');
    await expectAccessible(page);
  });
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 40[04]/ });

  for (const [path, status] of [['/monitoring/budgets/999999', 404], ['/monitoring/budgets/x', 404], ['/monitoring/budgets?before=-1', 400]] as const) {
    test(`${path} is answered with ${status}`, async ({ ownerPage: page }) => {
      const response = await page.goto(path);
      expect(response?.status()).toBe(status);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    });
  }
});

test('a budget that was archived meanwhile cannot be changed any more, and the page says so', async ({ ownerPage: page, context }) => {
  await create(page, { name: 'Short-lived', limit: '7', steps: [['100', 'stop']] });
  await cardOf(page, 'Short-lived').getByRole('link', { name: 'Edit' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeVisible();
  const other = await context.newPage();
  await open(other, '/monitoring/budgets');
  await archive(other, 'Short-lived');
  // Without JavaScript's own console message about the status.
  const response = await page.request.post(page.url(), { form: { intent: 'save', name: 'x', limitUsd: '1', percent: '100', action: 'stop' }, headers: { 'Sec-Fetch-Site': 'same-origin' } });
  expect(response.status()).toBe(409);
  expect(await response.text()).toContain('This budget was archived meanwhile');
  await open(page, page.url());
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(page.getByText(/^archived /)).toBeVisible();
});

test('a form of another site changes nothing', async ({ ownerPage: page }) => {
  await page.goto('/monitoring/budgets');
  const response = await page.request.post('/monitoring/budgets/new', { form: { name: 'Foreign', limitUsd: '1' }, headers: { 'Sec-Fetch-Site': 'cross-site' } });
  expect(response.status()).toBe(403);
  await page.reload();
  await expect(cardOf(page, 'Foreign')).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, expectedConsole: /status of 400/ });

  test('a budget for one plan is made, refused once, changed and archived', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/budgets/new');
    await fillBudget(page, { name: 'Plain', limit: '0', scope: 'plan:premium', steps: [['10', 'warn'], ['100', 'pause_free']] });
    await page.getByRole('button', { name: 'Create the budget' }).click();
    await expect(page.getByRole('alert')).toContainText('This was not saved.');
    await expect(page.getByLabel('Name')).toHaveValue('Plain');
    await page.getByLabel('Limit in US dollars').fill('12.5');
    await page.getByText('More steps').click();
    await page.getByLabel('Percent, step 10').fill('75');
    await page.getByLabel('Action, step 10').selectOption('cached_only');
    await page.getByRole('button', { name: 'Create the budget' }).click();
    await expect(cardOf(page, 'Plain')).toContainText('Plan: premium, a month');
    await expect(cardOf(page, 'Plain').getByRole('row')).toHaveText([/Step/, /10 %.*Warn/, /75 %.*Own store only/, /100 %.*Pause the free plan/]);
    await cardOf(page, 'Plain').getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Percent, step 2', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(cardOf(page, 'Plain').getByRole('row')).toHaveCount(3);
    await archive(page, 'Plain');
  });
});

test('the pages speak Russian', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/budgets');
  await page.getByRole('button', { name: 'RU' }).click();
  await expect(page.getByRole('heading', { name: 'Бюджеты', level: 1 })).toBeVisible();
  await expect(page).toHaveTitle('Бюджеты · AdtroBot');
  await expect(page.getByRole('navigation', { name: 'Основная навигация' }).getByRole('link', { name: 'Бюджеты' })).toHaveAttribute('aria-current', 'page');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Новый бюджет' }).click();
  await expect(page.getByRole('button', { name: 'Создать бюджет' })).toBeVisible();
  await hydrated(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(page.getByRole('heading', { name: 'New budget' })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  for (const path of ['/monitoring/budgets', '/monitoring/budgets/new', '/monitoring/budgets/1']) {
    test(`${path} does not scroll sideways, in light and in dark`, async ({ ownerPage: page }) => {
      for (const theme of ['Light', 'Dark']) {
        await open(page, path);
        await page.getByRole('button', { name: theme }).click();
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    });
  }
});
