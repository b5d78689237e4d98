import type { Page } from 'playwright/test';
import { Users, type UsersInput } from '#server/contracts/users.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from './support/fixtures.ts';

const stat = (page: Page, name: string) => page.getByRole('group', { name, exact: true });

/** The answer of the API for the visitor of the page. */
async function ask(page: Page, input: UsersInput): Promise<Users> {
  const response = await page.request.get(`/trpc/users.get?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`);
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) throw new Error(`The API refused: ${JSON.stringify(answer)}`);
  const { result } = answer;
  if (typeof result !== 'object' || result === null || !('data' in result)) throw new Error('The API gave no data.');
  return Users.parse(result.data);
}

test('the page is reached from the navigation and shows who used the sandbox', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
  await expect(page.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible();
  await expect(stat(page, 'Active users').locator('.stat-value')).toHaveText(/[1-9]/);
  await expect(page.getByRole('img', { name: /^Chart of active, new and returning users/ })).toBeVisible();
  await expectAccessible(page);
});

test('the figures of a past range are those of the API', async ({ ownerPage: page }) => {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const input = { from: day(4), to: day(2) };
  await open(page, `/monitoring/users?${new URLSearchParams(input).toString()}`);
  const { total, cohorts } = await ask(page, input);
  await expect(stat(page, 'Active users').locator('.stat-value')).toHaveText(String(total.activeCount));
  await expect(stat(page, 'New users').locator('.stat-value')).toHaveText(String(total.newCount));
  await expect(page.getByRole('table', { name: 'Cohorts', exact: true }).locator('tbody tr')).toHaveCount(cohorts.length);
});

test('a comparison shows what each number was before', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/users?range=7d&compare=previous');
  await expect(stat(page, 'Active users')).toContainText('before:');
});

test('a phone shows all of it without scrolling sideways, in Russian too', async ({ ownerPage: page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, '/monitoring/users?range=30d&compare=previous');
  await expectNoSidewaysScroll(page);
});
