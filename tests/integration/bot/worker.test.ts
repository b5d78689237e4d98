import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { startBotRig, waitFor, type BotRig, type BotRigOptions } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';

let rig: BotRig;
afterEach(() => rig.close());

const start = async (options: BotRigOptions & { readonly isStopped?: boolean } = {}) => (rig = await startBotRig(options));
const textFrom = (updateId: number, id: number, text: string, type = 'private') => ({
  update_id: updateId,
  message: {
    message_id: updateId,
    date: Math.floor(Date.now() / 1_000),
    chat: { id, type, first_name: 'P' },
    from: { id, is_bot: false, first_name: 'P', language_code: 'en' },
    text,
    ...(text.startsWith('/') ? { entities: [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length ?? 0 }] } : {}),
  },
});
const statuses = async () => {
  const rows = await rig.database.handle.sql`select update_id, status, attempts from inbox order by update_id`;
  return rows.map((row) => `${Number(row['update_id'])} ${String(row['status'])} ${String(row['attempts'])}`);
};
const allEnded = () =>
  waitFor('the end of all updates', async () => {
    const rows = await rig.database.handle.sql`select 1 from inbox where status = 'pending'`;
    return rows.length === 0 ? true : null;
  });

test('the updates of a chat are answered in their order', async () => {
  await start({ isStopped: true });
  const words = ['/help', 'one', '/start', 'two', '/help', '/tarot'];
  for (const word of words) await rig.telegram.control.write(BEN, word);
  rig.runtime.start();
  await allEnded();
  const replies = await rig.replies(BEN, 6);
  const kinds = replies.map(({ text }) => text.split('\n')[0]);
  expect(kinds).toEqual([
    'What I can do:',
    "I don't know what to do with that. Try one of these:",
    'Hello! I write horoscopes, read tarot cards and natal charts.',
    "I can't read that as a date. Send it like 1990-05-17 or 17.05.1990.",
    'What I can do:',
    'What shall we lay?',
  ]);
});

test('a slow chat does not hold up another', async () => {
  await start();
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before', chatId: ANNA.id });
  const { updateId } = await rig.telegram.control.write(ANNA, '/help');
  await rig.ask(BEN, '/help');
  expect(await statuses()).toContain(`${updateId} pending 1`);
  await rig.telegram.control.clearFaults();
  await rig.replies(ANNA);
});

test('an update that Telegram delivers twice is handled once', async () => {
  await start();
  await rig.runtime.worker.stop();
  const second = rig.createRuntime();
  await storeUpdates(rig.generations.db, [textFrom(1, BEN.id, '/help')], new Date());
  second.worker.start();
  await allEnded();
  expect(await storeUpdates(rig.generations.db, [textFrom(1, BEN.id, '/help')], new Date())).toBe(0);
  second.worker.notify();
  expect(await rig.database.handle.sql`select 1 from interactions`).toHaveLength(1);
});

test('what a killed worker held is worked on when its lease has ended', async () => {
  await start({ isStopped: true });
  const { updateId } = await rig.telegram.control.write(BEN, '/help');
  await storeUpdates(rig.generations.db, [textFrom(updateId, BEN.id, '/help')], new Date());
  const killed = await claimUpdates(rig.generations.db, { limit: 1, leaseMs: 700, now: new Date() });
  expect(killed).toHaveLength(1);
  const fast = rig.createRuntime({ worker: { pollIntervalMs: 50 } });
  fast.start();
  await allEnded();
  expect(await statuses()).toEqual([`${updateId} done 2`]);
  expect(await rig.replies(BEN)).toHaveLength(1);
});

test('two replicas on one database answer every update once, each chat in order', async () => {
  await start({ isStopped: true });
  const replica = rig.createRuntime();
  const updates = Array.from({ length: 40 }, (_, index) => textFrom(index + 1, 5_000 + (index % 8), index % 2 === 0 ? '/help' : 'hm'));
  await storeUpdates(rig.generations.db, updates, new Date());
  rig.runtime.worker.start();
  replica.worker.start();
  await allEnded();
  const rows = await rig.database.handle.sql`select update_id, user_id, outcome from interactions order by user_id, at, id`;
  expect(rows).toHaveLength(40);
  for (let index = 1; index < rows.length; index += 1) {
    const [before, after] = [rows[index - 1], rows[index]];
    if (before?.['user_id'] === after?.['user_id']) expect(Number(after?.['update_id'])).toBeGreaterThan(Number(before?.['update_id']));
  }
  await waitFor('the observer', async () => (rig.handled.length >= 40 ? true : null));
  expect(rig.handled).toHaveLength(40);
});

