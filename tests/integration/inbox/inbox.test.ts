import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { finishUpdates } from '#server/services/inbox/finish-updates.ts';
import { releaseAllLeases, renewLeases, rescheduleUpdate } from '#server/services/inbox/leases.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { ClaimedUpdate, FinishedUpdate } from '#server/services/inbox/types.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

const NOW = new Date();
const LEASE_MS = 10_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterEach(() => database.drop());

const message = (updateId: number, chatId: number, text = 'x') => ({
  update_id: updateId,
  message: { message_id: updateId, date: 1, chat: { id: chatId, type: 'private' }, text },
});
const claim = (now = NOW, limit = 32) => claimUpdates(db, { limit, leaseMs: LEASE_MS, now });
const idsOf = (claims: readonly ClaimedUpdate[]) => claims.map(({ updateId }) => updateId);
const finished = (updateId: number, userId: number | null, changes: Partial<FinishedUpdate> = {}): FinishedUpdate => ({
  updateId,
  attempts: 1,
  at: NOW,
  userId,
  handler: 'tarot',
  operation: 'tarot_card',
  outcome: 'ok',
  errorType: null,
  durationMs: 12,
  updateAgeMs: 34,
  ...changes,
});

test('an update that is stored twice is one row, and only the first counts as new', async () => {
  expect(await storeUpdates(db, [message(1, 10), message(2, 10)], NOW)).toBe(2);
  expect(await storeUpdates(db, [message(2, 10, 'changed'), message(3, 11)], NOW)).toBe(1);
  const rows = await database.handle.sql`select update_id, chat_id, payload->'message'->>'text' as text from inbox order by 1`;
  expect(rows.map((row) => [Number(row['update_id']), Number(row['chat_id']), row['text']])).toEqual([
    [1, 10, 'x'],
    [2, 10, 'x'],
    [3, 11, 'x'],
  ]);
});

test('storing nothing asks nothing of the database', async () => {
  expect(await storeUpdates(db, [], NOW)).toBe(0);
});

test('a character that Postgres refuses blocks neither its update nor the others', async () => {
  expect(await storeUpdates(db, [message(1, 10, 'a\u0000b\ud800c'), message(2, 11)], NOW)).toBe(2);
  const [row] = await database.handle.sql`select payload->'message'->>'text' as text from inbox where update_id = 1`;
  expect(row?.['text']).toBe('ab\ufffdc');
});

test('of each chat only the oldest update is claimed, the oldest chats first, up to the limit', async () => {
  await storeUpdates(db, [message(1, 10), message(2, 10), message(3, 11), message(4, 12), message(5, 11)], NOW);
  const first = await claim(NOW, 2);
  expect(idsOf(first)).toEqual([1, 3]);
  expect(first[0]).toMatchObject({ chatId: 10, attempts: 1, receivedAt: NOW });
  expect(first[0]?.payload).toEqual(message(1, 10));
  expect(idsOf(await claim())).toEqual([4]);
  expect(idsOf(await claim())).toEqual([]);
});

test('the next update of a chat is free only after the one before has ended', async () => {
  await storeUpdates(db, [message(1, 10), message(2, 10)], NOW);
  await claim();
  expect(idsOf(await claim())).toEqual([]);
  await finishUpdates(db, [finished(1, null)]);
  expect(idsOf(await claim())).toEqual([2]);
});

test('workers that claim at the same time share no update and no chat', async () => {
  const updates = Array.from({ length: 60 }, (_, index) => message(index + 1, 100 + (index % 20)));
  await storeUpdates(db, updates, NOW);
  const claims = (await Promise.all(Array.from({ length: 5 }, () => claim(NOW, 8)))).flat();
  expect(new Set(idsOf(claims)).size).toBe(claims.length);
  expect(new Set(claims.map(({ chatId }) => chatId)).size).toBe(claims.length);
  expect(claims.length + (await claim()).length).toBe(20);
});

test('a killed worker loses its updates when the lease ends, not before, and renewal keeps them', async () => {
  await storeUpdates(db, [message(1, 10), message(2, 11)], NOW);
  const claims = await claim();
  expect(idsOf(await claim(later(LEASE_MS)))).toEqual([]);
  await renewLeases(db, claims.slice(0, 1), later(3 * LEASE_MS));
  expect(await claim(later(LEASE_MS + 1))).toMatchObject([{ updateId: 2, attempts: 2 }]);
});

