import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { emptyUpdates } from '#server/services/inbox/empty-updates.ts';
import { finishUpdates } from '#server/services/inbox/finish-updates.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const NOW = new Date('2026-11-01T10:00:00Z');
const PERSON = 7_000_000_077;
const OTHER = 7_000_000_078;
const GROUP = -1_001_234_567_890;

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
});
afterEach(() => database.drop());

const from = (id: number) => ({ id, is_bot: false, first_name: `name of ${id}` });
const message = (updateId: number, sender: number, more: object = {}, chat: object = { id: sender, type: 'private' }) => ({
  update_id: updateId,
  message: { message_id: updateId, date: 1, chat, from: from(sender), text: `words of ${sender}`, ...more },
});
const checkout = (updateId: number, sender: number) => ({ update_id: updateId, pre_checkout_query: { id: '1', from: from(sender), currency: 'XTR' } });
const inGroup = (updateId: number, sender: number, more: object = {}) => message(updateId, sender, more, { id: GROUP, type: 'supergroup' });
const store = (...updates: readonly { readonly update_id: number }[]) => storeUpdates(db, updates, NOW);
const empty = (running: { updateId: number; userId: number } | null = null) =>
  db.transaction((tx) => emptyUpdates(tx, { telegramUserId: PERSON, at: NOW, running }));
const claim = () => claimUpdates(db, { limit: 32, leaseMs: 10_000, now: NOW });
const rows = async () =>
  (await database.handle.sql`select update_id::int as id, status, payload, chat_id::float8 as chat from inbox order by update_id`).map((row) => ({ ...row }));
const emptied = (id: number, status = 'done', more: object = {}) => ({ id, status, chat: 0, payload: { update_id: id, ...more } });
/** Ends what may be claimed. */
async function endClaimed(outcome: 'ok' | 'failed'): Promise<boolean[]> {
  const claims = await claim();
  const rest = { at: NOW, userId: null, handler: 'help', operation: null, outcome, errorType: null, durationMs: 1, updateAgeMs: 1 } as const;
  return finishUpdates(db, claims.map(({ updateId, attempts }) => ({ updateId, attempts, ...rest })));
}

test('what a person sent is emptied whether it is done, failed or still waits, and nobody works on it any more', async () => {
  await store(message(1, PERSON));
  await endClaimed('ok');
  await store(message(2, PERSON));
  await endClaimed('failed');
  await store(message(3, PERSON), message(4, PERSON));
  await empty();
  expect(await rows()).toEqual([emptied(1), emptied(2, 'failed'), emptied(3), emptied(4)]);
  expect(await claim()).toEqual([]);
});

test('an emptied update that Telegram brings again is known, and not stored anew', async () => {
  await store(message(1, PERSON));
  await empty();
  expect(await store(message(1, PERSON))).toBe(0);
  expect(await rows()).toEqual([emptied(1)]);
});

test('the update of the deletion itself stays to be ended, under the id of who was deleted', async () => {
  await store(message(1, PERSON));
  const [running] = await claim();
  await empty({ updateId: 1, userId: 12 });
  expect(await rows()).toEqual([emptied(1, 'pending', { deleted_user_id: 12 })]);
  expect(await claim()).toEqual([]);
  const end = { updateId: 1, attempts: running?.attempts ?? 0, at: NOW, userId: 12, handler: 'delete', operation: null, outcome: 'ok', errorType: null, durationMs: 1, updateAgeMs: 1 } as const;
  expect(await finishUpdates(db, [end])).toEqual([true]);
  expect(await rows()).toEqual([emptied(1, 'done', { deleted_user_id: 12 })]);
});

test('what another worker holds of the person is ended here, and its own end comes to nothing', async () => {
  await store(message(1, PERSON));
  const [held] = await claim();
  await empty();
  const end = { updateId: 1, attempts: held?.attempts ?? 0, at: NOW, userId: 12, handler: 'tarot', operation: null, outcome: 'ok', errorType: null, durationMs: 1, updateAgeMs: 1 } as const;
  expect(await finishUpdates(db, [end])).toEqual([false]);
  expect([...(await database.handle.sql`select 1 from interactions`)]).toEqual([]);
});

test('money that is on its way is left to be booked, and what was booked already is emptied', async () => {
  await store(message(1, PERSON, { successful_payment: { telegram_payment_charge_id: 'old' } }));
  await endClaimed('ok');
  const paid = message(2, PERSON, { successful_payment: { telegram_payment_charge_id: 'new' } });
  const refunded = message(3, PERSON, { refunded_payment: { telegram_payment_charge_id: 'old' } });
  await store(paid, refunded);
  await empty();
  expect(await rows()).toEqual([emptied(1), { id: 2, status: 'pending', chat: PERSON, payload: paid }, { id: 3, status: 'pending', chat: PERSON, payload: refunded }]);
});

test('questions about payments, blocks and pressed buttons go too', async () => {
  const block = { update_id: 2, my_chat_member: { chat: { id: PERSON }, from: from(PERSON) } };
  const press = { update_id: 3, callback_query: { id: '3', from: from(PERSON), message: { message_id: 1, chat: { id: PERSON } } } };
  await store(checkout(1, PERSON), block, press);
  await empty();
  expect(await rows()).toEqual([emptied(1), emptied(2), emptied(3)]);
});

test('in a group goes what the person wrote and what quotes them, and nothing else', async () => {
  const [own, quote, foreign] = [inGroup(1, PERSON), inGroup(2, OTHER, { reply_to_message: { message_id: 1, from: from(PERSON), text: 'words' } }), inGroup(3, OTHER)];
  await store(own, quote, foreign);
  await empty();
  expect(await rows()).toEqual([emptied(1), emptied(2), { id: 3, status: 'pending', chat: GROUP, payload: foreign }]);
});

test('the updates of others stay as they are, also at the till', async () => {
  await store(message(1, OTHER), checkout(2, OTHER));
  const before = await rows();
  await empty();
  expect(await rows()).toEqual(before);
});
