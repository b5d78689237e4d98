import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startRollups } from '#server/compose/start-rollups.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { Lifecycle } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const ZONE = 'Asia/Kolkata';
const WAIT = { timeout: 10_000, interval: 50 };

let database: TestDatabase;
let lifecycle: Lifecycle;
beforeEach(async () => {
  database = await createTestDatabase();
  lifecycle = new Lifecycle(createLogger('silent'));
});
afterEach(async () => {
  await lifecycle.stop();
  await database.drop();
});

const start = () => startRollups({ store: { ...database.handle, url: database.url, isOurs: false }, logger: createLogger('silent'), lifecycle }, ZONE);
const overview = () => getOverview({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: ZONE }, { range: '7d' });
const zone = async () => (await database.handle.sql`select time_zone from rollup_state`)[0]?.['time_zone'] as unknown;

test('the days become days of the reporting time zone, what has changed is folded, and reports tell the same before and after', async () => {
  const { db } = database.handle;
  await seedGeneration(db, { startedAt: new Date('2026-11-18T20:00:00Z'), costUsd: '0.5' });
  const before = await overview();
  start();
  await expect.poll(zone, WAIT).toBe(ZONE);
  await expect.poll(() => db.execute(sql`select from ledger_deltas`), WAIT).toHaveLength(0);
  expect(await database.handle.sql`select starts_at from ledger_totals where level = 2`).toMatchObject([{ starts_at: new Date('2026-11-19T00:00:00Z') }]);
  expect({ ...(await overview()), coverage: null }).toEqual({ ...before, coverage: null });
});

test('whoever writes rollups holds neither a start nor a stop up, and the next start has its turn', async () => {
  const waiting = () => database.handle.db.execute(sql`select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`);
  await database.handle.sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(rollup_lock_key())`;
    start();
    await lifecycle.stop();
    expect(await waiting()).toEqual([]);
    expect(await tx`select time_zone from rollup_state`).toEqual([{ time_zone: 'UTC' }]);
  });
  lifecycle = new Lifecycle(createLogger('silent'));
  start();
  await expect.poll(zone, WAIT).toBe(ZONE);
});
