import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ControlMessage, Person } from '#server/sandbox/telegram/control-schemas.ts';
import { deleteUser } from '#server/services/users/delete-user.ts';
import { startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';
import { allEnded, handleUpdates, messageFrom } from '#tests/support/updates.ts';

let rig: BotRig;
beforeEach(async () => {
  rig = await startBotRig();
});
afterEach(() => rig.close());

const YES = /^delete:yes:\d+$/;
const DONE = 'I have deleted what I knew of you. Should you write to me again, we begin anew.';
const usersRows = async () => (await rig.database.handle.sql`select id::int, telegram_user_id::float8 as telegram, zodiac_sign, deleted_at from users order by id`).map((row) => ({ ...row }));
const interactions = async () => (await rig.database.handle.sql`select user_id::int, handler, outcome, error_type from interactions order by at, id`).map((row) => ({ ...row }));
const inboxOf = async (person: Person) => rig.database.handle.sql`select 1 from inbox where chat_id = ${person.id} or payload::text like ${`%${person.id}%`}`;

function only(messages: readonly ControlMessage[]): ControlMessage {
  const [message] = messages;
  if (!message) throw new Error('silence');
  return message;
}

/** A person whose sign is known asks for the deletion; gives the question. */
async function askForDeletion(person: Person): Promise<ControlMessage> {
  await rig.press(person, only(await rig.ask(person, '/start')), 'sign:leo:start');
  return only(await rig.ask(person, '/delete'));
}

test('/delete says what goes and what stays, and deletes nothing before it is confirmed', async () => {
  const question = await askForDeletion(BEN);
  for (const words of ['zodiac sign, birth data and birth place', 'What stays', 'payments with their numbers', 'cannot be undone']) expect(question.text).toContain(words);
  expect(question.text).not.toContain('premium');
  expect(question.buttons.flat().map(({ text }) => text)).toEqual(['Delete everything', 'Keep it']);
  expect(await usersRows()).toEqual([expect.objectContaining({ telegram: BEN.id, zodiac_sign: 'leo', deleted_at: null })]);
});

test('who keeps their data hears that nothing was deleted', async () => {
  const [kept] = await rig.press(BEN, await askForDeletion(BEN), 'delete:no');
  expect(kept?.text).toBe('Nothing was deleted.');
  expect(await usersRows()).toEqual([expect.objectContaining({ zodiac_sign: 'leo', deleted_at: null })]);
  expect((await interactions()).slice(-2)).toEqual([1, 2].map(() => expect.objectContaining({ handler: 'delete', outcome: 'ok' })));
});

test('a confirmed deletion is done, said, recorded under the id that stays, and leaves nothing in the inbox', async () => {
  const [told] = await rig.press(BEN, await askForDeletion(BEN), YES);
  expect(told?.text).toBe(DONE);
  const [user, ...others] = await usersRows();
  expect(others).toEqual([]);
  expect(user).toMatchObject({ zodiac_sign: null, deleted_at: expect.any(Date) as Date });
  expect(Number(user?.['telegram'])).toBeLessThan(0);
  expect((await interactions()).at(-1)).toEqual({ user_id: user?.['id'], handler: 'delete', outcome: 'ok', error_type: null });
  expect(new Set((await interactions()).map((row) => row['user_id']))).toEqual(new Set([user?.['id']]));
  expect(await inboxOf(BEN)).toEqual([]);
  await waitFor('the observer', async () => (rig.handled.length >= 4 ? true : null));
  expect(rig.handled.at(-1)).toMatchObject({ handler: 'delete', outcome: 'ok', isRecorded: true });
});

test('in Russian it is asked, confirmed and said in Russian', async () => {
  const question = await askForDeletion(ANNA);
  expect(question.text).toContain('Отменить это нельзя');
  const [told] = await rig.press(ANNA, question, YES);
  expect(told?.text).toBe('То, что я знал о вас, удалено. Если вы снова мне напишете, мы начнём заново.');
});

test('who has premium is told that it is lost, and until when it was paid', async () => {
  await rig.ask(BEN, '/help');
  await rig.database.handle.sql`update users set premium_until = '2099-03-04T12:00:00Z'`;
  expect(only(await rig.ask(BEN, '/delete')).text).toContain('Your premium lasts until March 4, 2099. It ends with the deletion');
  await rig.database.handle.sql`update users set premium_until = '2020-03-04T12:00:00Z'`;
  expect(only((await rig.ask(BEN, '/delete')).slice(-1)).text).not.toContain('premium');
});

test('a second press on the button, /delete by a stranger and a block afterwards put nobody on record', async () => {
  const question = await askForDeletion(BEN);
  await rig.press(BEN, question, YES);
  const [again] = await rig.press(BEN, question, YES);
  expect(again?.text).toBe('I know nothing of you: there is nothing to delete.');
  expect(only((await rig.ask(BEN, '/delete')).slice(-1)).text).toBe('I know nothing of you: there is nothing to delete.');
  await rig.telegram.control.changeMember({ chatId: BEN.id, from: BEN, isBlocked: true });
  await waitFor('the block', async () => (rig.handled.some(({ handler }) => handler === 'chat_member') ? true : null));
  expect(await usersRows()).toEqual([expect.objectContaining({ deleted_at: expect.any(Date) as Date })]);
  expect(rig.handled.slice(-3).map(({ handler, isRecorded }) => [handler, isRecorded])).toEqual([['delete', false], ['delete', false], ['chat_member', false]]);
});

test('who writes again begins anew, and the button of before does nothing to them', async () => {
  const question = await askForDeletion(BEN);
  await rig.press(BEN, question, YES);
  const greeting = only((await rig.ask(BEN, '/start')).slice(-1));
  expect(greeting.text).toContain('What is your zodiac sign?');
  await rig.press(BEN, greeting, 'sign:virgo:start');
  const [old] = await rig.press(BEN, question, YES);
  expect(old?.text).toBe('This button no longer works.');
  expect(await usersRows()).toMatchObject([{ zodiac_sign: null }, { telegram: BEN.id, zodiac_sign: 'virgo', deleted_at: null }]);
});

test('what was written before the deletion was done is ended with it, unanswered', async () => {
  const question = await askForDeletion(BEN);
  await rig.runtime.stop();
  await rig.telegram.control.press(BEN, question.messageId, question.buttons.flat()[0]?.callbackData ?? '');
  for (const text of ['/start', 'Shall I stay?', '/help']) await rig.telegram.control.write(BEN, text);
  rig.createRuntime({ worker: { pollIntervalMs: 50 } }).start();
  const [told] = await rig.replies(BEN, 1, question.messageId);
  await allEnded(rig);
  expect(told?.text).toBe(DONE);
  expect(await inboxOf(BEN)).toHaveLength(0);
  expect(await usersRows()).toHaveLength(1);
});

test('a deletion that the database refuses is apologised for with a button that tries it again', async () => {
  const question = await askForDeletion(BEN);
  const { sql } = rig.database.handle;
  await sql`alter table natal_charts rename to natal_charts_away`;
  const apology = only(await rig.press(BEN, question, YES));
  await sql`alter table natal_charts_away rename to natal_charts`;
  expect(apology.text).toContain('something went wrong');
  expect(await usersRows()).toMatchObject([{ telegram: BEN.id, zodiac_sign: 'leo', deleted_at: null }]);
  const [told] = await rig.press(BEN, apology, YES);
  expect(told?.text).toBe(DONE);
});

test('news of a deletion that Telegram loses once is said again, and the deletion stands though it cannot be told', async () => {
  const lose = (person: Person, times: number) => rig.telegram.control.addFault({ method: 'sendMessage', kind: 'destroy', times, chatId: person.id });
  const [ofBen, ofAnna] = [await askForDeletion(BEN), await askForDeletion(ANNA)];
  await lose(BEN, 1);
  expect(only(await rig.press(BEN, ofBen, YES)).text).toBe(DONE);
  await lose(ANNA, 9);
  await rig.telegram.control.press(ANNA, ofAnna.messageId, ofAnna.buttons.flat()[0]?.callbackData ?? '');
  await waitFor('the deletion', async () => ((await interactions()).at(-1)?.['outcome'] === 'failed' ? true : null));
  expect((await interactions()).at(-1)).toMatchObject({ handler: 'delete', error_type: 'telegram_failed' });
  expect(await usersRows()).toMatchObject([{ zodiac_sign: null }, { zodiac_sign: null }]);
  expect(await inboxOf(ANNA)).toEqual([]);
});

test('a deletion whose process dies before its end is ended by the next one, under the id that stays', async () => {
  const question = await askForDeletion(BEN);
  const { sql } = rig.database.handle;
  // What is on record when the process dies between the deletion and the end of its update.
  const data = question.buttons.flat()[0]?.callbackData ?? '';
  const [user] = await usersRows();
  await rig.runtime.stop();
  const { updateId } = await rig.telegram.control.press(BEN, question.messageId, data);
  const store = rig.createRuntime({ worker: { concurrencyMax: 0 } });
  store.start();
  await waitFor('the update', async () => ((await sql`select 1 from inbox where update_id = ${updateId}`).length > 0 ? true : null));
  await store.stop();
  await deleteUser(rig.generations.db, { userId: Number(user?.['id']), at: new Date(), updateId });
  rig.createRuntime().start();
  await allEnded(rig);
  expect((await interactions()).at(-1)).toEqual({ user_id: user?.['id'], handler: 'delete', outcome: 'ok', error_type: null });
  expect(await usersRows()).toHaveLength(1);
});

test('a reading that is on its way when its user is deleted is paid for in the ledger, and leaves no text', async () => {
  await rig.openRouter.addFault({ mode: 'slow', delayMs: 700 });
  const { sql } = rig.database.handle;
  await rig.telegram.control.write(BEN, '/tarot Shall I vanish?');
  await waitFor('the call', async () => ((await sql`select 1 from ai_usage`).length > 0 ? true : null));
  const [user] = await usersRows();
  await deleteUser(rig.generations.db, { userId: Number(user?.['id']), at: new Date(), updateId: null });
  await waitFor('the end of the call', async () => ((await sql`select 1 from ai_usage where status = 'settled'`).length > 0 ? true : null));
  await rig.runtime.stop();
  expect([...(await sql`select 1 from tarot_spreads`)]).toEqual([]);
  expect([...(await sql`select user_id::int, cost_usd > 0 as is_paid from ai_usage`)]).toEqual([{ user_id: user?.['id'], is_paid: true }]);
  expect(await inboxOf(BEN)).toEqual([]);
  expect(await usersRows()).toHaveLength(1);
});

test('a payment that arrives after the deletion is booked for who the person is then', async () => {
  await rig.press(BEN, await askForDeletion(BEN), YES);
  const payment = { currency: 'XTR', total_amount: 250, invoice_payload: 'old', telegram_payment_charge_id: 'late', provider_payment_charge_id: 'x' };
  await handleUpdates(rig, messageFrom(900_000, BEN, { successful_payment: payment }));
  const [, fresh] = await usersRows();
  expect(fresh).toMatchObject({ telegram: BEN.id, deleted_at: null });
  const [row] = await rig.database.handle.sql`select user_id::int from payments where telegram_payment_charge_id = 'late'`;
  expect(row).toEqual({ user_id: fresh?.['id'] });
});

test('the menu of commands offers the deletion', async () => {
  expect(only(await rig.ask(BEN, '/help')).text).toContain('/delete – delete what I know of you');
});
