import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Browser, type Page } from 'playwright/test';

/** The owner of the server under test; `account-setup.spec.ts`, which runs first, makes it by the one-time link. */
export const OWNER = { email: 'owner@example.com', password: 'eight planets and a moon' } as const;

/** Cookies of a logged-in owner. */
type SavedSession = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;

interface Fixtures {
  /** What the console may say in this test: a pattern, since a page with an error status is itself reported there. */
  readonly expectedConsole: RegExp | null;
  /** What the owner, who exists by now, types to log in. */
  readonly owner: typeof OWNER;
  /** A page whose visitor is logged in as the owner. */
  readonly ownerPage: Page;
  readonly consoleGuard: void;
}

interface WorkerFixtures {
  readonly ownerSession: SavedSession;
}

/** The one-time link that the server printed. */
export function setupUrl(): string {
  const url = process.env['E2E_SETUP_URL'];
  if (!url) throw new Error('The server printed no setup link.');
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** Waits until the page reacts to clicks: before that its forms work too, but as a browser without JavaScript sends them. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
}

/** Opens a page and waits until it reacts. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

export async function fillCredentials(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/password/i).fill(password);
}

/** Logs in; makes the owner first where no test has done so yet, as when one file runs alone. */
async function logIn(page: Page): Promise<void> {
  await open(page, '/login');
  await fillCredentials(page, OWNER);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert').or(page.getByRole('heading', { name: 'Overview' }))).toBeVisible();
  if (await page.getByRole('alert').isHidden()) return;
  await open(page, setupUrl());
  await fillCredentials(page, OWNER);
  await page.getByRole('button', { name: 'Create the owner' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  expectedConsole: [null, { option: true }],

  consoleGuard: [
    async ({ context, expectedConsole }, use) => {
      const complaints: string[] = [];
      const complain = (text: string) => {
        if (!expectedConsole?.test(text)) complaints.push(text);
      };
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complain(`${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => complain(`uncaught: ${error.error().message}`));
      await use();
      expect(complaints, 'what the console said').toEqual([]);
    },
    { auto: true },
  ],

  ownerSession: [
    async ({ browser }, use, { project }) => {
      const { baseURL } = project.use;
      const context = await browser.newContext({ locale: 'en-US', ...(baseURL ? { baseURL } : {}) });
      await logIn(await context.newPage());
      const session = await context.storageState();
      await context.close();
      await use(session);
    },
    { scope: 'worker' },
  ],

  owner: async ({ ownerSession }, use) => {
    expect(ownerSession.cookies).not.toEqual([]);
    await use(OWNER);
  },

  ownerPage: async ({ page, context, ownerSession }, use) => {
    await context.addCookies(ownerSession.cookies);
    await use(page);
  },
});

/** Fails on any violation of WCAG 2.1 A and AA that axe finds. */
export async function expectAccessible(page: Page): Promise<void> {
  // Colours that are on their way from one theme to the other have a contrast of their own: only where they arrive counts.
  await page.evaluate(() => {
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  });
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

/** Fails if the page can be scrolled sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(excess, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
}

export { expect };
