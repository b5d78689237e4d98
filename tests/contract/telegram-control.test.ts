import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#server/errors.ts';
import { createSandboxChat } from '#server/sandbox/chat-client.ts';
import { ChatState } from '#server/contracts/chat.ts';
import { createControlClient } from '#server/sandbox/telegram/control-client.ts';
import { startTelegramStandIn } from '#server/sandbox/telegram/create-stand-in.ts';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let directory: string;
let telegram: TestTelegram;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adtrobot-telegram-'));
  telegram = await startTestTelegram({ journalFile: join(directory, 'journal.jsonl'), stateFile: join(directory, 'state.json') });
});
afterEach(async () => {
  await telegram.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the journal', () => {
  test('has every call but polls, in order, in memory and in the file', async () => {
    await telegram.control.write(ANNA, '/start');
    const sent = await telegram.api.sendMessage(ANNA.id, 'hi');
    await telegram.api.getUpdates();
    await telegram.api.sendMessage(BEN.id, 'nobody').catch(() => undefined);
    await telegram.api.getMe();
    const entries = await telegram.control.journal();
    expect(entries).toMatchObject([
      { method: 'sendMessage', chatId: ANNA.id, payload: { chat_id: ANNA.id, text: 'hi' }, ok: true, errorCode: null, description: null, messageId: sent.message_id },
      { method: 'sendMessage', chatId: BEN.id, ok: false, errorCode: 400, description: 'Bad Request: chat not found', messageId: null },
      { method: 'getMe', chatId: null, ok: true },
    ]);
    expect(await telegram.control.journal(BEN.id)).toEqual([entries[1]]);
    await telegram.close();
    const lines = (await readFile(join(directory, 'journal.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(entries);
  });

  test('gives what came after a sequence', async () => {
    await telegram.api.getMe();
    const [first] = await telegram.control.journal();
    await telegram.api.getMyCommands();
    const response = await fetch(`${telegram.controlUrl}/journal?after=${first?.sequence}`);
    expect(await response.json()).toMatchObject({ entries: [{ method: 'getMyCommands' }] });
  });
});

describe('a restart', () => {
  test('keeps chats, unconfirmed updates and blocks, and issues no id twice', async () => {
    const first = await telegram.control.write(ANNA, 'before');
    const sent = await telegram.api.sendMessage(ANNA.id, 'answer', { reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] } });
    await telegram.control.changeMember({ chatId: BEN.id, from: BEN, isBlocked: true });
    const seen = await telegram.control.readChat(ANNA.id);
    await telegram.close();

    telegram = await startTestTelegram({ stateFile: join(directory, 'state.json') });
    expect(await telegram.control.readChat(ANNA.id)).toEqual(seen);
    expect((await telegram.api.getUpdates()).map((update) => update.update_id)).toEqual([first.updateId, first.updateId + 1]);
    await expect(telegram.api.sendMessage(BEN.id, 'x')).rejects.toMatchObject({ error_code: 403 });
    const second = await telegram.control.write(ANNA, 'after');
    expect(second.updateId).toBeGreaterThan(first.updateId + 1);
    expect(second.messageId).toBeGreaterThan(sent.message_id);
    expect((await telegram.control.readChat(ANNA.id, seen.sequence)).messages).toMatchObject([{ text: 'after' }]);
  });

  test('a change is on disk within seconds, should the process be killed', async () => {
    await telegram.control.write(ANNA, 'kept');
    await expect.poll(() => readFile(join(directory, 'state.json'), 'utf8').catch(() => ''), { timeout: 5_000 }).toContain('kept');
  });

  test('a broken memory is a fresh start, not a failure', async () => {
    await telegram.close();
    await writeFile(join(directory, 'state.json'), '{"nextUpdateId":');
    telegram = await startTestTelegram({ stateFile: join(directory, 'state.json') });
    expect((await telegram.control.readChat(ANNA.id)).messages).toEqual([]);
    await expect(telegram.control.write(ANNA, 'hi')).resolves.toBeDefined();
  });

  test('closing twice is closing once, and a poll that waits is ended', async () => {
    const waiting = telegram.api.getUpdates({ timeout: 30 }).catch((error: unknown) => error);
    await expect.poll(() => telegram.control.pending()).toMatchObject({ isPolling: true });
    await Promise.all([telegram.close(), telegram.close()]);
    expect(await waiting).toBeInstanceOf(Error);
  });

  test('a taken port and a malformed token are told at start', async () => {
    const port = Number(new URL(telegram.apiRoot).port);
    await expect(startTelegramStandIn({ port, token: telegram.token })).rejects.toThrow('EADDRINUSE');
    await expect(startTelegramStandIn({ port: 0, token: 'nonsense' })).rejects.toThrow('<digits>:<secret>');
  });
});

describe('the control API', () => {
  test.each([
    ['POST', '/messages', '{"chatId":1}', 400],
    ['POST', '/messages', '{', 400],
    ['POST', '/callbacks', JSON.stringify({ chatId: ANNA.id, from: ANNA, messageId: 1, data: 'x' }), 404],
    ['GET', '/chats/nobody', undefined, 400],
    ['GET', '/chats/1?after=-1', undefined, 400],
    ['GET', '/nonsense', undefined, 404],
  ])('%s %s %s is refused with %i and a reason', async (method, path, body, status) => {
    const init = body === undefined ? { method } : { method, body, headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${telegram.controlUrl}${path}`, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  test('a chat that nobody opened is empty', async () => {
    expect(await telegram.control.readChat(1)).toMatchObject({ messages: [], isTyping: false, isBlocked: false, draft: null });
  });

  test('an answer to a forced reply is a reply to it, the next message is not', async () => {
    await telegram.control.write(ANNA, '/start');
    const asked = await telegram.api.sendMessage(ANNA.id, 'Where?', { reply_markup: { force_reply: true } });
    await telegram.control.write(ANNA, 'Here');
    await telegram.control.write(ANNA, 'Really');
    const [, , answer, next] = (await telegram.control.readChat(ANNA.id)).messages;
    expect([answer?.replyToMessageId, next?.replyToMessageId]).toEqual([asked.message_id, null]);
  });

  test('latency is added to calls, not to polls', async () => {
    await using slow = await startSlow();
    const timed = async (work: () => Promise<unknown>) => {
      const startedAtMs = Date.now();
      await work();
      return Date.now() - startedAtMs;
    };
    expect(await timed(() => slow.telegram.api.getMe())).toBeGreaterThanOrEqual(290);
    expect(await timed(() => slow.telegram.api.getUpdates())).toBeLessThan(290);
  });
});

async function startSlow() {
  const slow = await startTestTelegram({ latencyMs: 300 });
  return { telegram: slow, [Symbol.asyncDispose]: () => slow.close() };
}

describe('the chat page', () => {
  test('talks to the bot as a person of its own, in the language of the page', async () => {
    const chat = createSandboxChat({ controlUrl: telegram.controlUrl });
    expect(await chat.list(3, 0)).toMatchObject({ messages: [] });
    await chat.send(3, { text: '/start', language: 'ru' });
    const [update] = await telegram.api.getUpdates();
    expect(update?.message).toMatchObject({ from: { id: 9_000_000_003, language_code: 'ru' }, chat: { id: 9_000_000_003 }, text: '/start' });
    const sent = await telegram.api.sendMessage(9_000_000_003, '<b>Hi</b>', { parse_mode: 'HTML', reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] } });
    const state = ChatState.strict().parse(await chat.list(3, 0));
    expect(state.messages.at(-1)).toEqual({
      messageId: sent.message_id,
      from: 'bot',
      text: 'Hi',
      html: '<b>Hi</b>',
      sentAt: expect.any(String),
      buttons: [[{ text: 'A', callbackData: 'a' }]],
    });
    await chat.press(3, { messageId: sent.message_id, callbackData: 'a', language: 'en' });
    expect((await telegram.api.getUpdates()).at(-1)?.callback_query).toMatchObject({ data: 'a', from: { id: 9_000_000_003, language_code: 'en' } });
    expect((await chat.list(3, state.sequence)).messages).toEqual([]);
    expect((await chat.list(4, 0)).messages).toEqual([]);
  });

  test('a button of a message that is gone is not found', async () => {
    const chat = createSandboxChat({ controlUrl: telegram.controlUrl });
    await expect(chat.press(3, { messageId: 1, callbackData: 'a', language: 'en' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a stand-in that is down is unavailable, with no address in the message', async () => {
    const chat = createSandboxChat({ controlUrl: telegram.controlUrl });
    await telegram.close();
    const error = await chat.list(3, 0).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'unavailable', message: 'The sandbox does not answer.' });
  });

  test('a stand-in that hangs is given up in time', async () => {
    await using slow = await startSilent();
    const client = createControlClient({ controlUrl: slow.url, timeoutMs: 100 });
    await expect(client.readChat(1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

/** Accepts connections and says nothing. */
async function startSilent() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
