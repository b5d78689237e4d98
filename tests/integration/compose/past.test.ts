import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { layDownHistory } from '#server/compose/lay-down-history.ts';
import { loadConfig } from '#server/config.ts';
import { compareUsd, sumUsd } from '#server/lib/money.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';

const NOW = new Date('2026-11-20T15:30:00Z');
const DAYS = 3;

interface Site {
  readonly database: TestDatabase;
  readonly openRouter: TestOpenRouter;
  readonly dataDir: string;
  readonly printed: string[];
}

/** A sandbox without a past. */
async function createSite(): Promise<Site> {
  const [database, openRouter, dataDir] = await Promise.all([createTestDatabase(), startTestOpenRouter(), mkdtemp(join(tmpdir(), 'adtrobot-past-'))]);
  return { database, openRouter, dataDir, printed: [] };
}

async function removeSite({ database, openRouter, dataDir }: Site): Promise<void> {
  await Promise.all([database.drop(), openRouter.close(), rm(dataDir, { recursive: true, force: true })]);
}

interface Start {
  readonly signal?: AbortSignal;
  readonly now?: Date;
  readonly onLine?: () => void;
}

function layDown(site: Site, { signal = new AbortController().signal, now = NOW, onLine }: Start = {}) {
  const config = loadConfig({ DATA_DIR: site.dataDir, SANDBOX_HISTORY_DAYS: String(DAYS), SANDBOX_USERS: '12', SANDBOX_SEED: '7' });
  return layDownHistory({
    config,
    databaseUrl: site.database.url,
    openRouterControlUrl: site.openRouter.controlUrl,
    llm: site.openRouter.client(),
    models: config.models,
    pseudonymSecret: 'a secret of this test',
    reportingTimeZone: 'UTC',
    now,
    logger: createLogger('silent'),
    print: (line) => {
      site.printed.push(line);
      onLine?.();
    },
    signal,
  });
}

/** What the past left behind, in numbers. */
async function describePast({ database, openRouter }: Site) {
  const [row] = await database.handle.sql`
    select (select count(*)::int from users) as users, (select count(*)::int from interactions) as interactions,
      (select count(*)::int from ai_usage) as attempts, (select count(*)::int from ai_usage where status in ('reserved', 'unknown')) as open,
      (select coalesce(sum(cost_usd), 0)::text from ai_usage) as cost, (select min(at) from interactions) as first, (select max(at) from interactions) as last`;
  const { entries } = await openRouter.journal();
  return { row: { ...row }, billed: sumUsd(entries.map(({ costUsd }) => costUsd)), entryCount: entries.length };
}

let whole: Site;
let site: Site;
beforeAll(async () => {
  whole = await createSite();
  await layDown(whole);
});
afterAll(() => removeSite(whole));
beforeEach(async () => {
  site = await createSite();
});
afterEach(() => removeSite(site));

test('the past lies in the days before the first start, and its books agree with those of the provider to the last digit', async () => {
  const { row, billed } = await describePast(whole);
  expect(row['users']).toBeGreaterThan(3);
  expect(row['interactions']).toBeGreaterThan(10);
  expect(row['open']).toBe(0);
  expect(Number(row['first'])).toBeGreaterThanOrEqual(NOW.getTime() - (DAYS + 1) * 86_400_000);
  expect(Number(row['last'])).toBeLessThanOrEqual(NOW.getTime() + 5 * 60_000);
  expect(compareUsd(billed, String(row['cost']))).toBe(0);
  expect(compareUsd(billed, '0')).toBeGreaterThan(0);
});

test('a later start lays nothing down again, and says nothing', async () => {
  const before = await describePast(whole);
  const lines = whole.printed.length;
  await layDown(whole, { now: new Date(NOW.getTime() + 40 * 86_400_000) });
  expect(await describePast(whole)).toEqual(before);
  expect(whole.printed.length).toBe(lines);
});

test('the same seed has the same past', async () => {
  await layDown(site);
  const [one, other] = [await describePast(site), await describePast(whole)];
  expect(one).toEqual(other);
});

test('a start that is cut off between two days is taken up there, and ends with the past of one that was not', async () => {
  const controller = new AbortController();
  await expect(layDown(site, { signal: controller.signal, onLine: () => controller.abort() })).rejects.toThrow();
  const part = await describePast(site);
  const { row: { interactions } } = await describePast(whole);
  expect(part.row['interactions']).toBeGreaterThan(0);
  expect(part.row['interactions']).toBeLessThan(Number(interactions));
  await layDown(site, { now: new Date(NOW.getTime() + 3_600_000) });
  const { row, billed } = await describePast(site);
  expect(row['interactions']).toBe(interactions);
  expect(compareUsd(billed, String(row['cost']))).toBe(0);
});

test('the mark of what is done is whole after every start, with nothing left beside it', async () => {
  const marks = JSON.parse(await readFile(join(whole.dataDir, 'sandbox', 'history.json'), 'utf8')) as unknown;
  expect(marks).toEqual({ until: NOW.toISOString(), doneUntil: NOW.toISOString() });
  await expect(readFile(join(whole.dataDir, 'sandbox', 'history.json.draft'))).rejects.toThrow('ENOENT');
});
