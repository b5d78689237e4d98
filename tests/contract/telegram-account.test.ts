import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTestTelegram();
});
afterEach(() => telegram.close());

const refusal = (description: string) => ({ error_code: 400, description: `Bad Request: ${description}` });
const nameOf = (length: number) => 'x'.repeat(length);

async function answerOf(method: string, body: object): Promise<unknown> {
  const response = await telegram.call(method, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

describe('command lists', () => {
  const command = { command: 'tarot', description: 'Draw a card' };

  test.each([
    ['a name of 32', [{ ...command, command: nameOf(32) }]],
    ['a description of 256', [{ ...command, description: nameOf(256) }]],
    ['a hundred commands', Array.from({ length: 100 }, (_, index) => ({ ...command, command: `c${index}` }))],
    ['no command at all', []],
  ])('may have %s', async (_what, commands) => {
    await telegram.api.setMyCommands(commands);
    expect(await telegram.api.getMyCommands()).toEqual(commands);
  });

  test.each([
    ['a name of 33', [{ ...command, command: nameOf(33) }], 'BOT_COMMAND_INVALID'],
    ['an empty name', [{ ...command, command: '' }], 'BOT_COMMAND_INVALID'],
    ['capital letters', [{ ...command, command: 'Tarot' }], 'BOT_COMMAND_INVALID'],
    ['a description of 257', [{ ...command, description: nameOf(257) }], 'BOT_COMMAND_DESCRIPTION_INVALID'],
    ['a blank description', [{ ...command, description: ' \n' }], 'BOT_COMMAND_DESCRIPTION_INVALID'],
    ['101 commands', Array.from({ length: 101 }, (_, index) => ({ ...command, command: `c${index}` })), 'BOT_COMMANDS_TOO_MUCH'],
  ])('may not have %s, and the old list stays', async (_what, commands, reason) => {
    await telegram.api.setMyCommands([command]);
    await expect(telegram.api.setMyCommands(commands)).rejects.toMatchObject(refusal(reason));
    expect(await telegram.api.getMyCommands()).toEqual([command]);
  });

  test('forget the slash of a name', async () => {
    await telegram.api.setMyCommands([{ ...command, command: '/tarot' }]);
    expect(await telegram.api.getMyCommands()).toEqual([command]);
  });

  test('of the default scope are the same as those of none', async () => {
    await telegram.api.setMyCommands([command], { scope: { type: 'default' } });
    expect(await telegram.api.getMyCommands()).toEqual([command]);
    await telegram.api.deleteMyCommands({ language_code: 'ru' });
    expect(await telegram.api.getMyCommands()).toEqual([command]);
    await telegram.api.deleteMyCommands({ scope: { type: 'default' } });
    expect(await telegram.api.getMyCommands()).toEqual([]);
  });

  test('are refused by name of the argument when they are no list', async () => {
    expect(await answerOf('setMyCommands', { commands: 'no JSON' })).toMatchObject(refusal('parameter "commands" is invalid'));
    expect(await answerOf('setMyCommands', {})).toMatchObject(refusal('parameter "commands" is invalid'));
  });
});

describe('the answer to a pressed button', () => {
  async function press(): Promise<string> {
    await telegram.control.write(ANNA, '/start');
    const sent = await telegram.api.sendMessage(ANNA.id, 'x');
    await telegram.control.press(ANNA, sent.message_id, 'a');
    return (await telegram.api.getUpdates()).at(-1)?.callback_query?.id ?? '';
  }

  test('may be 200 characters long, not one more', async () => {
    const id = await press();
    await expect(telegram.api.answerCallbackQuery(id, { text: nameOf(200) })).resolves.toBe(true);
    await expect(telegram.api.answerCallbackQuery(id, { text: nameOf(201) })).rejects.toMatchObject(refusal('MESSAGE_TOO_LONG'));
  });

  test('needs the id of a query', async () => {
    expect(await answerOf('answerCallbackQuery', {})).toMatchObject(
      refusal('query is too old and response timeout expired or query ID is invalid'),
    );
  });
});

describe('the arguments of getUpdates', () => {
  const fill = async (count: number) => {
    for (let index = 0; index < count; index += 1) await telegram.control.write(index % 2 ? ANNA : BEN, String(index));
  };

  test('a limit outside of 1 to 100 means 100', async () => {
    await fill(101);
    for (const limit of [0, -1, 101, 100]) expect(await telegram.api.getUpdates({ limit })).toHaveLength(100);
    expect(await telegram.api.getUpdates({ limit: 1 })).toHaveLength(1);
  });

  test('a negative offset forgets all but the newest', async () => {
    await fill(5);
    const texts = async (offset?: number) =>
      (await telegram.api.getUpdates(offset === undefined ? {} : { offset })).map(({ message }) => message?.text);
    expect(await texts(-2)).toEqual(['3', '4']);
    expect(await texts()).toEqual(['3', '4']);
  });

  test('may be given as text, and are refused by name when they make no sense', async () => {
    await fill(2);
    expect(await answerOf('getUpdates', { limit: '1', timeout: '0', allowed_updates: '["message"]' })).toMatchObject({
      ok: true,
      result: [{ message: { text: '0' } }],
    });
    for (const [name, value] of Object.entries({ offset: 'x', limit: 1.5, timeout: [], allowed_updates: '"message"' }))
      expect(await answerOf('getUpdates', { [name]: value })).toMatchObject(refusal(`parameter "${name}" is invalid`));
  });
});

describe('the settings of a webhook', () => {
  const URL = 'https://bot.example/telegram/webhook';

  test.each([
    [0, 1],
    [1, 1],
    [100, 100],
    [1_000, 100],
  ])('%d connections at most are taken as %d', async (asked, granted) => {
    await telegram.api.setWebhook(URL, { max_connections: asked });
    expect(await telegram.api.getWebhookInfo()).toMatchObject({ url: URL, max_connections: granted });
  });

  test('without a word about connections are forty, and without a webhook there are none', async () => {
    await telegram.api.setWebhook(URL);
    expect(await telegram.api.getWebhookInfo()).toMatchObject({ max_connections: 40 });
    await telegram.api.deleteWebhook();
    expect(await telegram.api.getWebhookInfo()).toEqual({ url: '', has_custom_certificate: false, pending_update_count: 0 });
  });

  test('drop what waits on request only, and hold for later updates by type', async () => {
    await telegram.control.write(ANNA, 'old');
    await telegram.api.setWebhook(URL, { allowed_updates: ['callback_query'] });
    await telegram.control.write(ANNA, 'unwanted');
    expect(await telegram.api.getWebhookInfo()).toMatchObject({ pending_update_count: 1 });
    await telegram.api.setWebhook(URL, { drop_pending_updates: true });
    expect(await telegram.api.getWebhookInfo()).toMatchObject({ pending_update_count: 0 });
  });

  test('that are refused leave the webhook and what waits as they were', async () => {
    await telegram.control.write(ANNA, 'kept');
    await telegram.api.setWebhook(URL);
    await expect(telegram.api.setWebhook('http://bot.example/', { drop_pending_updates: true })).rejects.toMatchObject({ error_code: 400 });
    expect(await telegram.api.getWebhookInfo()).toMatchObject({ url: URL, pending_update_count: 1 });
  });

  test('with an empty address are a deletion', async () => {
    await telegram.control.write(ANNA, 'old');
    await telegram.api.setWebhook(URL);
    expect(await answerOf('setWebhook', { url: '', drop_pending_updates: true })).toEqual({
      ok: true,
      result: true,
      description: 'Webhook was deleted',
    });
    expect(await telegram.api.getUpdates()).toEqual([]);
  });

  test.each([['http://127.0.0.1:8443/'], ['http://localhost/'], ['http://[::1]/']])('may be plain HTTP on this machine: %s', async (url) => {
    await expect(telegram.api.setWebhook(url)).resolves.toBe(true);
  });

  test.each([['ftp://bot.example/'], ['http://127.0.0.1.evil.example/'], ['http://localhost@evil.example/']])('may not be %s', async (url) => {
    await expect(telegram.api.setWebhook(url)).rejects.toMatchObject(refusal('bad webhook: An HTTPS URL must be provided for webhook'));
  });
});