test('a worker that lost its claim can neither renew nor finish nor reschedule', async () => {
  await storeUpdates(db, [message(1, 10)], NOW);
  const [lost] = await claim();
  if (!lost) throw new Error('nothing claimed');
  const [current] = await claim(later(LEASE_MS + 1));
  expect(current?.attempts).toBe(2);
  await renewLeases(db, [lost], later(1_000_000));
  await rescheduleUpdate(db, lost, NOW);
  expect(await finishUpdates(db, [finished(1, null, { attempts: lost.attempts })])).toEqual([false]);
  const [row] = await database.handle.sql`select status, lease_until from inbox`;
  expect(row?.['status']).toBe('pending');
  expect(row?.['lease_until']).toEqual(later(2 * LEASE_MS + 1));
});

test('a rescheduled update waits for its time, and its chat waits with it', async () => {
  await storeUpdates(db, [message(1, 10), message(2, 10), message(3, 11)], NOW);
  const claims = await claim();
  await rescheduleUpdate(db, { updateId: 1, attempts: 1 }, later(5_000));
  expect(idsOf(claims)).toEqual([1, 3]);
  expect(idsOf(await claim(later(4_999)))).toEqual([]);
  expect(await claim(later(5_000))).toMatchObject([{ updateId: 1, attempts: 2 }]);
});

test('a start on a database of its own frees what the killed process held', async () => {
  await storeUpdates(db, [message(1, 10)], NOW);
  await claim();
  await releaseAllLeases(db);
  expect(idsOf(await claim())).toEqual([1]);
});

test('an update ends once, together with its interaction', async () => {
  const userId = await seedUser(db);
  await storeUpdates(db, [message(1, 10), message(2, 11)], NOW);
  await claim();
  const failure = { outcome: 'failed', errorType: 'ai_failed' } as const;
  expect(await finishUpdates(db, [finished(1, userId), finished(2, userId, failure)])).toEqual([true, true]);
  expect(await finishUpdates(db, [finished(1, userId), finished(2, userId, failure)])).toEqual([false, false]);
  const rows = await database.handle.sql`select status, finished_at, lease_until from inbox order by update_id`;
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { status: 'done', finished_at: NOW, lease_until: null },
    { status: 'failed', finished_at: NOW, lease_until: null },
  ]);
  const interactions = await database.handle.sql`select * from interactions order by update_id`;
  expect(interactions).toHaveLength(2);
  expect(interactions[0]).toMatchObject({ at: NOW, handler: 'tarot', operation: 'tarot_card', outcome: 'ok', error_type: null });
  expect(interactions[0]).toMatchObject({ duration_ms: 12, update_age_ms: 34 });
  expect(Number(interactions[0]?.['user_id'])).toBe(userId);
  expect(interactions[1]).toMatchObject({ outcome: 'failed', error_type: 'ai_failed' });
});

test('two that finish the same update at once end it once', async () => {
  const userId = await seedUser(db);
  await storeUpdates(db, [message(1, 10)], NOW);
  await claim();
  const results = await Promise.all([1, 2, 3].map(() => finishUpdates(db, [finished(1, userId)])));
  expect(results.flat().filter(Boolean)).toHaveLength(1);
  expect(await database.handle.sql`select 1 from interactions`).toHaveLength(1);
});

test('an update without a user ends without an interaction', async () => {
  await storeUpdates(db, [message(1, -100)], NOW);
  await claim();
  expect(await finishUpdates(db, [finished(1, null)])).toEqual([true]);
  expect(await database.handle.sql`select 1 from interactions`).toHaveLength(0);
});

test('an interaction that cannot be stored leaves its update pending', async () => {
  const userId = await seedUser(db);
  await storeUpdates(db, [message(1, 10)], NOW);
  await claim();
  const withoutPartition = new Date('1990-01-01T00:00:00Z');
  await expect(finishUpdates(db, [finished(1, userId, { at: withoutPartition })])).rejects.toThrow();
  const [row] = await database.handle.sql`select status from inbox`;
  expect(row?.['status']).toBe('pending');
});

test('a chat with more waiting than a claim looks at does not hide the others', async () => {
  await storeUpdates(db, Array.from({ length: 450 }, (_, index) => message(index + 1, 10)), NOW);
  await storeUpdates(db, [message(1_000, 11)], NOW);
  expect(idsOf(await claim())).toEqual([1]);
  expect(idsOf(await claim())).toEqual([1_000]);
});
