import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFinisher } from '#server/bot/finish-update.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { SILENT_LOGGER } from '#tests/support/bot.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';
import { BEN } from '#tests/support/telegram.ts';
import { commandText, messageFrom } from '#tests/support/updates.ts';

let database: TestDatabase;
let userId: number;
beforeEach(async () => {
  database = await createTestDatabase();
  userId = await seedUser(database.handle.db);
});
afterEach(() => database.drop());

const finished = (updateId: number, attempts = 1) => ({
  updateId, attempts, userId, at: new Date(), handler: 'help', operation: null, outcome: 'ok', errorType: null, readingSource: null, durationMs: 1, updateAgeMs: 1,
}) as const;
async function claim(count: number): Promise<void> {
  const updates = Array.from({ length: count }, (_, index) => messageFrom(index + 1, { ...BEN, id: 100 + index }, commandText('/help')));
  await storeUpdates(database.handle.db, updates, new Date());
  await claimUpdates(database.handle.db, { limit: count, leaseMs: 60_000, now: new Date() });
}
const doneCount = async () => (await database.handle.sql`select 1 from inbox where status = 'done'`).length;
const rowCount = async () => (await database.handle.sql`select 1 from interactions`).length;

test('a hundred that end together end each once, and a second word of the same end changes nothing', async () => {
  await claim(100);
  const finish = createFinisher(database.handle.db, SILENT_LOGGER);
  const ids = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(await Promise.all(ids.map((id) => finish(finished(id))))).toEqual(ids.map(() => true));
  expect(await Promise.all(ids.map((id) => finish(finished(id))))).toEqual(ids.map(() => false));
  expect([await doneCount(), await rowCount()]).toEqual([100, 100]);
});

test('of two replicas that end the same update at once one is told that it did', async () => {
  await claim(1);
  const finishers = Array.from({ length: 4 }, () => createFinisher(database.handle.db, SILENT_LOGGER));
  const results = await Promise.all(finishers.map((finish) => finish(finished(1))));
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await rowCount()).toBe(1);
});

test('who lost the claim ends nothing', async () => {
  await claim(1);
  const finish = createFinisher(database.handle.db, SILENT_LOGGER);
  expect(await finish(finished(1, 2))).toBe(false);
  expect(await finish(finished(2))).toBe(false);
  expect([await doneCount(), await rowCount()]).toEqual([0, 0]);
});

test('a database that is away for a moment costs a moment, not the end of the update', async () => {
  await claim(2);
  const finish = createFinisher(database.handle.db, SILENT_LOGGER);
  await database.handle.sql`alter table interactions rename to interactions_away`;
  const ends = [finish(finished(1)), finish(finished(2))];
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await doneCount()).toBe(0);
  await database.handle.sql`alter table interactions_away rename to interactions`;
  expect(await Promise.all(ends)).toEqual([true, true]);
  expect([await doneCount(), await rowCount()]).toEqual([2, 2]);
});
