import { expect, expectAccessible, fillCredentials, open, OWNER, setupUrl, test } from './support/fixtures.ts';

test.describe('without a code', () => {
  test('the setup page says where the link is found', async ({ page }) => {
    await open(page, '/setup');
    await expect(page.getByText('one-time link that the server printed')).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe('with a wrong form', () => {
  test.use({ expectedConsole: /status of 40[03]/ });

  test('a wrong code makes no owner', async ({ page }) => {
    await open(page, '/setup?code=wrong');
    await fillCredentials(page, OWNER);
    await page.getByRole('button', { name: 'Create the owner' }).click();
    await expect(page.getByRole('alert')).toContainText(/wrong, expired or already used|There is an owner already/);
  });

  test('a short password is refused with words at its field', async ({ page }) => {
    await open(page, setupUrl());
    await fillCredentials(page, { email: OWNER.email, password: 'short' });
    await page.getByRole('button', { name: 'Create the owner' }).click();
    await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
    await expect(page.getByLabel('New password')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('E-mail')).toHaveValue(OWNER.email);
  });
});

test('the one-time link makes the first owner and logs in', async ({ page }) => {
  await open(page, setupUrl());
  await expectAccessible(page);
  await fillCredentials(page, OWNER);
  await page.getByRole('button', { name: 'Create the owner' }).click();
  await expect(page).toHaveURL(/\/monitoring$/);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(page.getByText(OWNER.email)).toBeVisible();
});

test('the one-time link is of no use the second time, and leads to the log-in', async ({ page }) => {
  await open(page, setupUrl());
  await expect(page.getByText('There is an owner already')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toBeHidden();
  await page.getByRole('link', { name: 'Log in' }).click();
  await expect(page).toHaveURL(/\/login$/);
});
