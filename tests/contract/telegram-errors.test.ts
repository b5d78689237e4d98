import { Api, GrammyError, HttpError } from 'grammy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTestTelegram();
  await telegram.control.write(ANNA, '/start');
});
afterEach(() => telegram.close());

const send = (text = 'x') => telegram.api.sendMessage(ANNA.id, text);
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('what Telegram refuses', () => {
  test('a chat that never wrote: 400', async () => {
    const error = await failureOf(telegram.api.sendMessage(BEN.id, 'x'));
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject({
      error_code: 400,
      description: 'Bad Request: chat not found',
      method: 'sendMessage',
      payload: { chat_id: BEN.id, text: 'x' },
    });
  });

  test('a person who blocked the bot: 403, until they come back', async () => {
    await telegram.control.changeMember({ chatId: ANNA.id, from: ANNA, isBlocked: true });
    const blocked = { error_code: 403, description: 'Forbidden: bot was blocked by the user' };
    await expect(send()).rejects.toMatchObject(blocked);
    await expect(telegram.api.sendChatAction(ANNA.id, 'typing')).rejects.toMatchObject(blocked);
    await expect(telegram.control.write(ANNA, 'hi')).rejects.toMatchObject({ code: 'conflict' });
    await telegram.control.changeMember({ chatId: ANNA.id, from: ANNA, isBlocked: false });
    await expect(send()).resolves.toMatchObject({ text: 'x' });
  });

  test('a wrong token: 401, whatever the method', async () => {
    const stranger = new Api('1:wrong', { apiRoot: telegram.apiRoot });
    await expect(stranger.getMe()).rejects.toMatchObject({ error_code: 401, description: 'Unauthorized' });
    await expect(stranger.sendMessage(ANNA.id, 'x')).rejects.toMatchObject({ error_code: 401 });
  });

  test.each([
    ['nonsense', 'Not Found: method not found'],
    ['sendPhoto/extra/path', 'Not Found'],
  ])('an unknown path %s: 404', async (path, description) => {
    const response = await telegram.call(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ ok: false, error_code: 404, description });
  });

  test('a path outside of the API: 404 as JSON', async () => {
    const response = await fetch(`${telegram.apiRoot}/`);
    expect([response.status, await response.json()]).toEqual([404, { ok: false, error_code: 404, description: 'Not Found' }]);
  });

  test.each([
    ['{"chat_id":', 'application/json'],
    ['[1]', 'application/json'],
    ['no form', 'multipart/form-data'],
  ])('the unreadable body %s: 400', async (body, type) => {
    const response = await telegram.call('sendMessage', { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ ok: false, error_code: 400 });
  });

  test('a body beyond a megabyte: 413', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(1_100_000) });
    const response = await telegram.call('sendMessage', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(413);
  });

  test('arguments of a wrong type: 400 with their name', async () => {
    const response = await telegram.call(`editMessageText?chat_id=${ANNA.id}&message_id=one&text=x`);
    expect(await response.json()).toEqual({ ok: false, error_code: 400, description: 'Bad Request: parameter "message_id" is invalid' });
    await expect(telegram.call('sendMessage?text=x').then((answer) => answer.json())).resolves.toMatchObject({
      description: 'Bad Request: chat_id is empty',
    });
    const action = await telegram.call(`sendChatAction?chat_id=${ANNA.id}&action=dancing`);
    expect(await action.json()).toMatchObject({ description: 'Bad Request: wrong parameter action in request' });
  });
});

