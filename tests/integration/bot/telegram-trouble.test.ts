import { afterEach, expect, test } from 'vitest';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { startBotRig, waitFor, type BotRig, type BotRigOptions } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';
import { allEnded, commandText, endsOf, handleUpdates, messageFrom, sentBy } from '#tests/support/updates.ts';

let rig: BotRig;
afterEach(() => rig.close());

const start = async (options: BotRigOptions & { readonly isStopped?: boolean } = {}) => (rig = await startBotRig(options));
const interactions = () => rig.database.handle.sql`select user_id, handler, outcome, error_type from interactions order by at, id`;
const attemptsAt = async (chatId: number) => (await rig.telegram.control.journal(chatId)).filter(({ method }) => method === 'sendMessage');
const fail = (errorCode: number, more: object = {}) => rig.telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode, chatId: BEN.id, ...more });

test('a short wait that Telegram asks for is waited within the attempt, and never cut short', async () => {
  await start();
  await fail(429, { retryAfterSeconds: 1 });
  await rig.ask(BEN, '/help');
  const [refused, sent] = await attemptsAt(BEN.id);
  expect(Date.parse(sent?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(990);
  expect(await endsOf(rig)).toEqual([expect.stringMatching(/ done 1$/)]);
  expect(rig.requests.filter(({ method }) => method === 'sendMessage').map(({ outcome }) => outcome)).toEqual(['rate_limited', 'ok']);
});

test('a long wait that Telegram asks for puts the update off for as long, and the chat with it, but no other chat', async () => {
  await start();
  await rig.ask(BEN, '/help');
  await fail(429, { retryAfterSeconds: 600 });
  const { updateId } = await rig.telegram.control.write(BEN, '/start');
  const waiting = await waitFor('the update to be put off', async () => {
    const [row] = await rig.database.handle.sql`select attempts, extract(epoch from available_at - now()) as seconds from inbox where update_id = ${updateId} and available_at > now()`;
    return row ?? null;
  });
  expect(waiting['attempts']).toBe(1);
  expect(Number(waiting['seconds'])).toBeGreaterThan(590);
  await rig.telegram.control.write(BEN, '/help');
  await rig.ask(ANNA, '/help');
  expect(await rig.replies(BEN)).toHaveLength(1);
  await rig.database.handle.sql`update inbox set available_at = now() where update_id = ${updateId}`;
  rig.runtime.worker.notify();
  const replies = await rig.replies(BEN, 3);
  expect(replies[1]?.text).toContain('What is your zodiac sign?');
});

test('a Telegram that fails once inside is asked again within the attempt', async () => {
  await start();
  await fail(500);
  await rig.ask(BEN, '/help');
  expect(await endsOf(rig)).toEqual([expect.stringMatching(/ done 1$/)]);
  expect(await interactions()).toMatchObject([{ outcome: 'ok', error_type: null }]);
});

test('a message that Telegram refuses is not sent again and again: one apology, one failed row', async () => {
  await start();
  await fail(400, { description: 'Bad Request: message is too long' });
  const [apology] = await rig.ask(BEN, '/help');
  expect(apology?.text).toContain('something went wrong');
  expect(await attemptsAt(BEN.id)).toHaveLength(2);
  expect(await interactions()).toMatchObject([{ handler: 'help', outcome: 'failed', error_type: 'telegram_failed' }]);
  expect(await endsOf(rig)).toEqual([expect.stringMatching(/ failed 1$/)]);
});

test('when the apology is refused too, the update ends all the same', async () => {
  await start();
  await fail(400, { description: 'Bad Request: message is too long', times: 2 });
  await rig.telegram.control.write(BEN, '/help');
  await waitFor('the end', async () => ((await interactions()).length === 1 ? true : null));
  expect(await attemptsAt(BEN.id)).toHaveLength(2);
  const [reply] = await rig.ask(BEN, '/help');
  expect(reply?.text).toContain('What I can do');
});

test('whoever blocked the bot in the middle of a reading is marked and hears nothing more', async () => {
  await start();
  await rig.ask(BEN, '/help');
  await fail(403, { times: 9 });
  await rig.telegram.control.write(BEN, '/tarot Shall I move?');
  await waitFor('the end', async () => ((await interactions()).length === 2 ? true : null));
  expect((await interactions())[1]).toMatchObject({ outcome: 'failed', error_type: 'user_blocked' });
  expect(await attemptsAt(BEN.id)).toHaveLength(2);
  const [usage] = await rig.database.handle.sql`select status, disposition from ai_usage`;
  expect(usage).toMatchObject({ status: 'settled', disposition: 'undelivered' });
});

test('a chat that Telegram does not know any more counts as blocked', async () => {
  await start();
  const stranger = { id: 7_123_000_001, firstName: 'Gone', languageCode: 'en' };
  await handleUpdates(rig, messageFrom(1, stranger, commandText('/help')));
  const rows = await rig.database.handle.sql`select 1 from users where blocked_at is not null and telegram_user_id = ${stranger.id}`;
  expect(rows).toHaveLength(1);
  expect(await endsOf(rig)).toEqual(['1 failed 1']);
});

test('a reading of which only a later part fails is not paid for again, and comes whole in the end', async () => {
  await start();
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  await rig.press(BEN, menu, 'tarot:card');
  await rig.database.handle.sql`update tarot_spreads set text = ${'word '.repeat(1_500)}`;
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'delay', delayMs: 1, chatId: BEN.id });
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'destroy', chatId: BEN.id });
  const messages = await rig.press(BEN, menu, 'tarot:card', 2);
  await allEnded(rig);
  expect(messages.at(-1)?.text.endsWith('word')).toBe(true);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
});

test('neither a refused "typing" nor an answer to a button that came too late harms a reading', async () => {
  await start();
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  await rig.telegram.control.addFault({ method: 'sendChatAction', kind: 'error', errorCode: 400, times: 9 });
  await rig.telegram.control.addFault({ method: 'answerCallbackQuery', kind: 'error', errorCode: 400, description: 'Bad Request: query is too old' });
  const [reading] = await rig.press(BEN, menu, 'tarot:card');
  expect(reading?.text).toContain('Your card of the day');
  expect((await interactions()).every(({ outcome }) => outcome === 'ok')).toBe(true);
});

test('an update that is given up is told of in the language of its user and counted as theirs', async () => {
  await start({ isStopped: true });
  const { updateId } = await rig.telegram.control.write(ANNA, '/tarot');
  await storeUpdates(rig.generations.db, [messageFrom(updateId, ANNA, commandText('/tarot'))], new Date());
  await rig.database.handle.sql`update inbox set attempts = 10`;
  rig.runtime.worker.start();
  await allEnded(rig);
  expect((await sentBy(rig, ANNA.id)).map(({ text }) => text)).toEqual([expect.stringContaining('Простите')]);
  const [user] = await rig.database.handle.sql`select id from users where telegram_user_id = ${ANNA.id}`;
  expect(await interactions()).toMatchObject([{ user_id: user?.['id'], outcome: 'failed', error_type: 'internal' }]);
});
