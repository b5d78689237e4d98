import { createServer, type IncomingMessage, type Server } from 'node:http';
import { webhookCallback } from 'grammy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

interface Received {
  readonly secret: string | string[] | undefined;
  readonly text: string;
}

let telegram: TestTelegram;
let receiver: Server | null = null;
let received: Received[] = [];

beforeEach(async () => {
  telegram = await startTestTelegram();
  received = [];
});
afterEach(async () => {
  receiver?.closeAllConnections();
  await new Promise<void>((resolve) => (receiver ? receiver.close(() => resolve()) : resolve()));
  receiver = null;
  await telegram.close();
});

/** A server that notes each update and answers with what `answer` gives. */
async function listen(
  answer: (received: Received) => { status: number; body?: object } | Promise<{ status: number; body?: object }>,
): Promise<string> {
  return serve(
    createServer((req, res) => {
      void readUpdate(req).then(async (one) => {
        received.push(one);
        const { status, body } = await answer(one);
        res.writeHead(status, { 'content-type': 'application/json' }).end(body ? JSON.stringify(body) : '');
      });
    }),
  );
}

async function serve(server: Server): Promise<string> {
  receiver = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/telegram/webhook`;
}

async function readUpdate(req: IncomingMessage): Promise<Received> {
  let body = '';
  for await (const chunk of req) body += String(chunk);
  return { secret: req.headers['x-telegram-bot-api-secret-token'], text: JSON.parse(body).message?.text ?? '' };
}

describe('setWebhook', () => {
  test('updates are posted with the secret and confirmed by a 2xx', async () => {
    const url = await listen(() => ({ status: 204 }));
    await telegram.control.write(ANNA, 'waiting already');
    await telegram.api.setWebhook(url, { secret_token: 'a-secret_1' });
    await telegram.control.write(ANNA, 'new');
    await expect
      .poll(() => received)
      .toEqual([
        { secret: 'a-secret_1', text: 'waiting already' },
        { secret: 'a-secret_1', text: 'new' },
      ]);
    await expect.poll(() => telegram.control.pending()).toMatchObject({ count: 0 });
  });

  test('a failed delivery is told, kept and tried again', async () => {
    let failuresLeft = 1;
    const url = await listen(() => ({ status: failuresLeft-- > 0 ? 500 : 200 }));
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'hi');
    await expect
      .poll(() => telegram.api.getWebhookInfo())
      .toMatchObject({
        url,
        pending_update_count: 1,
        last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
        last_error_date: expect.any(Number),
      });
    await expect.poll(() => received.map(({ text }) => text), { timeout: 10_000 }).toEqual(['hi', 'hi']);
  });

  test('one chat waits for its own delivery, others do not', async () => {
    const release = Promise.withResolvers<void>();
    const url = await listen(async ({ text }) => {
      if (text === 'slow') await release.promise;
      return { status: 200 };
    });
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'slow');
    await telegram.control.write(ANNA, 'after slow');
    await telegram.control.write(BEN, 'other chat');
    await expect.poll(() => received.map(({ text }) => text)).toEqual(['slow', 'other chat']);
    release.resolve();
    await expect.poll(() => received.map(({ text }) => text)).toEqual(['slow', 'other chat', 'after slow']);
  });

  test('the answer may itself be a call', async () => {
    const url = await listen(() => ({ status: 200, body: { method: 'sendMessage', chat_id: ANNA.id, text: 'in the answer' } }));
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'hi');
    await expect.poll(async () => (await telegram.control.readChat(ANNA.id)).messages.at(-1)?.text).toBe('in the answer');
  });

  test("grammY's webhook adapter serves the bot", async () => {
    const bot = telegram.createBot();
    bot.command('start', (ctx) => ctx.reply('by webhook'));
    const handle = webhookCallback(bot, 'http', { secretToken: 'sesame' });
    const url = await serve(createServer((req, res) => void handle(req, res)));
    await telegram.api.setWebhook(url, { secret_token: 'sesame' });
    await telegram.control.write(ANNA, '/start');
    await expect.poll(async () => (await telegram.control.readChat(ANNA.id)).messages.at(-1)?.text).toBe('by webhook');
  });

  test('while it is set, polls are refused, and a poll that waits is ended', async () => {
    const waiting = expect(telegram.api.getUpdates({ timeout: 30 })).rejects.toMatchObject({
      error_code: 409,
      description: 'Conflict: terminated by setWebhook request',
    });
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: true });
    await telegram.api.setWebhook('https://bot.example/telegram/webhook');
    await waiting;
    await expect(telegram.api.getUpdates()).rejects.toMatchObject({
      error_code: 409,
      description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    await telegram.api.deleteWebhook();
    await expect(telegram.api.getUpdates()).resolves.toEqual([]);
  });

  test('pending updates can be dropped, and are kept otherwise', async () => {
    await telegram.control.write(ANNA, 'old');
    await telegram.api.deleteWebhook();
    expect(await telegram.api.getWebhookInfo()).toEqual({ url: '', has_custom_certificate: false, pending_update_count: 1 });
    await telegram.api.deleteWebhook({ drop_pending_updates: true });
    expect(await telegram.control.pending()).toMatchObject({ count: 0 });
  });

  test('the answers say what happened', async () => {
    const describe = async (path: string) => (await (await telegram.call(path)).json()).description;
    expect(await describe('setWebhook?url=https://bot.example/')).toBe('Webhook was set');
    expect(await describe('setWebhook')).toBe('Webhook was deleted');
    expect(await describe('deleteWebhook')).toBe('Webhook is already deleted');
  });

  test.each([
    ['http://bot.example/', '', 'bad webhook: An HTTPS URL must be provided for webhook'],
    ['nonsense', '', 'bad webhook: An HTTPS URL must be provided for webhook'],
    ['https://bot.example/', 'не латиница', 'secret token contains unallowed characters'],
    ['https://bot.example/', 'x'.repeat(257), 'secret token is too long'],
  ])('%s with secret "%s" is refused', async (url, secret, reason) => {
    await expect(telegram.api.setWebhook(url, { secret_token: secret })).rejects.toMatchObject({
      error_code: 400,
      description: `Bad Request: ${reason}`,
    });
  });
});
