import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTestTelegram();
  await telegram.control.write(ANNA, '/start');
});
afterEach(() => telegram.close());

const lastSeen = async () => (await telegram.control.readChat(ANNA.id)).messages.at(-1);

describe('sendMessage', () => {
  test('gives the message back and shows it to the person', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'Hello');
    expect(sent).toEqual({
      message_id: expect.any(Number),
      from: { id: 7_123_456_789, is_bot: true, first_name: 'AdtroBot', username: 'adtro_sandbox_bot' },
      chat: { id: ANNA.id, type: 'private', first_name: 'Анна' },
      date: expect.any(Number),
      text: 'Hello',
    });
    expect(await lastSeen()).toMatchObject({
      messageId: sent.message_id,
      from: 'bot',
      text: 'Hello',
      html: 'Hello',
      buttons: [],
      editedAt: null,
    });
  });

  test('reads HTML into entities, and the person sees it formatted', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, '<b>The Sun</b> &amp; <i>you</i>', { parse_mode: 'HTML' });
    expect(sent.text).toBe('The Sun & you');
    expect(sent.entities).toEqual([
      { type: 'bold', offset: 0, length: 7 },
      { type: 'italic', offset: 10, length: 3 },
    ]);
    expect(await lastSeen()).toMatchObject({ text: 'The Sun & you', html: '<b>The Sun</b> &amp; <i>you</i>' });
  });

  test('reads MarkdownV2, and takes entities as they are given', async () => {
    const bold = [{ type: 'bold', offset: 0, length: 7 }];
    expect((await telegram.api.sendMessage(ANNA.id, '*The Sun*', { parse_mode: 'MarkdownV2' })).entities).toEqual(bold);
    expect((await telegram.api.sendMessage(ANNA.id, 'The Sun', { entities: [{ type: 'bold', offset: 0, length: 7 }] })).entities).toEqual(
      bold,
    );
  });

  test('marks commands and links by itself, outside of code', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, '<code>/tarot</code> or /natal', { parse_mode: 'HTML' });
    expect(sent.entities).toEqual([
      { type: 'code', offset: 0, length: 6 },
      { type: 'bot_command', offset: 10, length: 6 },
    ]);
  });

  test('takes 4096 characters after parsing, not one more', async () => {
    const long = 'я'.repeat(4096);
    await expect(telegram.api.sendMessage(ANNA.id, `<b>${long}</b>`, { parse_mode: 'HTML' })).resolves.toMatchObject({ text: long });
    await expect(telegram.api.sendMessage(ANNA.id, `${long}я`)).rejects.toMatchObject({
      error_code: 400,
      description: 'Bad Request: message is too long',
    });
  });

  test.each([[''], ['  \n '], ['<b> </b>']])('refuses the empty text "%s"', async (text) => {
    await expect(telegram.api.sendMessage(ANNA.id, text, { parse_mode: 'HTML' })).rejects.toMatchObject({
      error_code: 400,
      description: 'Bad Request: message text is empty',
    });
  });

  test.each([
    ['HTML', 'a < b', `Bad Request: can't parse entities: Unsupported start tag "" at byte offset 2`],
    ['MarkdownV2', 'a.b', "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['Markdown', 'a', 'Bad Request: unsupported parse_mode'],
  ] as const)('refuses broken %s', async (mode, text, description) => {
    await expect(telegram.api.sendMessage(ANNA.id, text, { parse_mode: mode })).rejects.toMatchObject({ error_code: 400, description });
    expect((await lastSeen())?.from).toBe('user');
  });

  test('replies to a message that exists, or without it if that is allowed', async () => {
    const first = await telegram.api.sendMessage(ANNA.id, 'first');
    const reply = await telegram.api.sendMessage(ANNA.id, 'second', { reply_parameters: { message_id: first.message_id } });
    expect(reply.reply_to_message).toMatchObject({ message_id: first.message_id, text: 'first' });
    await expect(telegram.api.sendMessage(ANNA.id, 'x', { reply_parameters: { message_id: 1 } })).rejects.toMatchObject({
      description: 'Bad Request: message to be replied not found',
    });
    const loose = await telegram.api.sendMessage(ANNA.id, 'x', { reply_parameters: { message_id: 1, allow_sending_without_reply: true } });
    expect(loose.reply_to_message).toBeUndefined();
  });

  test('shows callback buttons to the person and leaves links to the client', async () => {
    await telegram.api.sendMessage(ANNA.id, 'x', {
      reply_markup: {
        inline_keyboard: [
          [
            { text: 'A', callback_data: 'a' },
            { text: 'Site', url: 'https://example.org' },
          ],
          [{ text: 'B', callback_data: 'b' }],
        ],
      },
    });
    expect((await lastSeen())?.buttons).toEqual([[{ text: 'A', callbackData: 'a' }], [{ text: 'B', callbackData: 'b' }]]);
  });
});

