import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { sendDigest } from '#server/services/reports/send-digest.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

/** Six in the morning UTC is nine in Moscow, of the 18th. */
const NOW = new Date('2026-11-18T06:00:00Z');
const OVERVIEW_URL = 'https://bot.example/monitoring';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
  await seedLongAgo(db);
  const yesterday = new Date('2026-11-17T12:00:00Z');
  const user = await seedUser(db, yesterday);
  await seedInteraction(db, { at: yesterday, userId: user });
  await seedInteraction(db, { at: new Date('2026-11-16T21:00:00Z'), userId: user, outcome: 'failed', errorType: 'ai_failed' });
  await seedInteraction(db, { at: new Date('2026-11-17T21:00:00Z'), userId: await seedUser(db, yesterday) });
  await seedGeneration(db, { startedAt: yesterday, userId: user, costUsd: '0.5' });
  await seedGeneration(db, { startedAt: yesterday, userId: user, status: 'unknown', costUsd: null, costSource: 'none' });
  await seedGeneration(db, { startedAt: new Date('2026-11-10T12:00:00Z'), userId: user, costUsd: '0.25' });
  await seedPayment(db, { userId: user, paidAt: yesterday, valueUsd: '3.25' });
});
afterAll(() => database.drop());

const deps = (sendToOwner: ((text: string) => Promise<void>) | null) => ({
  db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'Europe/Moscow', overviewUrl: OVERVIEW_URL, sendToOwner,
});

test('the owner is told of the last whole day of the reporting time zone, beside the same weekday a week before', async () => {
  const told: string[] = [];
  await sendDigest(deps(async (text) => void told.push(text)));
  expect(told).toEqual([
    [
      '2026-11-17 (Europe/Moscow), beside the same weekday a week before',
      'Active users: 1, new: 2',
      'AI cost: $0.5 (+100.0 %) in 2 attempts, and 1 of unknown cost',
      'Revenue: $3.25, margin: $2.75',
      'Errors: 50.0 % of 2 interactions failed',
      `See ${OVERVIEW_URL}?from=2026-11-17&to=2026-11-17&bucket=day&compare=previous`,
    ].join('\n'),
  ]);
});

test('a bot that is younger than a week is compared with nothing', async () => {
  const young = await createTestDatabase();
  await young.handle.sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
  // The last five minutes of the same weekday by the clock of Moscow.
  await seedInteraction(young.handle.db, { at: new Date('2026-11-10T20:55:00Z'), userId: 1 });
  await seedInteraction(young.handle.db, { at: new Date('2026-11-17T12:00:00Z'), userId: await seedUser(young.handle.db, new Date('2026-11-17T12:00:00Z')) });
  const told: string[] = [];
  await sendDigest({ ...deps(async (text) => void told.push(text)), db: young.handle.db });
  await young.drop();
  expect(told[0]).toMatch(/^2026-11-17 \(Europe\/Moscow\), with a week before not wholly on record\nActive users: 1, new: 1\nAI cost: \$0 in 0 attempts\n/);
});

test('what the owner is told is what the page shows for the same day', async () => {
  const told: string[] = [];
  await sendDigest(deps(async (text) => void told.push(text)));
  const overview = await getOverview(deps(null), { from: '2026-11-17', to: '2026-11-17' });
  expect(told[0]).toContain(`$${Number(overview.cost.totalUsd)} `);
  expect(told[0]).toContain(`Active users: ${overview.cost.activeUserCount},`);
});

test('a message that could not be sent fails the run, and without a chat nothing is asked', async () => {
  await expect(sendDigest(deps(() => Promise.reject(new Error('no answer'))))).rejects.toThrow('no answer');
  await expect(sendDigest(deps(null))).resolves.toBeUndefined();
});
