import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTestTelegram();
  await telegram.control.write(ANNA, '/start');
});
afterEach(() => telegram.close());

const send = (text = 'x') => telegram.call(`sendMessage?chat_id=${ANNA.id}&text=${text}`);
/** The status of a call, or null when its connection ended without an answer. */
const statusOf = (work: Promise<Response>) =>
  work.then(
    ({ status }) => status,
    () => null,
  );
const sentTexts = async () => (await telegram.control.readChat(ANNA.id)).messages.filter(({ from }) => from === 'bot').map(({ text }) => text);

describe('an error on order', () => {
  test.each([
    [400, 'Bad Request: chat not found'],
    [401, 'Unauthorized'],
    [403, 'Forbidden: bot was blocked by the user'],
    [409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'],
    [418, 'Internal Server Error'],
    [500, 'Internal Server Error'],
    [503, 'Internal Server Error'],
  ])('%d says "%s" in Telegram’s own form, with the status it names', async (errorCode, description) => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode });
    const response = await send();
    expect(response.status).toBe(errorCode);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toEqual({ ok: false, error_code: errorCode, description });
  });

  test('429 without a time asks for one second', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 429 });
    const response = await send();
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
  });

  test('may have words of its own, and a time with any code', async () => {
    await telegram.control.addFault({
      method: 'sendMessage',
      kind: 'error',
      errorCode: 403,
      description: 'Forbidden: user is deactivated',
      retryAfterSeconds: 9,
    });
    expect(await (await send()).json()).toMatchObject({ description: 'Forbidden: user is deactivated', parameters: { retry_after: 9 } });
  });
});

describe('which call is hit', () => {
  test('the oldest fault that fits comes first', async () => {
    await telegram.control.addFault({ method: '*', kind: 'error', errorCode: 500 });
    await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 403 });
    expect([await statusOf(send()), await statusOf(send()), await statusOf(send())]).toEqual([500, 403, 200]);
  });

  test('a call for another bot and an unknown method use up no fault', async () => {
    await telegram.control.addFault({ method: '*', kind: 'error', errorCode: 500 });
    expect((await fetch(`${telegram.apiRoot}/bot1:wrong/getMe`)).status).toBe(401);
    expect((await telegram.call('nonsense')).status).toBe(404);
    expect(await statusOf(send())).toBe(500);
  });

  test('of calls at the same time exactly as many as ordered', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 500, times: 3 });
    const statuses = await Promise.all(Array.from({ length: 10 }, (_, index) => statusOf(send(`m${index}`))));
    expect(statuses.filter((status) => status === 500)).toHaveLength(3);
    expect(await sentTexts()).toHaveLength(7);
  });

  test('none after they were deleted', async () => {
    await telegram.control.addFault({ method: '*', kind: 'destroy', times: 100 });
    await telegram.control.clearFaults();
    expect(await statusOf(send())).toBe(200);
  });
});

describe('the journal after a fault', () => {
  test.each([
    ['error', { ok: false, errorCode: 500, description: 'Internal Server Error', messageId: null }],
    ['html502', { ok: false, errorCode: 502, description: 'Bad Gateway', messageId: null }],
    ['destroy', { ok: false, errorCode: null, description: 'connection destroyed', messageId: null }],
    ['delay', { ok: true, errorCode: null, description: null, messageId: expect.any(Number) }],
  ] as const)('%s has the call once, as it ended', async (kind, end) => {
    await telegram.control.addFault({ method: 'sendMessage', kind, delayMs: 1 });
    await statusOf(send());
    expect(await telegram.control.journal(ANNA.id)).toMatchObject([{ method: 'sendMessage', payload: { text: 'x' }, ...end }]);
  });
});

describe('calls that hang', () => {
  test('are all let go when the faults are deleted, and the performed ones stay performed', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before' });
    await telegram.control.addFault({ method: 'sendMessage', kind: 'hang_after', times: 2 });
    const waiting = Promise.all(['a', 'b', 'c'].map((text) => statusOf(send(text))));
    await expect.poll(() => telegram.control.journal(ANNA.id)).toHaveLength(3);
    await telegram.control.clearFaults();
    expect(await waiting).toEqual([null, null, null]);
    expect(await sentTexts()).toHaveLength(2);
  });

  test('do not keep others from being served', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'hang_before' });
    const hanging = statusOf(send('stuck'));
    await expect.poll(() => telegram.control.journal(ANNA.id)).toHaveLength(1);
    expect(await statusOf(send('free'))).toBe(200);
    await telegram.control.clearFaults();
    expect(await hanging).toBeNull();
  });

  test('do not keep the stand-in from closing', async () => {
    await telegram.control.addFault({ method: 'sendMessage', kind: 'hang_after' });
    const hanging = statusOf(send());
    await expect.poll(sentTexts).toHaveLength(1);
    await telegram.close();
    expect(await hanging).toBeNull();
  });

  test('of polls leave every update for the next poll', async () => {
    await telegram.control.addFault({ method: 'getUpdates', kind: 'hang_after' });
    const hanging = statusOf(telegram.call('getUpdates'));
    await expect.poll(async () => (await telegram.control.pending()).pollCount).toBe(1);
    await telegram.control.clearFaults();
    expect(await hanging).toBeNull();
    expect(await telegram.api.getUpdates()).toHaveLength(1);
  });
});

test('an HTML 502 is a page, not JSON', async () => {
  await telegram.control.addFault({ method: 'sendMessage', kind: 'html502' });
  const response = await send();
  expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('<h1>502 Bad Gateway</h1>');
});
