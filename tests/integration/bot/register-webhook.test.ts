import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWebhookLook, createWebhookRegistration, type WebhookRegistration } from '#server/bot/intake/register-webhook.ts';
import { createIntakeApi } from '#server/bot/telegram-api.ts';
import { SILENT_LOGGER, waitFor } from '#tests/support/bot.ts';
import { BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

const URL = 'https://bot.example/telegram/webhook';
const SECRET = 'a-secret_of-this-test';

let telegram: TestTelegram;
let registration: WebhookRegistration;
const outcomes: string[] = [];
const apiOf = () =>
  createIntakeApi({ token: telegram.token, apiRoot: telegram.apiRoot }, ({ method, outcome }) => {
    if (method === 'setWebhook') outcomes.push(outcome);
  });
beforeEach(async () => {
  telegram = await startTestTelegram();
  outcomes.length = 0;
  registration = createWebhookRegistration({ api: apiOf(), url: URL, secret: SECRET, logger: SILENT_LOGGER });
});
afterEach(async () => {
  await registration.stop();
  await telegram.close();
});

const taken = () => waitFor('the webhook', async () => ((await telegram.api.getWebhookInfo()).url === URL ? true : null));

test('Telegram is told the address, the secret and what to bring, once, and keeps what waits', async () => {
  await telegram.control.write(BEN, 'waiting');
  registration.start();
  registration.start();
  await taken();
  const [{ payload } = { payload: {} }, ...others] = (await telegram.control.journal()).filter(({ method }) => method === 'setWebhook');
  const updates = expect.arrayContaining(['message', 'callback_query']);
  expect(payload).toEqual({ url: URL, secret_token: SECRET, allowed_updates: updates, max_connections: 40, drop_pending_updates: false });
  expect(others).toEqual([]);
  expect((await telegram.api.getWebhookInfo()).pending_update_count).toBe(1);
});

test('a Telegram that is away, or asks to wait, is told again', async () => {
  await telegram.control.addFault({ method: 'setWebhook', kind: 'destroy' });
  await telegram.control.addFault({ method: 'setWebhook', kind: 'error', errorCode: 429, retryAfterSeconds: 1 });
  registration.start();
  await taken();
  expect(outcomes).toEqual(['network_error', 'rate_limited', 'ok']);
});

test('a stop ends the attempts at once, and leaves what Telegram was told', async () => {
  registration.start();
  await taken();
  await registration.stop();
  expect((await telegram.api.getWebhookInfo()).url).toBe(URL);

  await telegram.control.addFault({ method: 'setWebhook', kind: 'error', errorCode: 401 });
  const refused = createWebhookRegistration({ api: apiOf(), url: 'https://other.example/telegram/webhook', secret: SECRET, logger: SILENT_LOGGER });
  refused.start();
  await waitFor('the refusal', async () => (outcomes.includes('unauthorized') ? true : null));
  const startedAt = performance.now();
  await Promise.all([refused.stop(), refused.stop()]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  refused.start();
  expect(outcomes).toEqual(['ok', 'unauthorized']);
});

test('a look tells whether the webhook is ours, once it had the time to be, what waits there, and when a delivery failed', async () => {
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs) };
  const look = createWebhookLook({ api: apiOf(), url: URL, clock });
  const { signal } = new AbortController();
  expect(await look(signal)).toMatchObject({ isOurs: true });
  nowMs += 60_000;
  expect(await look(signal)).toEqual({ isOurs: false, pendingUpdateCount: 0, lastErrorAt: null });
  registration.start();
  await taken();
  expect(await look(signal)).toMatchObject({ isOurs: true, pendingUpdateCount: 0 });

  const nowhere = 'http://127.0.0.1:1/telegram/webhook';
  await telegram.api.setWebhook(nowhere);
  await telegram.control.write(BEN, 'hi');
  const failed = await waitFor('the failure', async () => {
    const facts = await createWebhookLook({ api: apiOf(), url: nowhere, clock })(signal);
    return facts.lastErrorAt ? facts : null;
  });
  expect(failed).toMatchObject({ isOurs: true, pendingUpdateCount: 1 });
  expect(Math.abs(Date.now() - (failed.lastErrorAt?.getTime() ?? 0))).toBeLessThan(10_000);
});
