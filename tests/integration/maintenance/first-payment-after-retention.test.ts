import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { applyRetention } from '#server/services/maintenance/apply-retention.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const KEPT = { interactions: 0, ledger: 35 };
/** Of attempts in July, which the ledger lets go, and in November. */
const COSTS = [['2026-07-03T23:58:00Z', '0.25'], ['2026-07-04T00:00:00Z', '0.5'], ['2026-11-18T08:00:00Z', '1']] as const;

let database: TestDatabase;
let userId: number;
let openId: string;

beforeEach(async () => {
  database = await createTestDatabase();
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
  userId = await seedUser(db, new Date('2026-07-01T00:00:00Z'));
  for (const [at, costUsd] of COSTS) await seedGeneration(db, { userId, startedAt: new Date(at), costUsd });
  openId = await seedGeneration(db, { userId, startedAt: new Date('2026-07-04T10:00:00Z'), status: 'unknown', costUsd: null, costSource: 'none' });
  await seedInteraction(db, { userId, at: NOW });
});
afterEach(() => database.drop());

/** What the paying user, of whom there is one, cost in a range. */
async function costOfPaying(from = '2026-07-01', to = '2026-11-20', reportingTimeZone = 'UTC'): Promise<string | null> {
  const { users } = await getEconomics({ db: database.handle.db, clock: fixedClock(new Date(NOW.getTime() + 60_000)), reportingTimeZone }, { from, to, bucket: 'month' });
  return users.costPerPayingUsd;
}
const settle = (costUsd: string) => database.handle.sql`update ai_usage set status = 'settled', cost_usd = ${costUsd}, cost_source = 'lookup' where request_id = ${openId}`;
const pay = () => seedPayment(database.handle.db, { userId, paidAt: NOW });

test('who pays for the first time brings along what they cost when the ledger does not have it any more: at once, folded, and rebuilt', async () => {
  const { db } = database.handle;
  await applyRetention(db, NOW, KEPT);
  expect(await database.handle.sql`select started_at from ai_usage where status = 'settled'`).toMatchObject([{ started_at: new Date(COSTS[2][0]) }]);
  await pay();
  expect(await costOfPaying()).toBe('1.750000000000');
  await foldRollups(db);
  expect(await costOfPaying()).toBe('1.750000000000');
  await rebuildRollups({ db, clock: fixedClock(NOW) });
  await foldRollups(db);
  expect(await costOfPaying()).toBe('1.750000000000');
});

test('a cost that is learnt after the rest of its day was let go counts once, folded or not, before the payment and after it', async () => {
  const { db } = database.handle;
  await applyRetention(db, NOW, KEPT);
  await settle('2');
  await pay();
  expect(await costOfPaying()).toBe('3.750000000000');
  // The change is folded by the same round that brings the past along.
  await foldRollups(db);
  expect(await costOfPaying()).toBe('3.750000000000');
  await applyRetention(db, NOW, KEPT);
  await rebuildRollups({ db, clock: fixedClock(NOW) });
  expect(await costOfPaying()).toBe('3.750000000000');
});

test('a row that goes while its change waits to be folded takes nothing off', async () => {
  const { db, sql } = database.handle;
  await applyRetention(db, NOW, KEPT);
  await settle('2');
  // Somebody else folds just then, so that the row goes first.
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(rollup_lock_key())`;
    await tx`delete from ai_usage where request_id = ${openId}`;
  });
  await pay();
  expect(await costOfPaying()).toBe('3.750000000000');
  await foldRollups(db);
  expect(await costOfPaying()).toBe('3.750000000000');
  expect(await sql`select 1 from payer_costs where cost_usd < 0`).toHaveLength(0);
});

test.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('days that were let go stay days of their date in %s', async (zone) => {
  const { db } = database.handle;
  await setRollupTimeZone(db, zone);
  await applyRetention(db, NOW, KEPT);
  await pay();
  const dayOf = (from: string, to: string) => costOfPaying(from, to, zone);
  // The user pays in November, so that July alone has no paying user; ranges up to the payment tell the days apart.
  const unfolded = [await dayOf('2026-07-03', '2026-11-20'), await dayOf('2026-07-04', '2026-11-20'), await dayOf('2026-07-05', '2026-11-20')];
  expect(unfolded).toEqual(['1.750000000000', '1.500000000000', '1.000000000000']);
  await foldRollups(db);
  expect([await dayOf('2026-07-03', '2026-11-20'), await dayOf('2026-07-04', '2026-11-20'), await dayOf('2026-07-05', '2026-11-20')]).toEqual(unfolded);
});
