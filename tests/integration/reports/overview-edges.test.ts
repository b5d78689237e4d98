import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import type { OverviewInput } from '#server/contracts/overview.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { readGauges } from '#server/services/reports/read-gauges.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const hoursAgo = (hours: number, besideMs = 0) => new Date(NOW.getTime() - hours * HOUR_MS + besideMs);
const iso = (hours: number) => hoursAgo(hours).toISOString();
const OPEN = { costUsd: null, costSource: 'none' } as const;

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => database.drop());

const overview = (input: OverviewInput = {}, reportingTimeZone = 'UTC') => getOverview({ db, clock: fixedClock(NOW), reportingTimeZone }, input);
const gauges = () => readGauges({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' });
const unfinished = async (input: OverviewInput) => (await overview(input)).costOverTime.filter((row) => row.isUnfinished).map((row) => row.startsAt);

test('a range begins with its first instant and ends before its last', async () => {
  for (const at of [hoursAgo(24), hoursAgo(24, -1), NOW, hoursAgo(0, -1)]) {
    await seedGeneration(db, { startedAt: at, costUsd: '1' });
    await seedInteraction(db, { at, userId: 1 });
  }
  const { cost, interactions } = await overview({ from: iso(24), to: iso(0) });
  expect([cost.totalUsd, interactions.totalCount]).toEqual(['2.000000000000', 2]);
});

test('an active window ends with this instant and begins after its first', async () => {
  const at = [NOW, hoursAgo(24, 1), hoursAgo(24), hoursAgo(7 * 24, 1), hoursAgo(7 * 24), hoursAgo(30 * 24, 1), hoursAgo(30 * 24), hoursAgo(0, 1)];
  for (const [index, each] of at.entries()) await seedInteraction(db, { at: each, userId: index + 1 });
  expect((await overview()).activeUsers).toEqual({ dau: 2, wau: 4, mau: 6 });
  expect((await gauges()).activeUsers).toEqual({ '24h': 2, '7d': 4, '30d': 6 });
});

test('active and paying users are counted once whatever their ids, folded and not', async () => {
  const ids = [1, 32_767, 32_768, 65_536, 100_000];
  const visit = async (hours: number, userIds: readonly number[]) => {
    for (const userId of userIds) await seedInteraction(db, { at: hoursAgo(hours), userId });
  };
  await visit(20 * DAY_HOURS, [...ids, 70_000]);
  await visit(3 * DAY_HOURS, ids);
  await foldRollups(db);
  await visit(2, [...ids, 131_072]);
  await visit(0.01, [1, 32_768, 200_000]);
  for (const userId of [32_768, 70_000, 150_000]) await seedPayment(db, { userId, paidAt: hoursAgo(2 * DAY_HOURS) });
  const { activeUsers, cost } = await overview({ range: '30d' });
  expect(activeUsers).toEqual({ dau: 7, wau: 7, mau: 8 });
  expect([cost.activeUserCount, cost.payingUserCount]).toEqual([8, 2]);
});

test('a user is active once, however much they did, and failures are activity too', async () => {
  for (let hour = 1; hour < 20; hour += 1) await seedInteraction(db, { at: hoursAgo(hour), userId: 5, outcome: 'failed', errorType: 'ai_failed' });
  expect((await overview()).activeUsers).toEqual({ dau: 1, wau: 1, mau: 1 });
});

test('the running day is unfinished, and so are those to come; a past range has none', async () => {
  expect(await unfinished({ from: iso(3 * DAY_HOURS), to: iso(-2 * DAY_HOURS) })).toEqual(
    ['2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
  );
  expect(await unfinished({ range: '7d' })).toEqual(['2026-11-20T00:00:00.000Z']);
  expect(await unfinished({ from: iso(5 * DAY_HOURS), to: iso(1) })).toEqual([]);
});

test('up to two days a range is drawn in hours, beyond in days', async () => {
  expect((await overview({ from: iso(48), to: iso(0) })).costOverTime).toHaveLength(48);
  const { range, costOverTime } = await overview({ from: new Date(NOW.getTime() - 48 * HOUR_MS - 1).toISOString(), to: iso(0) });
  expect([range.bucket, costOverTime.length]).toEqual(['day', 3]);
});

test('who pays is who has a period that overlaps the range, whether or not they paid in it', async () => {
  const period = async (costUsd: string, paidHours: number, endHours: number, refundedAt: Date | null = null) => {
    const userId = await seedUser(db);
    await seedPayment(db, { userId, paidAt: hoursAgo(paidHours), periodEndsAt: hoursAgo(endHours), refundedAt });
    await seedInteraction(db, { at: hoursAgo(15), userId });
    await seedGeneration(db, { startedAt: hoursAgo(15), userId, costUsd });
  };
  await period('1', 100, -100);
  await period('2', 19, 11);
  await period('4', 100, 20);
  await period('8', 10, -100);
  await period('16', 100, -100, hoursAgo(50));
  const { cost } = await overview({ from: iso(20), to: iso(10) });
  expect(cost).toMatchObject({ payingUserCount: 2, perPayingUserUsd: '1.500000000000', activeUserCount: 5, totalUsd: '31.000000000000' });
});

test('two periods of one user count as one payer, and their cost once', async () => {
  const userId = await seedUser(db);
  await seedPayment(db, { userId, paidAt: hoursAgo(40 * 24) });
  await seedPayment(db, { userId, paidAt: hoursAgo(11 * 24) });
  await seedInteraction(db, { at: hoursAgo(1), userId });
  await seedGeneration(db, { startedAt: hoursAgo(1), userId, costUsd: '0.5' });
  expect((await overview({ range: '30d' })).cost).toMatchObject({ payingUserCount: 1, perPayingUserUsd: '0.500000000000' });
});

test('a payer who was not active leaves the cost per payer undefined, not infinite and not zero', async () => {
  const userId = await seedUser(db);
  await seedPayment(db, { userId, paidAt: hoursAgo(48) });
  await seedGeneration(db, { startedAt: hoursAgo(1), userId, costUsd: '0.5' });
  expect((await overview()).cost).toMatchObject({ payingUserCount: 0, perPayingUserUsd: null, perActiveUserUsd: null, totalUsd: '0.500000000000' });
});

test('averages round half up at the last digit, and open attempts do not lower them', async () => {
  await seedGeneration(db, { startedAt: hoursAgo(1), costUsd: '0.000000000001' });
  await seedGeneration(db, { startedAt: hoursAgo(1), costUsd: '0.000000000002' });
  for (const status of ['void', 'unknown', 'reserved'] as const) await seedGeneration(db, { startedAt: hoursAgo(1), status, ...OPEN });
  const { cost, costByOperation } = await overview();
  expect(cost.averageUsd).toBe('0.000000000002');
  expect(costByOperation.find(({ operation }) => operation === 'tarot_card')?.averageUsd).toBe('0.000000000002');
});

test('the gauges tell what is open and since when, whatever the range of a page', async () => {
  expect(await gauges()).toMatchObject({
    activeUsers: { '24h': 0, '7d': 0, '30d': 0 },
    pendingUpdateCount: 0,
    unsettled: { reservedCount: 0, unknownCount: 0, oldestStartedAt: null },
  });
  await seedGeneration(db, { startedAt: hoursAgo(300 * 24), status: 'unknown', ...OPEN });
  await seedGeneration(db, { startedAt: hoursAgo(1), status: 'reserved', ...OPEN });
  await seedGeneration(db, { startedAt: hoursAgo(400 * 24), status: 'void', ...OPEN });
  await seedGeneration(db, { startedAt: hoursAgo(400 * 24) });
  await storeUpdates(db, [{ update_id: 1 }, { update_id: 2 }, { update_id: 3 }], NOW);
  await database.handle.sql`update inbox set status = 'failed', finished_at = now() where update_id = 2`;
  expect(await gauges()).toMatchObject({ pendingUpdateCount: 2, unsettled: { reservedCount: 1, unknownCount: 1, oldestStartedAt: hoursAgo(300 * 24) } });
});

test('all figures are of one moment, though others write meanwhile', async () => {
  let isWriting = true;
  const write = async (): Promise<void> => {
    while (isWriting) {
      await db.transaction(async (tx) => {
        await seedGeneration(tx, { startedAt: hoursAgo(1), userId: 1, costUsd: '0.1' });
        await seedInteraction(tx, { at: hoursAgo(1), userId: 1 });
      });
    }
  };
  const writing = write();
  try {
    for (let round = 0; round < 15; round += 1) {
      const { generations, interactions, costOverTime } = await overview();
      expect(interactions.totalCount).toBe(generations.totalCount);
      expect(costOverTime.reduce((sum, row) => sum + row.generationCount, 0)).toBe(generations.totalCount);
    }
  } finally {
    isWriting = false;
    await writing;
  }
});