describe('editing', () => {
  const keyboard = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] };

  test('changes text and buttons, and the person sees when', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'before', { reply_markup: keyboard });
    const { sequence } = await telegram.control.readChat(ANNA.id);
    const edited = await telegram.api.editMessageText(ANNA.id, sent.message_id, '<i>after</i>', { parse_mode: 'HTML' });
    expect(edited).toMatchObject({ message_id: sent.message_id, text: 'after', edit_date: expect.any(Number) });
    const changed = await telegram.control.readChat(ANNA.id, sequence);
    expect(changed.messages).toMatchObject([
      { messageId: sent.message_id, html: '<i>after</i>', buttons: [], editedAt: expect.any(String) },
    ]);
    await telegram.api.editMessageReplyMarkup(ANNA.id, sent.message_id, { reply_markup: keyboard });
    expect(await lastSeen()).toMatchObject({ text: 'after', buttons: [[{ text: 'A', callbackData: 'a' }]] });
  });

  test('refuses what changes nothing', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'same', { reply_markup: keyboard });
    const refused = { error_code: 400, description: expect.stringMatching(/^Bad Request: message is not modified: /) };
    await expect(telegram.api.editMessageText(ANNA.id, sent.message_id, 'same', { reply_markup: keyboard })).rejects.toMatchObject(refused);
    await expect(telegram.api.editMessageReplyMarkup(ANNA.id, sent.message_id, { reply_markup: keyboard })).rejects.toMatchObject(refused);
  });

  test("refuses messages that are unknown, the person's own, or wait for an answer", async () => {
    const { messageId } = await telegram.control.write(ANNA, 'mine');
    const asking = await telegram.api.sendMessage(ANNA.id, '?', { reply_markup: { force_reply: true } });
    const edit = (id: number) => telegram.api.editMessageText(ANNA.id, id, 'x');
    await expect(edit(1)).rejects.toMatchObject({ error_code: 400, description: 'Bad Request: message to edit not found' });
    await expect(edit(messageId)).rejects.toMatchObject({ error_code: 400, description: "Bad Request: message can't be edited" });
    await expect(edit(asking.message_id)).rejects.toMatchObject({ description: "Bad Request: message can't be edited" });
  });
});

describe('the rest of a conversation', () => {
  test('typing shows until the answer comes', async () => {
    await expect(telegram.api.sendChatAction(ANNA.id, 'typing')).resolves.toBe(true);
    expect(await telegram.control.readChat(ANNA.id)).toMatchObject({ isTyping: true });
    await telegram.api.sendMessage(ANNA.id, 'answer');
    expect(await telegram.control.readChat(ANNA.id)).toMatchObject({ isTyping: false });
  });

  test('a draft streams and gives way to the message', async () => {
    const draft = (body: object) =>
      telegram.call('sendMessageDraft', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect(await (await draft({ chat_id: ANNA.id, draft_id: 1, text: 'The S' })).json()).toEqual({ ok: true, result: true });
    expect(await telegram.control.readChat(ANNA.id)).toMatchObject({ draft: 'The S' });
    expect((await draft({ chat_id: ANNA.id, draft_id: 0, text: 'x' })).status).toBe(400);
    await telegram.api.sendMessage(ANNA.id, 'The Sun');
    expect(await telegram.control.readChat(ANNA.id)).toMatchObject({ draft: null });
  });

  test('a pressed button carries its message, and its query can be answered', async () => {
    const sent = await telegram.api.sendMessage(ANNA.id, 'x', { reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] } });
    await telegram.control.press(ANNA, sent.message_id, 'a');
    const query = (await telegram.api.getUpdates()).at(-1)?.callback_query;
    expect(query).toMatchObject({
      data: 'a',
      from: { id: ANNA.id },
      message: { message_id: sent.message_id, text: 'x' },
      chat_instance: expect.any(String),
    });
    await expect(telegram.api.answerCallbackQuery(query?.id ?? '')).resolves.toBe(true);
    await expect(telegram.api.answerCallbackQuery('1')).rejects.toMatchObject({
      error_code: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
  });

  test('command lists are kept per language and scope', async () => {
    const commands = [{ command: 'tarot', description: 'Draw a card' }];
    await telegram.api.setMyCommands(commands);
    await telegram.api.setMyCommands([{ command: 'tarot', description: 'Карта' }], { language_code: 'ru' });
    expect(await telegram.api.getMyCommands()).toEqual(commands);
    expect(await telegram.api.getMyCommands({ language_code: 'ru' })).toEqual([{ command: 'tarot', description: 'Карта' }]);
    expect(await telegram.api.getMyCommands({ scope: { type: 'all_private_chats' } })).toEqual([]);
    await telegram.api.deleteMyCommands();
    expect(await telegram.api.getMyCommands()).toEqual([]);
    await expect(telegram.api.setMyCommands([{ command: 'Tarot!', description: 'x' }])).rejects.toMatchObject({
      description: 'Bad Request: BOT_COMMAND_INVALID',
    });
    await expect(telegram.api.setMyCommands([{ command: 'tarot', description: '' }])).rejects.toMatchObject({
      description: 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID',
    });
  });

  test('getMe tells who the bot is', async () => {
    expect(await telegram.api.getMe()).toMatchObject({
      id: 7_123_456_789,
      is_bot: true,
      username: 'adtro_sandbox_bot',
      can_join_groups: true,
    });
  });
});
