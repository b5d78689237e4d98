import { expect, expectAccessible, fillCredentials, open, test } from './support/fixtures.ts';

test('a visitor is sent to the log-in, and from there to the page that was asked for', async ({ page, owner }) => {
  await open(page, '/monitoring?range=24h');
  await expect(page).toHaveURL(/\/login\?next=/);
  await expectAccessible(page);
  await fillCredentials(page, owner);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).toHaveURL(/\/monitoring\?range=24h$/);
});

test('logging out ends the session', async ({ page, owner }) => {
  await open(page, '/login');
  await fillCredentials(page, owner);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  const cookies = await page.context().cookies();

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/login$/);
  await page.context().addCookies(cookies);
  await page.goto('/monitoring');
  await expect(page).toHaveURL(/\/login/);
});

test('the log-in leads to no other site', async ({ page, owner }) => {
  await open(page, '/login?next=//evil.example/');
  await fillCredentials(page, owner);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/monitoring');
});

test.describe('refusals', () => {
  test.use({ expectedConsole: /status of 40[01]/ });

  test('a wrong password is told in words, keeps the address and forgets the password', async ({ page, owner }) => {
    await open(page, '/login');
    await fillCredentials(page, { email: owner.email, password: 'not the password' });
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toHaveText('Wrong e-mail or password.');
    await expect(page.getByLabel('E-mail')).toHaveValue(owner.email);
    await expectAccessible(page);
  });

  test('an empty form says what is missing at each field', async ({ page }) => {
    await open(page, '/login');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByText('Enter an e-mail address')).toBeVisible();
    await expect(page.getByText('Enter the password.')).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('one can log in, read the figures, change the language and log out', async ({ page, owner }) => {
    await page.goto('/login');
    await fillCredentials(page, owner);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('group', { name: 'AI cost' })).toContainText('$');
    await page.getByRole('button', { name: 'RU' }).click();
    await expect(page.getByRole('heading', { name: 'Обзор' })).toBeVisible();
    await page.getByRole('button', { name: 'Выйти' }).click();
    await expect(page.getByRole('heading', { name: 'Вход' })).toBeVisible();
  });
});
