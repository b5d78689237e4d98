import type { Update } from 'grammy/types';
import { GrammyError } from 'grammy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;
let startedAtSeconds: number;

beforeEach(async () => {
  startedAtSeconds = Math.floor(Date.now() / 1000);
  telegram = await startTestTelegram();
});
afterEach(() => telegram.close());

describe('getUpdates', () => {
  test('gives a message as Telegram would: command entity, language, private chat, ids beyond 32 bits', async () => {
    const { updateId, messageId } = await telegram.control.write(ANNA, '/start');
    const [update] = await telegram.api.getUpdates();
    expect(update).toEqual({
      update_id: updateId,
      message: {
        message_id: messageId,
        from: { id: ANNA.id, is_bot: false, first_name: 'Анна', language_code: 'ru' },
        chat: { id: ANNA.id, type: 'private', first_name: 'Анна' },
        date: expect.any(Number),
        text: '/start',
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      },
    });
    expect(update?.message?.date).toBeGreaterThanOrEqual(startedAtSeconds);
    expect(updateId).toBeGreaterThanOrEqual(startedAtSeconds);
  });

  test('gives the same updates until they are confirmed by an offset', async () => {
    const first = await telegram.control.write(ANNA, 'one');
    const second = await telegram.control.write(BEN, 'two');
    const ids = (updates: Update[]) => updates.map((update) => update.update_id);
    expect(ids(await telegram.api.getUpdates())).toEqual([first.updateId, second.updateId]);
    expect(ids(await telegram.api.getUpdates({ limit: 1 }))).toEqual([first.updateId]);
    expect(ids(await telegram.api.getUpdates({ offset: second.updateId }))).toEqual([second.updateId]);
    expect(await telegram.control.pending()).toMatchObject({ count: 1 });
    expect(await telegram.api.getUpdates({ offset: second.updateId + 1 })).toEqual([]);
    expect(await telegram.control.pending()).toEqual({ count: 0, isPolling: false, pollCount: 4 });
  });

  test('a long poll is answered at once when somebody writes', async () => {
    const waiting = telegram.api.getUpdates({ timeout: 30 });
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: true });
    const startedAtMs = Date.now();
    await telegram.control.write(ANNA, 'hi');
    expect(await waiting).toHaveLength(1);
    expect(Date.now() - startedAtMs).toBeLessThan(5_000);
  });

  test('a client that breaks off its poll frees the place and loses nothing', async () => {
    const ending = new AbortController();
    const waiting = telegram.call('getUpdates?timeout=30', { signal: ending.signal });
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: true });
    ending.abort();
    await expect(waiting).rejects.toThrow('aborted');
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: false });
    await telegram.control.write(ANNA, 'hi');
    expect(await telegram.api.getUpdates()).toHaveLength(1);
  });

  test('of two pollers the older gets 409', async () => {
    const older = telegram.api.getUpdates({ timeout: 30 });
    const refused = expect(older).rejects.toMatchObject({
      error_code: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: true });
    expect(await telegram.api.getUpdates()).toEqual([]);
    await refused;
  });

  test('allowed_updates holds for later updates', async () => {
    await telegram.api.getUpdates({ allowed_updates: ['callback_query'] });
    await telegram.control.write(ANNA, 'unwanted');
    expect(await telegram.api.getUpdates()).toEqual([]);
    await telegram.api.getUpdates({ allowed_updates: [] });
    await telegram.control.write(ANNA, 'wanted');
    expect(await telegram.api.getUpdates()).toHaveLength(1);
  });
});

describe('a grammY bot', () => {
  test('runs by long polling: commands, buttons, forced answers and blocks reach their handlers', async () => {
    const bot = telegram.createBot();
    const seen: string[] = [];
    bot.command('start', (ctx) =>
      ctx.reply('Your sign?', { reply_markup: { inline_keyboard: [[{ text: '♌ Leo', callback_data: 'sign:leo' }]] } }),
    );
    bot.callbackQuery(/^sign:(.+)$/, async (ctx) => {
      await ctx.answerCallbackQuery();
      await ctx.reply('Your question?', { reply_markup: { force_reply: true, input_field_placeholder: 'Your question' } });
    });
    bot.on('my_chat_member', (ctx) => void seen.push(ctx.myChatMember.new_chat_member.status));
    bot.on('message:text', (ctx) => ctx.reply(`${ctx.message.text} (to ${ctx.message.reply_to_message?.text})`));
    const running = bot.start();

    const see = (after = 0) => telegram.control.readChat(ANNA.id, after);
    await telegram.control.write(ANNA, '/start');
    await expect.poll(async () => (await see()).messages.at(-1)?.buttons).toEqual([[{ text: '♌ Leo', callbackData: 'sign:leo' }]]);
    const asked = (await see()).messages.at(-1);
    await telegram.control.press(ANNA, asked?.messageId ?? 0, 'sign:leo');
    await expect.poll(async () => (await see()).messages.at(-1)).toMatchObject({ isForceReply: true, placeholder: 'Your question' });
    await telegram.control.write(ANNA, 'When?');
    await expect.poll(async () => (await see()).messages.at(-1)?.text).toBe('When? (to Your question?)');

    await telegram.control.changeMember({ chatId: ANNA.id, from: ANNA, isBlocked: true });
    await telegram.control.changeMember({ chatId: ANNA.id, from: ANNA, isBlocked: false });
    await expect.poll(() => seen).toEqual(['kicked', 'member']);
    await bot.stop();
    await running;
    expect(await telegram.control.pending()).toMatchObject({ count: 0, isPolling: false });
  });

  test('stops with 409 when a second one polls, and the second goes on', async () => {
    const [first, second] = [telegram.createBot(), telegram.createBot()];
    second.command('start', (ctx) => ctx.reply('second'));
    const stopped = expect(first.start()).rejects.toMatchObject({ error_code: 409, method: 'getUpdates' });
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: true });
    const running = second.start();
    await stopped;
    await telegram.control.write(ANNA, '/start');
    await expect.poll(async () => (await telegram.control.readChat(ANNA.id)).messages.at(-1)?.text).toBe('second');
    await second.stop();
    await running;
  });

  test('does not start with a revoked token', async () => {
    await telegram.control.addFault({ method: 'getMe', kind: 'error', errorCode: 401 });
    await expect(telegram.createBot().init()).rejects.toBeInstanceOf(GrammyError);
  });
});
