import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { noonClock, startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { BEN } from '#tests/support/telegram.ts';
import { allEnded, endsOf, messageFrom, privateChat, pressOf } from '#tests/support/updates.ts';

/*
 * Two replicas on one database, each with a bot, a worker and an intake of its own: whatever Telegram delivers in which
 * order and however often, every update is handled once, and the updates of a chat in their order.
 */
let rig: BotRig;
const replicas: BotRig['runtime'][] = [];
beforeAll(async () => {
  rig = await startBotRig({ isStopped: true, clock: noonClock(), worker: { pollIntervalMs: 100, concurrencyMax: 6 } });
  replicas.push(rig.runtime, rig.createRuntime());
  for (const { worker } of replicas) worker.start();
});
afterAll(() => rig.close());

const people = Array.from({ length: 5 }, (_, index) => ({ id: 7_200_000_000 + index, firstName: `P${index}`, languageCode: 'en' }));

/** What the bot sent to a chat after an entry of the journal. */
const repliesTo = async (chatId: number, after: number) =>
  (await rig.telegram.control.journal(chatId)).filter(({ sequence, method, ok }) => sequence > after && method === 'sendMessage' && ok);

let nextId = 1_000;

test('property: delivered in any batches, to either replica, twice or thrice, each update is answered once and each chat in order', async () => {
  await Promise.all(people.map((person) => rig.telegram.control.write(person, 'hello')));
  const delivery = fc.record({ chats: fc.array(fc.nat(people.length - 1), { minLength: 1, maxLength: 24 }), batch: fc.integer({ min: 1, max: 9 }), copies: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(delivery, async ({ chats, batch, copies }) => {
      const { sql } = rig.database.handle;
      await sql`truncate inbox, interactions`;
      const updates = chats.map((chat) => {
        nextId += 1;
        const person = people[chat] ?? BEN;
        return messageFrom(nextId, person, { text: 'hm' });
      });
      const before = Math.max(0, ...(await rig.telegram.control.journal()).map(({ sequence }) => sequence));
      for (let at = 0; at < updates.length; at += batch) {
        const part = updates.slice(at, at + batch);
        const stored = await Promise.all(Array.from({ length: copies }, (_, copy) => storeUpdates(rig.generations.db, copy % 2 === 0 ? part : part.toReversed(), new Date())));
        expect(stored.reduce((sum, count) => sum + count, 0)).toBe(part.length);
        for (const { worker } of replicas) worker.notify();
      }
      await allEnded(rig);
      expect(await endsOf(rig)).toEqual(updates.map(({ update_id: updateId }) => `${updateId} done 1`));
      const handled = await sql`select user_id, update_id from interactions order by at, id`;
      expect(handled).toHaveLength(updates.length);
      for (const [, rows] of Map.groupBy(handled, (row) => String(row['user_id']))) {
        const ids = rows.map((row) => Number(row['update_id']));
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      }
      for (const [chat, person] of people.entries()) {
        expect(await repliesTo(person.id, before)).toHaveLength(chats.filter((each) => each === chat).length);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('an update that Telegram delivers again after it was handled is not handled again', async () => {
  const update = messageFrom((nextId += 1), people[0] ?? BEN, { text: 'once' });
  await storeUpdates(rig.generations.db, [update], new Date());
  for (const { worker } of replicas) worker.notify();
  await allEnded(rig);
  const { sql } = rig.database.handle;
  const rows = await sql`select 1 from interactions`;
  expect(await storeUpdates(rig.generations.db, [update, update], new Date())).toBe(0);
  for (const { worker } of replicas) worker.notify();
  await allEnded(rig);
  expect(await sql`select 1 from interactions`).toHaveLength(rows.length);
});

test('a button that is pressed ten times at once opens one card of the day and one call', async () => {
  const person = people[1] ?? BEN;
  const presses = Array.from({ length: 10 }, () => pressOf((nextId += 1), person, { data: 'tarot:card' }));
  await storeUpdates(rig.generations.db, presses, new Date());
  for (const { worker } of replicas) worker.notify();
  await allEnded(rig);
  const { sql } = rig.database.handle;
  expect(await sql`select 1 from tarot_spreads`).toHaveLength(1);
  expect(await sql`select 1 from ai_usage`).toHaveLength(1);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
  const { messages } = await rig.telegram.control.readChat(person.id);
  const readings = messages.filter(({ from, text }) => from === 'bot' && text.includes('Your card of the day'));
  expect(readings).toHaveLength(10);
  expect(new Set(readings.map(({ text }) => text)).size).toBe(1);
});

test('answers to a question come in the order of the questions while other chats go on beside it', async () => {
  const [slow, quick] = [people[2] ?? BEN, people[3] ?? BEN];
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before', chatId: slow.id });
  const command = (text: string) => ({ text, entities: [{ type: 'bot_command', offset: 0, length: 5 }] });
  const updates = [
    messageFrom((nextId += 1), slow, command('/help')),
    messageFrom((nextId += 1), slow, { text: 'hm' }),
    messageFrom((nextId += 1), quick, command('/help'), privateChat(quick)),
  ];
  const before = Math.max(0, ...(await rig.telegram.control.journal()).map(({ sequence }) => sequence));
  await storeUpdates(rig.generations.db, updates, new Date());
  for (const { worker } of replicas) worker.notify();
  const meanwhile = ['pending 1', 'pending 0', 'done 1'].map((end, index) => `${updates[index]?.update_id} ${end}`);
  await waitFor('the quick answer beside the slow one', async () => ((await endsOf(rig)).slice(-3).join() === meanwhile.join() ? true : null));
  await rig.telegram.control.clearFaults();
  await allEnded(rig);
  const [first, second] = await repliesTo(slow.id, before);
  expect([first?.payload['text'], second?.payload['text']]).toEqual([expect.stringContaining('What I can do'), expect.stringContaining("I don't know")]);
  const [other] = await repliesTo(quick.id, before);
  expect(other?.sequence).toBeLessThan(first?.sequence ?? 0);
});
