import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTestTelegram();
  await telegram.control.write(ANNA, '/start');
});
afterEach(() => telegram.close());

const keyboard = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] };
const block = (from: typeof ANNA, isBlocked: boolean) => telegram.control.changeMember({ chatId: from.id, from, isBlocked });
const lastUpdate = async () => (await telegram.api.getUpdates()).at(-1);

async function control(method: string, path: string, body?: string) {
  const init = body === undefined ? { method } : { method, body, headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${telegram.controlUrl}${path}`, init);
  return { status: response.status, content: await response.json() };
}

describe('people who write at the same time', () => {
  test('get ids of their own, in the order in which the bot sees the updates', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({ id: 100 + index, firstName: `P${index}` }));
    const sent = await Promise.all(people.flatMap((person) => [telegram.control.write(person, 'a'), telegram.control.write(person, 'b')]));
    expect(new Set(sent.map(({ updateId }) => updateId)).size).toBe(40);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(40);
    const updates = (await telegram.api.getUpdates()).slice(1);
    const updateIds = updates.map(({ update_id }) => update_id);
    expect(updateIds).toEqual(sent.map(({ updateId }) => updateId).sort((left, right) => left - right));
    const messageIds = updates.map(({ message }) => message?.message_id ?? 0);
    expect(messageIds).toEqual([...messageIds].sort((left, right) => left - right));
  });

  test('see only their own chat', async () => {
    await telegram.control.write(BEN, 'secret');
    const { messages } = await telegram.control.readChat(ANNA.id);
    expect(messages.map(({ text }) => text)).toEqual(['/start']);
  });
});

describe('a pressed button', () => {
  test("of a person's own or another chat's message is not found", async () => {
    const { messageId } = await telegram.control.write(ANNA, 'mine');
    await expect(telegram.control.press(ANNA, messageId, 'a')).rejects.toMatchObject({ code: 'not_found' });
    const sent = await telegram.api.sendMessage(ANNA.id, 'x', { reply_markup: keyboard });
    await expect(telegram.control.press(BEN, sent.message_id, 'a')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('carries the same chat_instance for a chat, another for another, and a new id each time', async () => {
    await telegram.control.write(BEN, '/start');
    const queries = [];
    for (const person of [ANNA, ANNA, BEN]) {
      const sent = await telegram.api.sendMessage(person.id, 'x', { reply_markup: keyboard });
      await telegram.control.press(person, sent.message_id, 'a');
      queries.push((await lastUpdate())?.callback_query);
    }
    const [first, second, third] = queries;
    expect(second?.chat_instance).toBe(first?.chat_instance);
    expect(third?.chat_instance).not.toBe(first?.chat_instance);
    expect(new Set(queries.map((query) => query?.id)).size).toBe(3);
  });

  test('shows the bot its message as it is after an edit', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'before', { reply_markup: keyboard });
    await telegram.api.editMessageText(ANNA.id, sent.message_id, 'after');
    await telegram.control.press(ANNA, sent.message_id, 'a');
    const message = (await lastUpdate())?.callback_query?.message;
    expect(message).toMatchObject({ text: 'after', edit_date: expect.any(Number) });
    expect(message).not.toHaveProperty('reply_markup');
  });

  test('is refused while the bot is blocked', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'x', { reply_markup: keyboard });
    await block(ANNA, true);
    await expect(telegram.control.press(ANNA, sent.message_id, 'a')).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a block', () => {
  test('tells the bot who is out, and what the state was before', async () => {
    await block(ANNA, true);
    expect((await lastUpdate())?.my_chat_member).toEqual({
      chat: { id: ANNA.id, type: 'private', first_name: 'Анна' },
      from: { id: ANNA.id, is_bot: false, first_name: 'Анна', language_code: 'ru' },
      date: expect.any(Number),
      old_chat_member: { status: 'member', user: expect.objectContaining({ id: 7_123_456_789, is_bot: true }) },
      new_chat_member: { status: 'kicked', user: expect.objectContaining({ id: 7_123_456_789 }), until_date: 0 },
    });
    await block(ANNA, false);
    expect((await lastUpdate())?.my_chat_member).toMatchObject({ old_chat_member: { status: 'kicked' }, new_chat_member: { status: 'member' } });
  });

  test('keeps the messages, and shows in the chat until it ends', async () => {
    await block(ANNA, true);
    expect(await telegram.control.readChat(ANNA.id)).toMatchObject({ isBlocked: true, messages: [{ text: '/start' }] });
    await block(ANNA, false);
    expect(await telegram.control.readChat(ANNA.id)).toMatchObject({ isBlocked: false });
  });
});

describe('what a person sees', () => {
  test('is what changed after a sequence, each change once', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'one', { reply_markup: keyboard });
    await telegram.api.sendMessage(ANNA.id, 'two');
    const { sequence } = await telegram.control.readChat(ANNA.id);
    await telegram.api.editMessageReplyMarkup(ANNA.id, sent.message_id);
    const changed = await telegram.control.readChat(ANNA.id, sequence);
    expect(changed.messages).toMatchObject([{ text: 'one', buttons: [] }]);
    expect((await telegram.control.readChat(ANNA.id, changed.sequence)).messages).toEqual([]);
  });

  test('has their own words as they are, never as HTML', async () => {
    await telegram.control.write(ANNA, '<b>me</b>');
    expect((await telegram.control.readChat(ANNA.id)).messages.at(-1)).toMatchObject({ text: '<b>me</b>', html: null });
  });

  test('takes over a new name from the next message on', async () => {
    await telegram.control.write({ ...ANNA, firstName: 'Аня' }, 'hi');
    expect(await telegram.api.sendMessage(ANNA.id, 'x')).toMatchObject({ chat: { first_name: 'Аня' } });
  });
});

describe('an edit', () => {
  test.each([[{ force_reply: true as const }], [{ keyboard: [[{ text: 'A' }]] }], [{ remove_keyboard: true as const }]])(
    'cannot set %j',
    async (markup) => {
      const sent = await telegram.api.sendMessage(ANNA.id, 'x', { reply_markup: keyboard });
      const response = await telegram.call('editMessageText', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chat_id: ANNA.id, message_id: sent.message_id, text: 'y', reply_markup: markup }),
      });
      expect(await response.json()).toEqual({ ok: false, error_code: 400, description: 'Bad Request: inline keyboard expected' });
      expect((await telegram.control.readChat(ANNA.id)).messages.at(-1)).toMatchObject({ text: 'x', editedAt: null });
    },
  );

  test('changes nothing when only the order of fields differs', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, '<b>x</b>', { parse_mode: 'HTML' });
    await expect(
      telegram.api.editMessageText(ANNA.id, sent.message_id, 'x', { entities: [{ length: 1, offset: 0, type: 'bold' }] }),
    ).rejects.toMatchObject({ description: expect.stringContaining('message is not modified') });
  });

  test('that fails to parse leaves the message as it was', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'x');
    await expect(telegram.api.editMessageText(ANNA.id, sent.message_id, '<b>', { parse_mode: 'HTML' })).rejects.toMatchObject({ error_code: 400 });
    await expect(telegram.api.editMessageText(ANNA.id, sent.message_id, 'я'.repeat(4097))).rejects.toMatchObject({
      description: 'Bad Request: message is too long',
    });
    expect((await telegram.control.readChat(ANNA.id)).messages.at(-1)).toMatchObject({ text: 'x', editedAt: null });
  });

  test('needs the id of a message', async () => {
    expect(await (await telegram.call(`editMessageText?chat_id=${ANNA.id}&text=x`)).json()).toMatchObject({
      error_code: 400,
      description: 'Bad Request: message identifier is not specified',
    });
  });
});

describe('the control API refuses', () => {
  const person = (more: object) => JSON.stringify({ chatId: ANNA.id, from: { ...ANNA, ...more }, text: 'x' });
  test.each([
    ['a text of 4097', '/messages', JSON.stringify({ chatId: ANNA.id, from: ANNA, text: 'я'.repeat(4097) }), 400],
    ['an empty text', '/messages', JSON.stringify({ chatId: ANNA.id, from: ANNA, text: '' }), 400],
    ['a person without a name', '/messages', person({ firstName: '' }), 400],
    ['a person with a negative id', '/messages', person({ id: -1 }), 400],
    ['an id beyond what numbers hold', '/messages', person({ id: 2 ** 53 }), 400],
    ['a body beyond 100 kB', '/messages', JSON.stringify({ text: 'x'.repeat(110_000) }), 413],
    ['65 letters in a button', '/callbacks', JSON.stringify({ chatId: 1, from: ANNA, messageId: 1, data: 'x'.repeat(65) }), 400],
    ['a block that is no truth', '/members', JSON.stringify({ chatId: 1, from: ANNA, isBlocked: 'yes' }), 400],
    ['a fault that lasts too long', '/faults', JSON.stringify({ method: '*', kind: 'delay', delayMs: 600_001 }), 400],
  ])('%s', async (_what, path, body, status) => {
    expect(await control('POST', path, body)).toEqual({ status, content: { error: expect.any(String) } });
    expect(await telegram.control.pending()).toMatchObject({ count: 1 });
  });

  test.each([['/chats/%E0%A4%A'], ['/journal?after=x'], ['/journal?chatId=x'], ['/chats/1.5']])('to read %s', async (path) => {
    expect(await control('GET', path)).toEqual({ status: 400, content: { error: expect.any(String) } });
  });
});
