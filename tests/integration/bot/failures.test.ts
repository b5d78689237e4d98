import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';

let rig: BotRig;
beforeEach(async () => {
  rig = await startBotRig({ worker: { attemptsMax: 3 } });
});
afterEach(() => rig.close());

const interactions = () => rig.database.handle.sql`select handler, operation, outcome, error_type from interactions order by at, id`;
const spreads = () => rig.database.handle.sql`select cards, text, delivered_at from tarot_spreads`;

test('a model that fails gives an apology with a retry button and a failed row, and the retry reads the same cards', async () => {
  await rig.openRouter.addFault({ mode: '502' });
  const [apology] = await rig.ask(BEN, '/tarot Shall I move?');
  if (!apology) throw new Error('silence');
  expect(apology.text).toContain("I'm sorry");
  expect(await interactions()).toMatchObject([
    { handler: 'tarot', operation: 'tarot_three_cards', outcome: 'failed', error_type: 'ai_failed' },
  ]);
  const [drawn] = await spreads();
  expect(drawn).toMatchObject({ text: null, delivered_at: null });

  const [reading] = await rig.press(BEN, apology, /^retry:spread:\d+$/);
  expect(reading?.text).toContain('Three cards');
  const after = await spreads();
  expect(after).toHaveLength(1);
  expect(after[0]?.['cards']).toEqual(drawn?.['cards']);
  expect(after[0]).toMatchObject({ text: expect.any(String), delivered_at: expect.any(Date) });
  const ledger = await rig.database.handle.sql`select status, disposition from ai_usage order by started_at`;
  expect(ledger.map((row) => row['status'])).toEqual([expect.not.stringContaining('settled'), 'settled']);
  expect(ledger[1]?.['disposition']).toBe('delivered');
});

test('nobody else can use the retry button of a user', async () => {
  await rig.openRouter.addFault({ mode: '502' });
  const [apology] = await rig.ask(BEN, '/tarot Shall I move?');
  const data = apology?.buttons.flat()[0]?.callbackData ?? '';
  const [help] = await rig.ask(ANNA, '/help');
  if (!help) throw new Error('silence');
  await rig.telegram.control.press(ANNA, help.messageId, data);
  const replies = await rig.replies(ANNA, 1, help.messageId);
  expect(replies.map(({ text }) => text)).toEqual(['Эта кнопка больше не работает.']);
  expect((await spreads())[0]).toMatchObject({ text: null });
});

test('an apology is in the language of the user', async () => {
  await rig.openRouter.addFault({ mode: 'empty_content' });
  const [apology] = await rig.ask(ANNA, '/tarot Что меня ждёт?');
  expect(apology?.text).toContain('Простите');
  expect(apology?.buttons.flat()[0]?.text).toBe('Попробовать ещё раз');
});

test('a user who blocked the bot is marked, not tried again, and free again with the next message', async () => {
  await rig.ask(BEN, '/help');
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 403, chatId: BEN.id });
  const { updateId } = await rig.telegram.control.write(BEN, '/help');
  const blocked = await waitFor('the block', async () => {
    const [row] = await rig.database.handle.sql`select blocked_at from users where blocked_at is not null`;
    return row ?? null;
  });
  expect(blocked['blocked_at']).toBeInstanceOf(Date);
  await waitFor('the end', async () => ((await interactions()).length === 2 ? true : null));
  expect((await interactions())[1]).toMatchObject({ outcome: 'failed', error_type: 'user_blocked' });
  const [row] = await rig.database.handle.sql`select attempts, status from inbox where update_id = ${updateId}`;
  expect(row).toMatchObject({ attempts: 1, status: 'failed' });
  await rig.ask(BEN, '/help');
  expect(await rig.database.handle.sql`select 1 from users where blocked_at is not null`).toHaveLength(0);
});

