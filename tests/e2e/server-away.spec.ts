import { expect, expectAccessible, open, test } from './support/fixtures.ts';

/** What the browser itself says of requests that get no answer. */
test.use({ expectedConsole: /ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load/ });

test('what could not be sent stays in its field, and the page says why', async ({ ownerPage: page, context }) => {
  await open(page, '/sandbox/chat');
  const input = page.getByRole('textbox', { name: 'Message' });
  await input.fill('/tarot Shall I stay?');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Not sent: the server cannot be reached')).toBeVisible();
  await expect(input).toHaveValue('/tarot Shall I stay?');
  await expect(page.getByRole('log', { name: 'Messages' })).toBeVisible();
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('article', { name: 'You' }).filter({ hasText: 'Shall I stay?' })).toBeVisible();
  await expect(page.getByText('Not sent')).toBeHidden();
});

test('a range that cannot be fetched is no fault of the program, and is shown once the server is back', async ({ ownerPage: page, context }) => {
  await open(page, '/monitoring');
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('link', { name: '24 hours' }).click();
  await expect(page.getByRole('heading', { name: 'The server cannot be reached' })).toBeVisible();
  await expect(page.getByText('has been logged')).toBeHidden();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(false);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('link', { name: '24 hours' })).toHaveAttribute('aria-current', 'page');
});
