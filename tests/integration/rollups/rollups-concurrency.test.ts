import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { recountOverview } from '#tests/support/naive-overview.ts';
import { dumpRollups } from '#tests/support/rollups.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-03T12:34:56.789Z');
const HOUR_MS = 3_600_000;
const WRITERS = 12;
const ROUNDS = 25;
const USERS = 6;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: WRITERS + 4 });
  await database.handle.sql`select ensure_interactions_partitions('2026-10-01', '2026-12-01')`;
});
afterAll(() => database.drop());

const overview = () => getOverview({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, { range: '7d' });

/** Reserves, settles, delivers and handles, many times, as a writer of the ledger does. */
async function write(writer: number, userIds: readonly number[]): Promise<void> {
  const { db } = database.handle;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = new Date(NOW.getTime() - ((writer * ROUNDS + round) % 48) * HOUR_MS - round - 1);
    const userId = userIds[(writer + round) % USERS] ?? 0;
    const requestId = await seedGeneration(db, { startedAt, userId, status: 'reserved', costUsd: null, costSource: 'none', durationMs: null, promptTokens: null, completionTokens: null });
    await db.execute(`update ai_usage set status = 'settled', cost_usd = 0.000000000001 * ${round + 1}, cost_source = 'billed', duration_ms = 900, prompt_tokens = 3, disposition = 'undelivered' where request_id = '${requestId}'`);
    await db.execute(`update ai_usage set disposition = 'delivered' where request_id = '${requestId}'`);
    await seedInteraction(db, { at: startedAt, userId, ...(round % 7 === 0 ? { outcome: 'failed', errorType: 'ai_failed' } : {}) });
    if (round % 10 === writer % 10) await seedPayment(db, { userId, paidAt: startedAt });
  }
}

test('many writers, folding, rebuilding and readers at once meet no deadlock and lose nothing', { timeout: 120_000 }, async () => {
  const { db, sql } = database.handle;
  const userIds: number[] = [];
  for (let user = 0; user < USERS; user += 1) userIds.push(await seedUser(db));
  let isWriting = true;
  const meanwhile = async (work: () => Promise<unknown>) => {
    while (isWriting) await work();
  };
  let seen = 0;
  const reading = async () => {
    const { generations } = await overview();
    // Attempts are only ever added, so no reader may see fewer than one before it.
    expect(generations.totalCount).toBeGreaterThanOrEqual(seen);
    seen = generations.totalCount;
  };
  const background = Promise.all([
    meanwhile(() => foldRollups(db, 40)),
    meanwhile(() => rebuildRollups({ db, clock: fixedClock(NOW) })),
    meanwhile(reading),
  ]);
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer, userIds))).finally(() => (isWriting = false));
  await background;
  const range = { from: new Date(NOW.getTime() - 7 * 24 * HOUR_MS), to: NOW, now: NOW };
  const naive = await recountOverview(sql, range);
  expect(naive.generations.totalCount).toBe(WRITERS * ROUNDS);
  expect(await overview()).toMatchObject({ cost: naive.cost, generations: naive.generations, tokens: naive.tokens, activeUsers: naive.activeUsers });
  await foldRollups(db);
  expect(await overview()).toMatchObject({ cost: naive.cost, generations: naive.generations, tokens: naive.tokens, activeUsers: naive.activeUsers });
  const folded = await dumpRollups(sql);
  await rebuildRollups({ db, clock: fixedClock(NOW) });
  expect(await dumpRollups(sql)).toEqual(folded);
  const [counts] = await sql<{ deadlocks: string }[]>`select deadlocks from pg_stat_database where datname = current_database()`;
  expect(Number(counts?.deadlocks)).toBe(0);
});

test('a row is in the report the moment its transaction commits, and not before', async () => {
  const { db } = database.handle;
  const before = (await overview()).generations.totalCount;
  await db.transaction(async (tx) => {
    await seedGeneration(tx, { startedAt: new Date(NOW.getTime() - HOUR_MS) });
    expect((await overview()).generations.totalCount).toBe(before);
  });
  expect((await overview()).generations.totalCount).toBe(before + 1);
});

test('what a transaction that was rolled back wrote is in no report', async () => {
  const { db } = database.handle;
  const before = await overview();
  await db.transaction(async (tx) => {
    await seedGeneration(tx, { startedAt: new Date(NOW.getTime() - HOUR_MS) });
    throw new Error('rolled back');
  }).catch(() => undefined);
  await foldRollups(db);
  expect((await overview()).generations).toEqual(before.generations);
});