test('an update under which the process ended again and again is given up, and the user is told', async () => {
  await start({ isStopped: true });
  const { updateId } = await rig.telegram.control.write(BEN, '/horoscope');
  await storeUpdates(rig.generations.db, [textFrom(updateId, BEN.id, '/horoscope')], new Date());
  await rig.database.handle.sql`update inbox set attempts = 10`;
  rig.runtime.worker.start();
  await allEnded();
  expect(await statuses()).toEqual([`${updateId} failed 11`]);
  const [reply] = await rig.replies(BEN);
  expect(reply?.text).toContain("I'm sorry");
});

test('a group is told politely where the bot talks, and makes nobody a user', async () => {
  await start();
  await storeUpdates(rig.generations.db, [textFrom(1, -1_000_001, '/start', 'group'), textFrom(2, -1_000_001, 'hello', 'group')], new Date());
  rig.runtime.worker.notify();
  await allEnded();
  const sent = (await rig.telegram.control.journal()).filter(({ method }) => method === 'sendMessage');
  expect(sent.map(({ payload }) => String(payload['text']))).toEqual([expect.stringContaining('private chats only')]);
  expect(await rig.database.handle.sql`select 1 from users`).toHaveLength(0);
  expect(await rig.database.handle.sql`select 1 from interactions`).toHaveLength(0);
});

test('every handled update has an interaction that says what it was and how long it took', async () => {
  await start();
  await rig.ask(BEN, '/help');
  await waitFor('the observer', async () => (rig.handled.length > 0 ? true : null));
  const [row] = await rig.database.handle.sql`select * from interactions`;
  expect(row).toMatchObject({ handler: 'help', operation: null, outcome: 'ok', error_type: null });
  expect(rig.handled).toEqual([
    {
      handler: 'help',
      operation: null,
      outcome: 'ok',
      errorType: null,
      durationMs: row?.['duration_ms'],
      updateAgeMs: row?.['update_age_ms'],
      isRecorded: true,
    },
  ]);
  expect(rig.handled[0]?.updateAgeMs).toBeLessThan(5_000);
  expect(rig.requests).toContainEqual({ method: 'sendMessage', outcome: 'ok', durationMs: expect.any(Number) });
});

test('stopping waits for the update in hand and takes no further one', async () => {
  await start({ worker: { drainMs: 15_000 } });
  let stopped: Promise<unknown> | undefined;
  const updateId = await rig.generations.db.transaction(async (tx) => {
    // As long as this lasts no user can be read: the update stays in hand.
    await tx.execute('lock table users in access exclusive mode');
    const sent = await rig.telegram.control.write(BEN, '/help');
    await waitFor('the update to be taken', async () => ((await statuses()).includes(`${sent.updateId} pending 1`) ? true : null));
    stopped = Promise.all([rig.runtime.stop(), rig.runtime.stop()]);
    expect(await Promise.race([stopped, sleep(600, 'waits')])).toBe('waits');
    return sent.updateId;
  });
  await stopped;
  expect(await statuses()).toEqual([`${updateId} done 1`]);
  await storeUpdates(rig.generations.db, [textFrom(updateId + 100, ANNA.id, '/help')], new Date());
  rig.runtime.worker.start();
  rig.runtime.worker.notify();
  expect(await statuses()).toEqual([`${updateId} done 1`, `${updateId + 100} pending 0`]);
});

test('slow chats do not keep free places from a backlog', async () => {
  await start({ isStopped: true, worker: { concurrencyMax: 4 } });
  for (const id of [6_001, 6_002, 6_003]) {
    await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before', chatId: id });
  }
  const slow = [6_001, 6_002, 6_003].map((id, index) => textFrom(index + 1, id, '/help'));
  const quick = Array.from({ length: 12 }, (_, index) => textFrom(index + 10, 6_100 + index, '/help'));
  await storeUpdates(rig.generations.db, [...slow, ...quick], new Date());
  rig.runtime.worker.start();
  await waitFor('the quick ones', async () => {
    const rows = await rig.database.handle.sql`select 1 from inbox where status <> 'pending' and update_id >= 10`;
    return rows.length === quick.length ? true : null;
  });
  expect((await statuses()).slice(0, slow.length)).toEqual(['1 pending 1', '2 pending 1', '3 pending 1']);
  await rig.telegram.control.clearFaults();
  await allEnded();
});
