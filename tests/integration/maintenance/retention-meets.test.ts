import type postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { applyRetention } from '#server/services/maintenance/apply-retention.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { eventually } from '#tests/support/processes.ts';
import { dumpRollups } from '#tests/support/rollups.ts';
import { seedGeneration, seedInteraction, seedUser } from '#tests/support/seed.ts';

/* Retention while somebody else uses the same tables. */
const NOW = new Date('2026-11-20T12:00:00Z');
const OLD = new Date('2026-03-03T10:00:00Z');
/** What whoever rebuilds a day holds. */
const LOCK_ROLLUPS = 'select pg_advisory_xact_lock(rollup_lock_key())';
const KEPT = { interactions: 180, ledger: 100 } as const;

let database: TestDatabase;
let userId: number;
beforeEach(async () => {
  database = await createTestDatabase();
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-01-01', '2026-12-01')`;
  userId = await seedUser(db, OLD);
  for (const at of [OLD, new Date(NOW.getTime() - 1)]) {
    await seedInteraction(db, { at, userId });
    await seedGeneration(db, { startedAt: at, userId, costUsd: '0.25' });
  }
});
afterEach(() => database.drop());

/** Runs `work` beside a transaction that has done `hold`, which goes on once somebody waits for it and `meanwhile` is done. */
async function besideTransaction<T>(hold: string, work: () => Promise<T>, meanwhile: (tx: postgres.TransactionSql) => Promise<unknown>): Promise<T> {
  const holder = connectPostgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    const working = await holder.begin(async (tx) => {
      await tx.unsafe(hold);
      const result = work();
      await eventually('somebody to wait', async () => (await tx`select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`).length > 0);
      await meanwhile(tx);
      return { result };
    });
    return await working.result;
  } finally {
    await holder.end({ timeout: 5 });
  }
}
const countOld = async () => (await database.handle.sql`select 1 from ai_usage where started_at < '2026-06-01' union all select 1 from interactions where at < '2026-05-01'`).length;

test('a month goes although a reader is at it, and whoever writes meanwhile is not kept waiting for the reader', async () => {
  const { db, sql } = database.handle;
  const write = () => seedInteraction(db, { at: NOW, userId });
  const result = await besideTransaction('select * from interactions', () => applyRetention(db, NOW, KEPT), write);
  expect(result.monthCount).toBeGreaterThan(0);
  expect(await sql`select 1 from interactions`).toHaveLength(2);
});

test('nothing goes while a day is being rebuilt', async () => {
  const { db } = database.handle;
  const attempts = () => applyRetention(db, NOW, { interactions: 0, ledger: 100 });
  const { attemptCount } = await besideTransaction(LOCK_ROLLUPS, attempts, async () => expect(await countOld()).toBe(2));
  expect(attemptCount).toBe(1);
});

test('a rebuild that waited while rows went leaves their days as they are', async () => {
  const { db, sql } = database.handle;
  await foldRollups(db);
  const before = await dumpRollups(sql);
  const letGo = (tx: postgres.TransactionSql) => tx.unsafe(`
    insert into raw_horizons (table_name, kept_from) values ('ai_usage', '2026-08-12'), ('interactions', '2026-05-01');
    delete from ai_usage where started_at < '2026-08-12'; drop table interactions_2026_03;`);
  expect(await besideTransaction(LOCK_ROLLUPS, () => rebuildRollups({ db, clock: fixedClock(NOW) }), letGo)).toBe(true);
  expect(await countOld()).toBe(0);
  expect(await dumpRollups(sql)).toEqual(before);
});

test('retention by several processes at once does it once', async () => {
  const { db } = database.handle;
  const results = await Promise.all([1, 2, 3].map(() => applyRetention(db, NOW, KEPT)));
  const sum = (of: 'monthCount' | 'attemptCount') => results.reduce((total, result) => total + result[of], 0);
  expect({ months: sum('monthCount'), attempts: sum('attemptCount') }).toEqual({ months: 4, attempts: 1 });
});