test('blocking and unblocking as Telegram tells it is recorded, and is no activity', async () => {
  await rig.ask(BEN, '/help');
  const [before] = await rig.database.handle.sql`select last_active_at from users`;
  await rig.telegram.control.changeMember({ chatId: BEN.id, from: BEN, isBlocked: true });
  await waitFor('the block', async () => {
    const rows = await rig.database.handle.sql`select 1 from users where blocked_at is not null`;
    return rows.length > 0 ? true : null;
  });
  await rig.telegram.control.changeMember({ chatId: BEN.id, from: BEN, isBlocked: false });
  await waitFor('the unblocking', async () => {
    const rows = await rig.database.handle.sql`select 1 from users where blocked_at is not null`;
    return rows.length === 0 ? true : null;
  });
  const [after] = await rig.database.handle.sql`select last_active_at from users`;
  expect(after?.['last_active_at']).toEqual(before?.['last_active_at']);
  await waitFor('the interactions', async () => ((await interactions()).length === 3 ? true : null));
  expect((await interactions()).slice(1)).toMatchObject([
    { handler: 'chat_member', outcome: 'ok' },
    { handler: 'chat_member', outcome: 'ok' },
  ]);
});

test('a connection that Telegram breaks does not lose the answer: the update is tried again', async () => {
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'destroy', chatId: BEN.id });
  const [reply] = await rig.ask(BEN, '/help');
  expect(reply?.text).toContain('What I can do');
  const [row] = await rig.database.handle.sql`select attempts, status from inbox`;
  expect(row).toMatchObject({ attempts: 2, status: 'done' });
  expect(await interactions()).toMatchObject([{ outcome: 'ok' }]);
});

test('a reading that was paid for is not paid for again when its sending fails', async () => {
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'destroy', chatId: BEN.id });
  const [reading] = await rig.ask(BEN, '/tarot Shall I move?');
  expect(reading?.text).toContain('Three cards');
  expect(await rig.database.handle.sql`select 1 from ai_usage`).toHaveLength(1);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
});

test('a Telegram that stays broken ends in a failed row after the last attempt', async () => {
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'destroy', chatId: BEN.id, times: 50 });
  await rig.telegram.control.write(BEN, '/help');
  await waitFor('the end', async () => ((await interactions()).length === 1 ? true : null));
  expect(await interactions()).toMatchObject([{ handler: 'help', outcome: 'failed', error_type: 'telegram_failed' }]);
  const [row] = await rig.database.handle.sql`select attempts, status from inbox`;
  expect(row).toMatchObject({ attempts: 3, status: 'failed' });
});

test('markup that Telegram refuses is sent again as plain text', async () => {
  const description = "Bad Request: can't parse entities: Unsupported start tag";
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 400, description, chatId: BEN.id });
  const [reading] = await rig.ask(BEN, '/tarot Shall I move?');
  expect(reading?.text).toContain('Three cards');
  expect(await interactions()).toMatchObject([{ outcome: 'ok' }]);
});

test('without a key the user hears that readings are off', async () => {
  await rig.runtime.stop();
  rig.createRuntime({ llm: null }).start();
  const [reply] = await rig.ask(BEN, '/tarot Shall I move?');
  expect(reply?.text).toContain('switched off');
  expect(await interactions()).toMatchObject([{ outcome: 'failed', error_type: 'ai_disabled' }]);
});

test('a handler that hangs is ended by the deadline, the user is told, and nothing is sent after that', async () => {
  await rig.runtime.stop();
  rig.createRuntime({ deadlineMs: 2_000 }).start();
  await rig.openRouter.addFault({ mode: 'slow', delayMs: 4_000 });
  const [apology] = await rig.ask(BEN, '/tarot Shall I move?');
  expect(apology?.text).toContain("I'm sorry");
  expect(await interactions()).toMatchObject([{ handler: 'tarot', outcome: 'failed', error_type: 'internal' }]);
  await waitFor('the late answer', async () => ((await spreads())[0]?.['text'] ? true : null));
  expect(await rig.replies(BEN)).toHaveLength(1);
});

test('a database connection that breaks under an update costs an attempt, not the answer', async () => {
  await rig.ask(BEN, '/help');
  const { sql } = rig.database.handle;
  const onlooker = openDatabase({ url: rig.database.url });
  await sql.begin(async (tx) => {
    await tx`lock table users in access exclusive mode`;
    await rig.telegram.control.write(BEN, '/start');
    await waitFor('a statement that waits for the lock', async () => {
      const rows = await onlooker.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%users%'`;
      return rows.length > 0 ? true : null;
    });
  });
  await onlooker.close();
  const replies = await rig.replies(BEN, 2);
  expect(replies[1]?.text).toContain('What is your zodiac sign?');
  await waitFor('the end', async () => ((await interactions()).length === 2 ? true : null));
  expect((await interactions())[1]).toMatchObject({ handler: 'start', outcome: 'ok' });
});