describe('ways to pass arguments', () => {
  test.each([
    ['the query string', () => telegram.call(`sendMessage?chat_id=${ANNA.id}&text=hi`)],
    [
      'an urlencoded body',
      () => telegram.call('sendMessage', { method: 'POST', body: new URLSearchParams({ chat_id: String(ANNA.id), text: 'hi' }) }),
    ],
    ['any case of the method', () => telegram.call(`SENDMESSAGE?chat_id=${ANNA.id}&text=hi`)],
    ['the test environment', () => telegram.call(`test/sendMessage?chat_id=${ANNA.id}&text=hi`)],
  ])('%s', async (_way, send) => {
    expect(await (await send()).json()).toMatchObject({ ok: true, result: { text: 'hi' } });
  });

  test('a multipart body with JSON in its fields', async () => {
    const form = new FormData();
    form.set('chat_id', String(ANNA.id));
    form.set('text', 'hi');
    form.set('reply_markup', JSON.stringify({ inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] }));
    const answer = await telegram.call('sendMessage', { method: 'POST', body: form });
    expect(await answer.json()).toMatchObject({
      ok: true,
      result: { text: 'hi', reply_markup: { inline_keyboard: [[{ callback_data: 'a' }]] } },
    });
  });
});

describe('faults on order', () => {
  test('429 carries retry_after in body and header', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 429, retryAfterSeconds: 7, times: 2 });
    await expect(send()).rejects.toMatchObject({
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    });
    expect((await telegram.call(`sendMessage?chat_id=${ANNA.id}&text=x`)).headers.get('retry-after')).toBe('7');
    await expect(send()).resolves.toMatchObject({ text: 'x' });
  });

  test('an HTML 502 of the front end is an HttpError', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'html502' });
    expect(await failureOf(send())).toBeInstanceOf(HttpError);
  });

  test('a destroyed connection is an HttpError, and nothing was sent', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'destroy' });
    expect(await failureOf(send())).toBeInstanceOf(HttpError);
    expect((await telegram.control.readChat(ANNA.id)).messages.map((message) => message.from)).toEqual(['user']);
  });

  test('a call that hangs before is not performed, and the connection ends when the faults are deleted', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before' });
    const waiting = failureOf(send());
    await expect
      .poll(() => telegram.control.journal(ANNA.id))
      .toMatchObject([{ ok: false, description: 'never performed', messageId: null }]);
    await telegram.control.clearFaults();
    expect(await waiting).toBeInstanceOf(HttpError);
    expect((await telegram.control.readChat(ANNA.id)).messages).toHaveLength(1);
  });

  test('a call that hangs after is performed, and its answer never comes', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'hang_after' });
    const waiting = failureOf(send('sent all the same'));
    await expect.poll(async () => (await telegram.control.readChat(ANNA.id)).messages.at(-1)?.text).toBe('sent all the same');
    expect(await telegram.control.journal(ANNA.id)).toMatchObject([{ ok: true, method: 'sendMessage', messageId: expect.any(Number) }]);
    await telegram.control.clearFaults();
    expect(await waiting).toBeInstanceOf(HttpError);
  });

  test('a delayed call is performed later', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'delay', delayMs: 200 });
    const startedAtMs = Date.now();
    await send();
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(190);
  });

  test('a fault can be for one chat only, and for any method', async () => {
    await telegram.control.write(BEN, '/start');
    await telegram.control.addFault({ method: '*', kind: 'error', errorCode: 403, chatId: BEN.id });
    await expect(send()).resolves.toMatchObject({ text: 'x' });
    await expect(telegram.api.sendMessage(BEN.id, 'x')).rejects.toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
  });

  test('polls can fail too, and a bot that polls goes on afterwards', async () => {
    await telegram.control.addFault({ method: 'getUpdates', kind: 'error', errorCode: 429, retryAfterSeconds: 1 });
    const bot = telegram.createBot();
    bot.command('start', (ctx) => ctx.reply('still here'));
    const running = bot.start();
    await expect.poll(async () => (await telegram.control.readChat(ANNA.id)).messages.at(-1)?.text, { timeout: 10_000 }).toBe('still here');
    await bot.stop();
    await running;
  });

  test.each([{ kind: 'error' }, { method: 'sendMessage', kind: 'nonsense' }, { method: 'sendMessage', kind: 'error', errorCode: 200 }])(
    'the malformed fault %j is refused',
    async (fault) => {
      const response = await fetch(`${telegram.controlUrl}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      expect(response.status).toBe(400);
    },
  );
});
