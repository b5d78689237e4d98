import type { Page } from 'playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const READING_TIMEOUT_MS = 45_000;

function lastMessageOf(page: Page) {
  return page.getByRole('log', { name: 'Messages' }).getByRole('article', { name: 'Bot' }).last();
}

const helpIn = (page: Page) => page.getByRole('article', { name: 'Bot' }).filter({ hasText: 'What I can do' });

test('a person greets the bot, chooses a sign, asks for a card and gets a reading', async ({ ownerPage: page }) => {
  await open(page, '/sandbox/chat');
  const log = page.getByRole('log', { name: 'Messages' });
  await page.getByRole('button', { name: '/start' }).last().click();
  await log.getByRole('button', { name: 'Leo' }).last().click();
  await expect(lastMessageOf(page)).toContainText('Leo');

  await page.getByRole('textbox', { name: 'Message' }).fill('/tarot');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('');
  await expect(log.getByRole('article', { name: 'You' }).last()).toHaveText('/tarot');
  await log.getByRole('button', { name: /card of the day/i }).last().click();
  // Its head names the day; the card and what the model wrote of it follow, at whatever length.
  await expect(lastMessageOf(page)).toContainText(/card of the day · [^\n]*20\d\d[\s\S]{80,}/i, { timeout: READING_TIMEOUT_MS });
  await expect(lastMessageOf(page)).not.toContainText(/\*\*|<b>|&lt;/);
  await expectAccessible(page);
});

test('the chat is there after a reload', async ({ ownerPage: page }) => {
  await open(page, '/sandbox/chat');
  const asked = page.getByRole('article', { name: 'You' }).filter({ hasText: '/help' });
  const count = (await asked.count()) + 1;
  await page.getByRole('button', { name: '/help' }).last().click();
  await expect(asked).toHaveCount(count);
  await page.reload();
  await expect(asked).toHaveCount(count);
  // An answer that is still to come would be taken for another one's.
  await expect(helpIn(page)).toHaveCount(count);
});

test('an answer of the bot is there within a moment, and its commands can be pressed', async ({ ownerPage: page }) => {
  await open(page, '/sandbox/chat');
  const answers = helpIn(page);
  const count = await answers.count();
  const clickedAt = page.evaluate(() => new Promise<number>((resolve) => document.addEventListener('click', () => resolve(Date.now()), { capture: true, once: true })));
  await page.getByRole('button', { name: '/help' }).last().click();
  await expect.poll(() => answers.count(), { intervals: [50] }).toBe(count + 1);
  expect(Date.now() - (await clickedAt)).toBeLessThan(1_500);
  await answers.last().getByRole('button', { name: '/tarot' }).click();
  await expect(page.getByRole('article', { name: 'You' }).last()).toHaveText('/tarot');
});

test('premium is bought by the invoice that the bot sends, and the bot thanks for it', async ({ ownerPage: page }) => {
  await open(page, '/sandbox/chat');
  const log = page.getByRole('log', { name: 'Messages' });
  await page.getByRole('button', { name: '/premium' }).last().click();
  const invoice = log.getByRole('article', { name: 'Bot' }).filter({ hasText: 'Premium for 30 days' }).last();
  await expect(invoice).toContainText('ends by itself');
  await expectAccessible(page);
  await invoice.getByRole('button', { name: /^Pay ⭐ 250$/ }).click();
  await expect(invoice).toContainText('Paid');
  await expect(log.getByRole('article', { name: 'You' }).last()).toHaveText('You paid ⭐ 250.');
  await expect(lastMessageOf(page)).toContainText('Thank you! Your premium lasts until');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('what is typed into is in sight without scrolling', async ({ ownerPage: page }) => {
    await open(page, '/sandbox/chat');
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 });
    await expectNoSidewaysScroll(page);
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a message is sent by a plain form', async ({ ownerPage: page }) => {
    await page.goto('/sandbox/chat');
    await page.getByRole('textbox', { name: 'Message' }).fill('/help once more');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByRole('article', { name: 'You' }).filter({ hasText: '/help once more' })).toBeVisible();
  });
});
