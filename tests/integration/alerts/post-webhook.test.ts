import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWebhookSender } from '#server/services/alerts/post-webhook.ts';
import type { OutgoingAlert } from '#server/services/alerts/types.ts';
import { after, DELIVERED, failed, startReceiver, type Receiver } from '#tests/support/alerts.ts';

const ALERT: OutgoingAlert = {
  id: '0199e5a0-0000-7000-8000-000000000001',
  kind: 'recovered',
  downAlertId: '0199e5a0-0000-7000-8000-000000000000',
  checks: ['database', 'scheduler'],
  text: 'Recovered: “database”\n…',
  startedAt: after(0),
  recoveredAt: after(60),
};
const NEVER = new AbortController().signal;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const post = (url = receiver.url, signal = NEVER) => createWebhookSender(url)(ALERT, signal);

test('an alert is one POST of JSON with all that it says, and a key by which a repeated one is known', async () => {
  expect(await post()).toEqual(DELIVERED);
  expect(receiver.received).toHaveLength(1);
  expect(receiver.received[0]?.body).toEqual({ ...ALERT, startedAt: '2026-11-20T06:00:00.000Z', recoveredAt: '2026-11-20T06:01:00.000Z' });
  expect(receiver.received[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': ALERT.id, 'user-agent': 'AdtroBot' });
  expect(receiver.received[0]?.headers.authorization).toBeUndefined();
});

test('any 2xx is delivered', async () => {
  for (const status of [201, 202, 204]) {
    receiver.answers.push((res) => void res.writeHead(status).end());
    expect(await post()).toEqual(DELIVERED);
  }
});

test.each([
  [500, {}, failed('http_500')],
  [503, { 'retry-after': '7' }, failed('http_503', { retryAfterMs: 7_000 })],
  [429, { 'retry-after': '120' }, failed('http_429', { retryAfterMs: 120_000 })],
  [429, { 'retry-after': '999999999' }, failed('http_429', { retryAfterMs: 3_600_000 })],
  [503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, failed('http_503')],
  [400, {}, failed('http_400', { isRefused: true })],
  [404, {}, failed('http_404', { isRefused: true })],
])('an answer of %i %o is not delivered, and tells how long to wait', async (status, headers, outcome) => {
  receiver.answers.push((res) => void res.writeHead(status, headers).end('no'));
  expect(await post()).toEqual(outcome);
});

test('a redirect is not followed', async () => {
  const elsewhere = await startReceiver();
  receiver.answers.push((res) => void res.writeHead(307, { location: elsewhere.url }).end());
  expect(await post()).toEqual(failed('http_307', { isRefused: true }));
  expect(elsewhere.received).toEqual([]);
  await elsewhere.close();
});

test('a connection that is cut or refused is a failure without a reason to ask less often', async () => {
  receiver.answers.push((res) => void res.destroy());
  expect(await post()).toEqual(failed('not_reached'));
  expect(await post('http://127.0.0.1:9/nothing')).toEqual(failed('not_reached'));
});

test('one that never answers is given up on when the signal aborts', async () => {
  const stopping = new AbortController();
  receiver.answers.push(() => stopping.abort());
  expect(await post(receiver.url, stopping.signal)).toEqual(failed('stopped'));
});

test('one that never answers is given up on after ten seconds by itself', async () => {
  receiver.answers.push(() => undefined);
  const startedAt = performance.now();
  expect(await post()).toEqual(failed('timed_out'));
  expect(performance.now() - startedAt).toBeGreaterThan(9_500);
  expect(performance.now() - startedAt).toBeLessThan(13_000);
});

test('a name and a password in the address become a header', async () => {
  expect(await post(receiver.url.replace('http://', 'http://owner:p%40ss@'))).toEqual(DELIVERED);
  expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('owner:p@ss').toString('base64')}`);
});
