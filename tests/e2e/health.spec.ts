import type { Page } from 'playwright/test';
import { connectPostgres } from '#db/connect.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, hydrated, open, test } from './support/fixtures.ts';

type Sql = ReturnType<typeof connectPostgres>;

/** Asks the server's own Postgres. */
async function withDatabase<Result>(ask: (sql: Sql) => Promise<Result>): Promise<Result> {
  const sql = connectPostgres(process.env['E2E_DATABASE_URL'] ?? '', { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

/** An outage as the running process would have written it; ended with the callback. */
async function whileFailing(check: 'openrouter' | 'scheduler', act: (incidentId: number) => Promise<void>): Promise<void> {
  await withDatabase(async (sql) => {
    const [incident] = await sql`
      insert into incidents (check_name, process_id, started_at, opened_at, code, detail)
      values (${check}, (select max(id) from processes), now() - interval '3 minutes', now() - interval '2 minutes', 'timed_out', '10') returning id::int`;
    const incidentId = Number(incident?.['id']);
    try {
      await act(incidentId);
    } finally {
      await sql`update incidents set recovered_at = now() where id = ${incidentId}`;
    }
  });
}

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const windows = (page: Page) => section(page, 'Maintenance windows');
const windowItem = (page: Page, reason: string) => windows(page).getByRole('listitem').filter({ hasText: reason });
const statusIn = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();

interface Planned {
  readonly reason: string;
  readonly from?: string;
  readonly to?: string;
}

/** Fills the form; without times it proposes some that are right. */
async function fillPlan(page: Page, { reason, from, to }: Planned): Promise<void> {
  await page.getByText('Plan a window', { exact: true }).click();
  if (from) await page.getByLabel('From', { exact: true }).fill(from);
  if (to) await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByLabel('Reason').fill(reason);
}

/** Today and the days after it, as a field for day and time holds them; the server reports in UTC. */
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);

test('the page is reached from the navigation and tells the state, the uptime and the books', async ({ ownerPage: page }) => {
  await open(page, '/monitoring');
  await expect(section(page, 'Health').getByRole('link')).toHaveAttribute('href', '/monitoring/health');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Health' }).click();
  await expect(page.getByRole('heading', { name: 'Health', level: 1 })).toBeVisible();
  await expect(page).toHaveTitle('Health · AdtroBot');
  await expect(section(page, 'Now').getByRole('listitem')).toHaveText([/^Database.*healthy/, /^Scheduler.*healthy/, /^OpenRouter.*healthy/, /^Telegram.*healthy/]);
  await expect(section(page, 'Uptime').locator('.uptime-figure').first()).toHaveText(/^(100|\d\d?\.\d{2,3})%$/);
  await expect(section(page, 'Uptime').getByRole('group', { name: /^Database: / }).getByRole('img', { name: / – .*: (up|partly up), / }).last()).toBeAttached();
  await expect(section(page, 'The books').getByRole('table').getByRole('row')).toHaveCount(8, { timeout: 60_000 });
  await expect(section(page, 'The books').getByText('agrees', { exact: true })).toHaveCount(7);
  await expectAccessible(page);
});

test('the range is in the address, and switches the bars', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/health');
  const range = page.getByRole('navigation', { name: 'Time range' });
  await expect(range.getByRole('link', { name: '7 days' })).toHaveAttribute('aria-current', 'page');
  await expect(section(page, 'Uptime')).toContainText('a bar is 2 hr');
  await range.getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL(/\/monitoring\/health\?range=30d$/);
  await expect(section(page, 'Uptime')).toContainText('a bar is 8 hr');
  await page.goBack();
  await expect(section(page, 'Uptime')).toContainText('a bar is 2 hr');
});

test('an outage is a notice on every page that leads to it, until somebody acknowledges it', async ({ ownerPage: page }) => {
  await whileFailing('openrouter', async (incidentId) => {
    for (const path of ['/monitoring', '/monitoring/costs', '/monitoring/budgets']) {
      await open(page, path);
      await expect(page.getByRole('complementary', { name: 'Health notices' }).getByRole('note')).toContainText(/^OpenRouter has been failing since .*No answer within 10 s\./);
      await expectAccessible(page);
    }
    await page.getByRole('note').getByRole('link', { name: 'See the incident' }).click();
    await expect(page).toHaveURL(new RegExp(`/monitoring/health#incident-${incidentId}$`));
    const incident = page.locator(`#incident-${incidentId}`);
    await expect(incident).toContainText(/lasts\s*OpenRouter\s*began .* for \d+\smin.* so far/);
    await expectAccessible(page);
    await incident.getByLabel('Note').fill('The provider knows.\nI watch it.');
    await incident.getByRole('button', { name: /^Acknowledge the incident of OpenRouter, / }).click();
    await statusIn(page, 'The incident is acknowledged.');
    await expect(incident).toContainText(/Acknowledged by owner@example\.com, .*The provider knows\./);
    await expect(incident.getByRole('button')).toHaveCount(0);
    await expect(page.getByRole('complementary', { name: 'Health notices' })).toHaveCount(0);
    // Somebody whose page is older.
    const late = await page.request.post('/monitoring/health', { form: { intent: 'acknowledge', incidentId, note: 'me too' }, headers: { 'Sec-Fetch-Site': 'same-origin' } });
    expect(late.status()).toBe(409);
    expect(await late.text()).toContain('Somebody has acknowledged this incident already.');
  });
  // The page lives: what is over is told as such without a click.
  await expect(section(page, 'Incidents').getByRole('listitem').first()).toContainText(/^over/);
});

test('a window is planned and deleted, another one runs and is ended, and its record stays', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/health?range=24h');
  await fillPlan(page, { reason: 'A new disk', from: inDays(2), to: inDays(3) });
  await page.getByRole('checkbox', { name: 'Database' }).check();
  await expect(page.getByLabel('From', { exact: true })).toHaveAccessibleDescription('in the time zone UTC');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Plan the window' }).click();
  await statusIn(page, 'The window is planned.');
  await expect(windowItem(page, 'A new disk')).toContainText(/^planned.*Database · by owner@example\.com/);
  await expect(page).toHaveURL(/\?range=24h&done=planned#maintenance$/);

  await fillPlan(page, { reason: 'A new host', from: inDays(-0.01), to: inDays(1) });
  await page.getByRole('button', { name: 'Plan the window' }).click();
  await expect(windowItem(page, 'A new host')).toContainText(/^running.*all checks/);
  await windowItem(page, 'A new host').getByText('End now…').click();
  await page.getByRole('button', { name: 'End it now' }).click();
  await statusIn(page, 'The window is over.');
  await expect(windowItem(page, 'A new host')).toHaveCount(0);

  await windowItem(page, 'A new disk').getByText('Delete…').click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await statusIn(page, 'The window is deleted.');
  await expect(windows(page)).toContainText('No window is running or planned.');
  await windows(page).locator('summary', { hasText: 'Windows that are over' }).click();
  await expect(windows(page).getByRole('table').getByRole('row').filter({ hasText: 'A new host' })).toContainText('owner@example.com');
  await expect(windows(page).getByRole('table')).not.toContainText('A new disk');
});

test.describe('where the form is refused', () => {
  test.use({ expectedConsole: /status of 400/ });

  test('it says what is wrong at its place and keeps what was typed', async ({ ownerPage: page }) => {
    await open(page, '/monitoring/health');
    await fillPlan(page, { reason: ' ', from: inDays(2), to: inDays(1) });
    await page.getByRole('button', { name: 'Plan the window' }).click();
    await expect(windows(page).getByRole('alert')).toContainText('This was not saved.');
    await expect(page.getByLabel('To', { exact: true })).toHaveAccessibleDescription(/The end must be later than the start\./);
    await expect(page.getByLabel('Reason')).toHaveAccessibleDescription(/Write at least a word\./);
    await expectAccessible(page);
    await page.getByLabel('From', { exact: true }).fill(inDays(-2));
    await page.getByLabel('To', { exact: true }).fill(inDays(-1));
    await page.getByLabel('Reason').fill('Too late');
    await page.getByRole('button', { name: 'Plan the window' }).click();
    await expect(page.getByLabel('To', { exact: true })).toHaveAccessibleDescription(/The end must lie in the future\./);
    await expect(page.getByLabel('Reason')).toHaveValue('Too late');
  });
});

test.describe('refused addresses', () => {
  test.use({ expectedConsole: /status of 400/ });

  for (const path of ['/monitoring/health?range=1y', '/monitoring/health?cursor=a%20b', '/monitoring/health?cursor=abc', '/monitoring/health?before=x']) {
    test(`${path} is answered with 400 and words`, async ({ ownerPage: page }) => {
      const response = await page.goto(path);
      expect(response?.status()).toBe(400);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    });
  }
});

test('a viewer reads everything and sees no form', async ({ ownerPage: page }) => {
  await whileFailing('scheduler', async (incidentId) => {
    await withDatabase(async (sql) => {
      await sql`update admins set role = 'viewer'`;
      try {
        await open(page, '/monitoring/health');
        await expect(page.locator(`#incident-${incidentId}`)).toContainText('Nobody has acknowledged it.');
        await expect(page.locator('main form[method="post"]')).toHaveCount(0);
        const refused = await page.request.post('/monitoring/health', { form: { intent: 'acknowledge', incidentId, note: 'x' }, headers: { 'Sec-Fetch-Site': 'same-origin' } });
        expect(refused.status()).toBe(403);
      } finally {
        await sql`update admins set role = 'owner'`;
      }
    });
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, expectedConsole: /status of 400/ });

  test('an outage is acknowledged, refused once without a word', async ({ ownerPage: page }) => {
    await whileFailing('scheduler', async (incidentId) => {
      await page.goto('/monitoring/health?range=24h');
      const incident = page.locator(`#incident-${incidentId}`);
      await incident.getByRole('button').click();
      await expect(incident.getByRole('alert')).toContainText('Write at least a word.');
      await incident.getByLabel('Note').fill('Seen');
      await incident.getByRole('button').click();
      await expect(page).toHaveURL(/\?range=24h&done=acknowledged#incidents$/);
      await expect(incident).toContainText('Acknowledged by owner@example.com');
      await expect(page.getByText('The incident is acknowledged.')).toBeVisible();
    });
  });

  test('a window is planned and deleted', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/health');
    await fillPlan(page, { reason: 'Plain', from: inDays(4), to: inDays(5) });
    await page.getByRole('button', { name: 'Plan the window' }).click();
    await windowItem(page, 'Plain').getByText('Delete…').click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await expect(page.getByText('The window is deleted.')).toBeVisible();
    await expect(windowItem(page, 'Plain')).toHaveCount(0);
  });
});

test('the page speaks Russian', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/health');
  await page.getByRole('button', { name: 'RU' }).click();
  await expect(page.getByRole('heading', { name: 'Состояние', level: 1 })).toBeVisible();
  await expect(page).toHaveTitle('Состояние · AdtroBot');
  await expect(section(page, 'Доступность').getByRole('group', { name: /^База данных: / })).toBeAttached();
  await hydrated(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(page.getByRole('heading', { name: 'Health', level: 1 })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the page does not scroll sideways, in light and in dark, also while something fails and a form is open', async ({ ownerPage: page }) => {
    await whileFailing('openrouter', async () => {
      for (const theme of ['Light', 'Dark']) {
        await open(page, '/monitoring/health?range=30d');
        await page.getByRole('button', { name: theme }).click();
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
        await page.getByText('Plan a window', { exact: true }).click();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    });
  });
});
