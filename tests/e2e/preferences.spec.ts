import type { Page } from 'playwright/test';
import { expect, expectAccessible, hydrated, open, test } from './support/fixtures.ts';

/** Lightness of the page's background, 0 to 255. */
async function readBackground(page: Page): Promise<number> {
  const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  return Number(/\d+/.exec(color)?.[0]);
}

test('the dark theme is chosen by hand, kept, and readable', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  expect(await readBackground(page)).toBeGreaterThan(200);
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await readBackground(page)).toBeLessThan(60);
  await expectAccessible(page);
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
  expect(await readBackground(page)).toBeLessThan(60);
});

test.describe('where the system is dark', () => {
  test.use({ colorScheme: 'dark' });

  test('the first visit is dark without asking, and can be made light', async ({ ownerPage: page }) => {
    await open(page, '/monitoring');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
    expect(await readBackground(page)).toBeLessThan(60);
    await page.getByRole('button', { name: 'Light' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    expect(await readBackground(page)).toBeGreaterThan(200);
  });
});

test('Russian is chosen by hand, keeps the page and its range, and stays', async ({ ownerPage: page }) => {
  await open(page, '/monitoring?range=24h');
  await page.getByRole('button', { name: 'RU' }).click();
  await expect(page.getByRole('heading', { name: 'Обзор' })).toBeVisible();
  await expect(page).toHaveURL(/\?range=24h$/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expectAccessible(page);
  await open(page, '/monitoring');
  await expect(page).toHaveTitle('Мониторинг · AdtroBot');
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});

test.describe('where the browser speaks Russian', () => {
  test.use({ locale: 'ru-RU' });

  test('the first visit is in Russian', async ({ page }) => {
    await open(page, '/login');
    await expect(page.getByRole('heading', { name: 'Вход' })).toBeVisible();
    await expect(page.getByText('Песочница')).toBeVisible();
  });
});

test('every page says that this is the sandbox', async ({ ownerPage: page }) => {
  for (const path of ['/login', '/monitoring', '/sandbox/chat', '/preferences']) {
    await page.goto(path);
    await expect(page.getByText('Telegram and OpenRouter are stand-ins')).toBeVisible();
  }
});
