import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookIntake } from '#server/bot/intake/webhook.ts';
import { WEBHOOK_BODY_SIZE_BYTES_MAX } from '#server/contracts/webhook.ts';
import { createLogger } from '#server/lib/logger.ts';
import { renderSamples } from '../metrics/sample-metrics.ts';
import { COOKIE, startTestServer, type TestServer } from './test-server.ts';

const PATH = '/telegram/webhook';
const SECRET = 'a-secret_of-this-test';
const HEADERS = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET };

let server: TestServer;
let closed: TestServer;
const stored: object[] = [];
let store: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => {
  const intake = createWebhookIntake({
    secrets: [SECRET, 'the-one-before_it'],
    storeUpdates: async (updates) => {
      await store();
      stored.push(...updates);
    },
    onStored: () => undefined,
    clock: { now: () => new Date() },
    logger: createLogger('silent'),
    storeTimeoutMs: 50,
  });
  server = await startTestServer({}, undefined, intake);
  closed = await startTestServer();
});
afterAll(() => Promise.all([server.close(), closed.close()]));
beforeEach(() => {
  stored.length = 0;
  server.lookups.length = 0;
  store = () => Promise.resolve();
});

const post = (body: string, headers: Record<string, string> = HEADERS, path = PATH) => server.request(path, { method: 'POST', headers, body });

describe('a delivery', () => {
  it('is stored whole, also what nobody here knows, and acknowledged', async () => {
    const update = { update_id: 7, message: { text: 'hi', of_tomorrow: { x: [1, null] } }, also_new: true };
    const { status, headers, body } = await post(JSON.stringify(update));
    expect([status, body, headers['cache-control']]).toEqual([200, 'ok\n', 'no-store']);
    expect(stored).toEqual([update]);
  });

  it('may still have the secret before this one', async () => {
    expect((await post('{"update_id":7}', { ...HEADERS, 'x-telegram-bot-api-secret-token': 'the-one-before_it' })).status).toBe(200);
  });

  it.each([
    ['no secret', null],
    ['an empty secret', ''],
    ['the beginning of the secret', SECRET.slice(0, -1)],
    ['more than the secret', `${SECRET}x`],
    ['another secret of the same length', SECRET.replace('a', 'b')],
    ['the secret in another case', SECRET.toUpperCase()],
    ['both secrets at once', `${SECRET}, the-one-before_it`],
  ])('with %s is refused before its body is looked at', async (_what, secret) => {
    const { 'x-telegram-bot-api-secret-token': _, ...others } = HEADERS;
    const headers = secret === null ? others : { ...others, 'x-telegram-bot-api-secret-token': secret };
    for (const body of ['{"update_id":7}', 'nonsense']) expect((await post(body, headers)).status).toBe(401);
    expect(stored).toEqual([]);
  });

  it('needs the secret in its header, whatever else is sent', async () => {
    const elsewhere = { 'content-type': 'application/json', authorization: `Bearer ${SECRET}`, cookie: COOKIE, 'sec-fetch-site': 'same-origin' };
    expect((await post(`{"update_id":7,"secret_token":"${SECRET}"}`, elsewhere, `${PATH}?secret_token=${SECRET}`)).status).toBe(401);
  });

  it.each([
    '', 'nonsense', '{"update_id":7', 'null', '[]', '[{"update_id":7}]', '7', '{}', '{"Update_Id":7}',
    '{"update_id":"7"}', '{"update_id":7.5}', '{"update_id":-1}', '{"update_id":9007199254740992}', '{"update_id":null}',
  ])('of %s is no update', async (body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: 'This is not an update.\n' });
    expect(stored).toEqual([]);
  });

  it('that is nested without end is no update, one that is nested as deep as any is', async () => {
    const nested = (levels: number) => `{"update_id":7,"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect((await post(nested(50))).status).toBe(200);
    for (const levels of [200, 100_000]) expect((await post(nested(levels))).status).toBe(400);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])('as %s is refused', async (type) => {
    expect((await post('{"update_id":7}', { ...HEADERS, 'content-type': type })).status).toBe(415);
  });

  it('may have a million bytes and not one more', async () => {
    const ofSize = (size: number) => `{"update_id":7,"x":"${'x'.repeat(size - 22)}"}`;
    expect((await post(ofSize(WEBHOOK_BODY_SIZE_BYTES_MAX))).status).toBe(200);
    expect(await post(ofSize(WEBHOOK_BODY_SIZE_BYTES_MAX + 1))).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  it('of unknown length is refused', async () => {
    expect((await post('{"update_id":7}', { ...HEADERS, 'transfer-encoding': 'chunked' })).status).toBe(411);
  });

  it('that cannot be stored, or not in time, is to come again soon', async () => {
    for (const failing of [() => Promise.reject(new Error('SECRET of the database')), () => new Promise<void>(() => undefined)]) {
      store = failing;
      const { status, headers, body } = await post('{"update_id":7}');
      expect([status, headers['retry-after'], body]).toEqual([503, '3', 'The update cannot be stored now. Bring it again.\n']);
    }
    expect(server.logged).toEqual([]);
  });

  it('costs no look at a session, also with a cookie', async () => {
    expect((await post('{"update_id":7}', { ...HEADERS, cookie: COOKIE })).status).toBe(200);
    expect(server.lookups).toEqual([]);
  });

  it('counts for its route, one that could not be stored as a failure', async () => {
    await post('{"update_id":7}');
    const samples = await renderSamples(server.metrics);
    expect(Number(samples.get('adtrobot_requests_total{handler="/telegram/webhook",method="POST",status="2xx"}'))).toBeGreaterThan(0);
    expect(Number(samples.get('adtrobot_errors_total{handler="/telegram/webhook",error_type="unavailable"}'))).toBeGreaterThan(0);
    expect(samples.get('adtrobot_errors_total{handler="/telegram/webhook",error_type="internal"}')).toBe('0');
  });
});

describe('the address of the webhook', () => {
  it('takes POST only', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await server.request(PATH, { method, headers: HEADERS, ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{"update_id":7}' }) });
      expect([status, headers.allow], method).toEqual([405, 'POST']);
    }
    expect(stored).toEqual([]);
  });

  it('is nothing where updates are not brought, whatever the method and the secret', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect((await closed.request(PATH, { method, headers: HEADERS, ...(method === 'GET' ? {} : { body: '{"update_id":7}' }) })).status).toBe(404);
    }
  });

  it('has one spelling that is open; every other is as closed and as bounded as the rest of the site', async () => {
    for (const path of ['/Telegram/Webhook', '/telegram/webhook.data', '/telegram/webhook/x', '/telegram', '/telegram/webhoo%6b', '/telegram/webhook;x']) {
      expect((await post('{"update_id":7}', HEADERS, path)).status, path).toBe(403);
      expect((await post('x'.repeat(100_001), HEADERS, path)).status, path).toBe(413);
    }
    for (const path of ['//telegram/webhook', '/telegram//webhook', '/telegram/%2e/webhook', '/x/../telegram/webhook']) {
      expect((await post('{"update_id":7}', HEADERS, path)).status, path).toBe(400);
    }
    expect(stored).toEqual([]);
  });
});
