import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError, describeError } from '#server/errors.ts';
import { createSandboxChat } from '#server/sandbox/chat-client.ts';
import { createControlClient } from '#server/sandbox/telegram/control-client.ts';
import { ANNA, startTestTelegram } from '#tests/support/telegram.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
});

/** A control API that gives the same answer to everything, and counts how often it was asked. */
async function startFixed(status: number, body: string) {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    res.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { asked, controlUrl: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/control` };
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('an answer of the control API', () => {
  test.each([
    [400, '{"error":"no text"}', 'bad_input', 'no text'],
    [404, '{"error":"no such message"}', 'not_found', 'no such message'],
    [409, '{"error":"blocked"}', 'conflict', 'blocked'],
    [409, '{}', 'conflict', 'The sandbox refused this.'],
    [413, '{"error":"too large"}', 'unavailable', 'The sandbox does not answer.'],
    [500, '{"error":"stack trace"}', 'unavailable', 'The sandbox does not answer.'],
    [500, '[]', 'unavailable', 'The sandbox does not answer.'],
    [502, '<html>', 'unavailable', 'The sandbox does not answer.'],
    [200, 'not JSON', 'unavailable', 'The sandbox does not answer.'],
    [200, '{"updateId":"one"}', 'unavailable', 'The sandbox gave an answer that makes no sense.'],
    [201, '{"updateId":1,"messageId":1}', 'unavailable', 'The sandbox does not answer.'],
  ])('%d %s is the error %s "%s"', async (status, body, code, message) => {
    const { controlUrl, asked } = await startFixed(status, body);
    const error = await errorOf(createControlClient({ controlUrl }).sendMessage({ chatId: ANNA.id, from: ANNA, text: 'hi' }));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code, message });
    expect(asked).toEqual(['POST /control/messages']);
  });

  test('is told with its status in the log', async () => {
    const { controlUrl } = await startFixed(500, '{"error":"disk full"}');
    expect(describeError(await errorOf(createControlClient({ controlUrl }).readChat(1)))).toContain('control API answered 500: disk full');
  });
});

test('what a client has not seen is asked for by sequence, all of it without one', async () => {
  const { controlUrl, asked } = await startFixed(200, '{"sequence":1,"isTyping":false,"isBlocked":false,"draft":null,"messages":[]}');
  const client = createControlClient({ controlUrl });
  await client.readChat(7);
  await client.readChat(7, 5);
  expect(asked).toEqual(['GET /control/chats/7?after=0', 'GET /control/chats/7?after=5']);
});

describe('the chat page', () => {
  test('is told when the bot was blocked there, and what is wrong with a press', async () => {
    const telegram = await startTestTelegram();
    const chat = createSandboxChat({ controlUrl: telegram.controlUrl });
    await chat.send(1, { text: 'hi', language: 'en' });
    await expect(chat.press(1, { messageId: -1, callbackData: 'a', language: 'en' })).rejects.toMatchObject({ code: 'bad_input' });
    const from = { id: 9_000_000_001, firstName: 'Guest' };
    await telegram.control.changeMember({ chatId: from.id, from, isBlocked: true });
    await expect(chat.send(1, { text: 'hi', language: 'en' })).rejects.toMatchObject({ code: 'conflict' });
    await telegram.close();
  });

  test('is named in the language of the page, anew with each message', async () => {
    const telegram = await startTestTelegram();
    const chat = createSandboxChat({ controlUrl: telegram.controlUrl });
    await chat.send(1, { text: 'hi', language: 'en' });
    await chat.send(1, { text: 'привет', language: 'ru' });
    expect((await telegram.api.getUpdates()).map(({ message }) => [message?.from?.first_name, message?.from?.language_code])).toEqual([
      ['Guest', 'en'],
      ['Гость', 'ru'],
    ]);
    await telegram.close();
  });

  test('shows what the bot types, and nothing that only the crowd needs', async () => {
    const telegram = await startTestTelegram();
    const chat = createSandboxChat({ controlUrl: telegram.controlUrl });
    await chat.send(1, { text: 'hi', language: 'en' });
    await telegram.api.sendChatAction(9_000_000_001, 'typing');
    const state = await chat.list(1, 0);
    expect(state.isTyping).toBe(true);
    expect(Object.keys(state).sort()).toEqual(['isTyping', 'messages', 'sequence']);
    expect(Object.keys(state.messages[0] ?? {}).sort()).toEqual(['buttons', 'from', 'html', 'messageId', 'sentAt', 'text']);
    await telegram.close();
  });
});
