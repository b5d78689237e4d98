import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { noonClock, startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';

let rig: BotRig;
beforeEach(async () => {
  // Chance that leaves the deck in its order but for the first two cards, all upright.
  rig = await startBotRig({ clock: noonClock(), randomBelow: (below) => (below === 2 ? 0 : below - 1) });
});
afterEach(() => rig.close());

const spreads = () => rig.database.handle.sql`select kind, question, cards, text, language from tarot_spreads order by id`;

test('the card of the day is drawn once, read once, and given again for nothing', async () => {
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  const [first] = await rig.press(BEN, menu, 'tarot:card');
  const [again] = await rig.press(BEN, menu, 'tarot:card');
  expect(first?.text).toContain('Your card of the day');
  expect(first?.text).toContain('The Magician');
  expect(again?.text).toBe(first?.text);
  expect(await spreads()).toHaveLength(1);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
});

test('cards are a user’s own: two users have two cards of the day', async () => {
  for (const person of [ANNA, BEN]) {
    const [menu] = await rig.ask(person, '/tarot');
    if (menu) await rig.press(person, menu, 'tarot:card');
  }
  expect(await spreads()).toMatchObject([
    { kind: 'card_of_day', language: 'ru' },
    { kind: 'card_of_day', language: 'en' },
  ]);
});

test('a question after the button is read with three different cards', async () => {
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  const [question] = await rig.press(BEN, menu, 'tarot:three');
  expect(question).toMatchObject({ isForceReply: true, placeholder: expect.stringMatching(/\?$/) });
  const [reading] = await rig.ask(BEN, 'Will <b>it</b> & that work?');
  expect(reading?.text).toContain('Will <b>it</b> & that work?');
  expect(reading?.text).toContain('Past: The Magician');
  expect(reading?.text).toContain('Future: The High Priestess');
  const [spread] = await spreads();
  expect(spread).toMatchObject({ kind: 'three_cards', question: 'Will <b>it</b> & that work?' });
  const [other] = await rig.ask(BEN, 'and now?');
  expect(other?.text).toContain("I don't know what to do with that");
});

test('a question with the command needs no further step', async () => {
  const [reading] = await rig.ask(ANNA, '/tarot Что меня ждёт?');
  expect(reading?.text).toContain('Прошлое: Маг');
  expect(reading?.html).toContain('<i>');
});

test('a question that is too long is asked for again in words, and no card is drawn', async () => {
  const [refusal] = await rig.ask(ANNA, `/tarot ${'а'.repeat(502)}`);
  expect(refusal?.text).toContain('2 лишних знака');
  expect(refusal?.isForceReply).toBe(true);
  expect(await spreads()).toHaveLength(0);
});

test('a command ends an open question', async () => {
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  await rig.press(BEN, menu, 'tarot:three');
  await rig.ask(BEN, '/help');
  const [reply] = await rig.ask(BEN, 'What about my work?');
  expect(reply?.text).toContain("I don't know what to do with that");
  expect(await spreads()).toHaveLength(0);
});

test('a reading that was sent before a crash is not sent again when its update comes back', async () => {
  const { updateId } = await rig.telegram.control.write(BEN, '/tarot Shall I move?');
  await rig.replies(BEN);
  await waitFor('the end', async () => {
    const rows = await rig.database.handle.sql`select 1 from inbox where update_id = ${updateId} and status = 'done'`;
    return rows.length > 0 ? true : null;
  });
  // The state of a crash after the delivery and before the end.
  await rig.database.handle.sql`update inbox set status = 'pending', finished_at = null`;
  rig.runtime.worker.notify();
  await waitFor('the second end', async () => {
    const rows = await rig.database.handle.sql`select 1 from inbox where attempts = 2 and status = 'done'`;
    return rows.length > 0 ? true : null;
  });
  expect(await rig.replies(BEN)).toHaveLength(1);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
});

test('a reading that the model gave before a crash is sent after it, without another call', async () => {
  await rig.runtime.worker.stop();
  const { updateId } = await rig.telegram.control.write(BEN, '/tarot Shall I move?');
  await waitFor('the update to be stored', async () => {
    const rows = await rig.database.handle.sql`select 1 from inbox where update_id = ${updateId}`;
    return rows.length > 0 ? true : null;
  });
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before', chatId: BEN.id });
  const doomed = rig.createRuntime({ worker: { drainMs: 50, pollIntervalMs: 50 } });
  doomed.worker.start();
  await waitFor('the answer to hang', async () => ((await rig.telegram.control.journal(BEN.id)).some(({ method }) => method === 'sendMessage') ? true : null));
  await doomed.worker.stop();
  // As if its lease had ended.
  await rig.database.handle.sql`update inbox set lease_until = null`;
  rig.createRuntime({ worker: { pollIntervalMs: 50 } }).worker.start();
  const [reading] = await rig.replies(BEN);
  expect(reading?.text).toContain('Past: The Magician');
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
  await waitFor('the delivery in the ledger', async () => {
    const rows = await rig.database.handle.sql`select 1 from ai_usage where disposition = 'delivered'`;
    return rows.length === 1 ? true : null;
  });
  await rig.telegram.control.clearFaults();
});

test('what is no text is answered too', async () => {
  const sticker = { file_id: 'x', file_unique_id: 'x', type: 'regular', width: 1, height: 1, is_animated: false, is_video: false };
  const chat = { id: BEN.id, type: 'private', first_name: 'Ben' };
  const message = { message_id: 999, date: Math.floor(Date.now() / 1_000), chat, from: { id: BEN.id, is_bot: false, first_name: 'Ben' }, sticker };
  await rig.ask(BEN, '/help');
  await storeUpdates(rig.generations.db, [{ update_id: 1, message } as { update_id: number }], new Date());
  rig.runtime.worker.notify();
  const replies = await rig.replies(BEN, 2);
  expect(replies[1]?.text).toContain("I don't know what to do with that");
});
