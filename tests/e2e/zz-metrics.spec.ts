import { readdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright/test';
import { connectPostgres } from '#db/connect.ts';
import { loadConfig } from '#server/config.ts';
import { BOT_HANDLERS, JOBS } from '#server/contracts/vocabulary.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { METRIC_DEFINITIONS } from '#server/metrics/definitions.ts';
import { appRouter } from '#server/trpc/router.ts';
import { findForeign, findUnmoved, readSamples, type ConfiguredValues, type Sample } from '#tests/support/metric-walk.ts';
import { expect, open, test } from './support/fixtures.ts';

/*
 * The last file by its name: what the run before it, the crowd and a few provoked events have left in `/metrics`. Every
 * metric is moved by something that happened, and none shows a label value outside its list.
 */
const MOVED_TIMEOUT_MS = 90_000;

type Sql = ReturnType<typeof connectPostgres>;

/** Asks the server's own Postgres. */
async function withDatabase(ask: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = connectPostgres(process.env['E2E_DATABASE_URL'] ?? '', { max: 1 });
  try {
    await ask(sql);
  } finally {
    await sql.end();
  }
}

/** A page whose table is away for a moment: a failure of ours. */
async function provokeError(page: Page): Promise<void> {
  await withDatabase(async (sql) => {
    await sql`alter table drift_checks rename to drift_checks_away`;
    try {
      const response = await page.request.get('/trpc/drift.get');
      expect(response.status()).toBe(500);
    } finally {
      await sql`alter table drift_checks_away rename to drift_checks`;
    }
  });
}

/** An alert that is owed: the job queue has something to do. */
async function provokeJob(): Promise<void> {
  const id = randomUUID();
  await withDatabase(async (sql) => {
    await sql`insert into alerts (id, kind, checks, text, created_at) values (${id}, 'down', '{telegram}', 'A trial of the alarm.', now())`;
    await sql`insert into alert_deliveries (alert_id, channel, next_attempt_at) values (${id}, 'webhook', now())`;
  });
}

async function provokePayment(page: Page): Promise<void> {
  await open(page, '/sandbox/chat');
  const invoices = page.getByRole('button', { name: /^Pay/ });
  const count = await invoices.count();
  await page.getByRole('textbox', { name: 'Message' }).fill('/premium');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(invoices).toHaveCount(count + 1);
  await invoices.last().click();
  await expect(page.getByText(/^You paid/).last()).toBeVisible();
}

async function scrape(page: Page): Promise<Sample[]> {
  return readSamples(await (await page.request.get('/metrics', { headers: { accept: 'text/plain' } })).text());
}

/** Templates as the file names under `app/routes` say them. */
function routeTemplates(): string[] {
  const names = readdirSync('app/routes').map((file) => file.replace(/\.tsx?$/, ''));
  const templates = names.map((name) => `/${name.split('.').filter((part) => !part.startsWith('_')).join('/').replaceAll('$', ':')}`);
  return ['/', '/__manifest', 'unmatched', ...templates];
}

async function configuredValues(): Promise<ConfiguredValues> {
  const procedures = Object.keys(appRouter._def.procedures).map((name) => `trpc.${name}`);
  const budgets: string[] = ['other'];
  await withDatabase(async (sql) => {
    for (const { id } of await sql`select id::text from budgets where archived_at is null`) budgets.push(String(id));
  });
  return {
    handler: [...routeTemplates(), ...procedures, ...BOT_HANDLERS, ...JOBS, ...SCHEDULE_NAMES, 'other'],
    model: [...loadConfig({}).allModels, 'other'],
    schedule: SCHEDULE_NAMES,
    budget: budgets,
    version: /^\d+\.\d+\.\d+$/,
    commit: /^(unknown|[\da-f]{7,40})$/,
    node: [process.version],
  };
}

test('after all that was done here every metric has moved, and every label value is in its closed list', async ({ ownerPage: page }) => {
  test.setTimeout(MOVED_TIMEOUT_MS + 60_000);
  await provokeJob();
  await provokeError(page);
  await provokePayment(page);
  await expect.poll(async () => findUnmoved(METRIC_DEFINITIONS, await scrape(page)), { timeout: MOVED_TIMEOUT_MS }).toEqual([]);
  expect(findForeign(METRIC_DEFINITIONS, await scrape(page), await configuredValues())).toEqual([]);
});

test('after all that was done here counters and tables say the same', async ({ ownerPage: page }) => {
  const parity = (await scrape(page)).filter(({ name }) => name === 'adtrobot_parity_difference');
  expect(parity.map(({ labels, value }) => `${labels['quantity'] ?? ''} ${value}`)).toEqual([
    'generations 0', 'prompt_tokens 0', 'completion_tokens 0', 'cost_dollars 0', 'updates 0', 'failed_updates 0', 'payments 0',
  ]);
});
