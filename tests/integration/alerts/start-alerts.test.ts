import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startAlerts } from '#server/compose/create-alerts.ts';
import { systemClock } from '#server/lib/clock.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import type { IncidentChange, ObservedIncident } from '#server/services/health/types.ts';
import { closeDatabase, startAlertRig, startReceiver, type AlertRig, type Receiver } from '#tests/support/alerts.ts';
import { createParts } from '#tests/support/parts.ts';
import { eventually } from '#tests/support/processes.ts';
import { BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';
import { renderSamples } from '../../unit/metrics/sample-metrics.ts';

/*
 * The alerts of the program as it composes them: over its queue, to the Telegram stand-in and to a webhook.
 */
let telegram: TestTelegram;
let receiver: Receiver;
let rig: AlertRig;
let running: RunningAlerts[];
beforeAll(async () => {
  telegram = await startTestTelegram();
});
beforeEach(async () => {
  [rig, receiver, running] = [await startAlertRig(), await startReceiver(), []];
  // A bot may write only to whoever has written to it.
  await telegram.control.write(BEN, '/start');
});
afterEach(async () => {
  await telegram.control.clearFaults();
  for (const { stop } of running) await stop();
  await receiver.close();
  await rig.close();
});
afterAll(() => telegram.close());

interface RunningAlerts {
  readonly onIncidentChange: (change: IncidentChange) => void;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

/** One process of the program. */
async function start(processId = rig.processId): Promise<RunningAlerts> {
  const env = { OWNER_TELEGRAM_CHAT_ID: String(BEN.id), ALERT_WEBHOOK_URL: receiver.url };
  const parts = createParts({ database: rig.database, env, processId, clients: { telegram } });
  const { onIncidentChange } = await startAlerts(parts, systemClock);
  const process = { onIncidentChange, metrics: parts.metrics, stop: () => parts.lifecycle.stop() };
  running.push(process);
  return process;
}

/** An outage that began long enough ago for others to have joined it; on record unless Postgres is away. */
async function outage(check: ObservedIncident['check'], isOnRecord = true) {
  const at = new Date(Date.now() - 11_000);
  const seen = { id: null as number | null, check, startedAt: at, openedAt: at, recoveredAt: null as Date | null, code: 'timed_out' as const, detail: '3', maintenanceWindowId: null };
  const store = async () => void (seen.id = await rig.open(check, { startedAt: at, openedAt: at, code: seen.code, detail: seen.detail }));
  if (isOnRecord) await store();
  const recover = async () => {
    seen.recoveredAt = new Date();
    await rig.recover(seen.id ?? 0, seen.recoveredAt);
  };
  return { seen, store, recover };
}

const toOwner = async () => {
  const { messages } = await telegram.control.readChat(BEN.id);
  const lastOwn = messages.findLastIndex(({ from }) => from !== 'bot');
  return messages.slice(lastOwn + 1).map(({ text }) => text.split('\n')[0]);
};
const toWebhook = () => receiver.received.map(({ body }) => body.text.split('\n')[0]);
const bothTold = (count: number) => eventually(`${count} alerts on both channels`, async () => receiver.received.length >= count && (await toOwner()).length >= count);

test('an outage and its recovery are told to the owner and to the webhook in words, once, and the attempts are counted', async () => {
  const { onIncidentChange, metrics } = await start();
  const { seen, recover } = await outage('database');
  onIncidentChange({ kind: 'opened', incident: seen });
  await bothTold(1);
  expect(receiver.received[0]?.body).toMatchObject({ kind: 'down', checks: ['database'], startedAt: seen.startedAt.toISOString(), recoveredAt: null });
  expect(receiver.received[0]?.body.text).toMatch(/^Down: database\ndatabase: No answer within 3 s\. Since .* UTC\.\nSee http:\/\/localhost:3000\/monitoring\/health$/);
  await recover();
  onIncidentChange({ kind: 'recovered', incident: seen });
  await bothTold(2);
  expect([await toOwner(), toWebhook()]).toEqual([['Down: database', 'Recovered: database'], ['Down: database', 'Recovered: database']]);
  expect(receiver.received[1]?.body.downAlertId).toBe(receiver.received[0]?.body.id);
  await eventually('the attempts to be counted', async () => Number((await renderSamples(metrics)).get('adtrobot_jobs_total{job="deliver_alerts",outcome="ok"}')) >= 4);
  expect((await renderSamples(metrics)).get('adtrobot_telegram_requests_total{method="sendMessage",outcome="ok"}')).toBe('2');
});

test('while Telegram is the failure the webhook is told at once, and the owner, in order, when Telegram is back', async () => {
  await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 502, times: 1 });
  const { onIncidentChange, metrics } = await start();
  const { seen, recover } = await outage('telegram');
  onIncidentChange({ kind: 'opened', incident: seen });
  await eventually('the webhook', () => receiver.received.length === 1);
  await eventually('the failed attempt', async () => (await renderSamples(metrics)).get('adtrobot_jobs_total{job="deliver_alerts",outcome="retried"}') === '1');
  expect(await toOwner()).toEqual([]);
  await recover();
  onIncidentChange({ kind: 'recovered', incident: seen });
  await bothTold(2);
  expect([await toOwner(), toWebhook()]).toEqual([['Down: telegram', 'Recovered: telegram'], ['Down: telegram', 'Recovered: telegram']]);
});

test('a process that ends before an alert is told leaves it to the next, which tells it under the same key', async () => {
  await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 502, times: 1 });
  receiver.answers.push((res) => void res.writeHead(500).end());
  const first = await start();
  const { seen } = await outage('openrouter');
  first.onIncidentChange({ kind: 'opened', incident: seen });
  await eventually('both attempts to fail', async () => (await rig.deliveries('telegram'))[0]?.lastError === 'http_502' && (await rig.deliveries('webhook'))[0]?.lastError === 'http_500');
  await first.stop();
  await rig.database.handle.sql`update alert_deliveries set next_attempt_at = now()`;
  await start(await rig.addProcess(new Date()));
  await eventually('the owner', async () => (await toOwner()).length > 0);
  await eventually('the webhook', () => receiver.received.length === 2);
  expect([await toOwner(), toWebhook()]).toEqual([['Down: openrouter'], ['Down: openrouter', 'Down: openrouter']]);
  expect(receiver.received[1]?.headers['idempotency-key']).toBe(receiver.received[0]?.headers['idempotency-key']);
});

test('two processes tell each alert once', async () => {
  const processes = [await start(), await start(await rig.addProcess(new Date()))];
  for (const check of ['database', 'telegram'] as const) {
    const { seen, recover } = await outage(check);
    for (const { onIncidentChange } of processes) onIncidentChange({ kind: 'opened', incident: seen });
    await eventually('the outage', async () => toWebhook().includes(`Down: ${check}`) && (await toOwner()).includes(`Down: ${check}`));
    await recover();
    for (const { onIncidentChange } of processes) onIncidentChange({ kind: 'recovered', incident: seen });
    await eventually('the recovery', async () => toWebhook().includes(`Recovered: ${check}`) && (await toOwner()).includes(`Recovered: ${check}`));
  }
  const all = ['Down: database', 'Recovered: database', 'Down: telegram', 'Recovered: telegram'];
  expect([await toOwner(), toWebhook()]).toEqual([all, all]);
});

test('while Postgres is away its outage is told from memory at once, then written down, and never told twice', async () => {
  const { onIncidentChange } = await start();
  const { seen, store, recover } = await outage('database', false);
  const away = await closeDatabase(rig.database.url);
  onIncidentChange({ kind: 'opened', incident: seen });
  await bothTold(1);
  await away.open();
  await eventually('the outage to be on record', () => store().then(() => true, () => false));
  await eventually('the alert to be written down', async () => (await rig.alerts()).length === 1);
  expect([...(await rig.deliveries('telegram')), ...(await rig.deliveries('webhook'))].every(({ deliveredAt }) => deliveredAt !== null)).toBe(true);
  await recover();
  onIncidentChange({ kind: 'recovered', incident: seen });
  await bothTold(2);
  expect([await toOwner(), toWebhook()]).toEqual([['Down: database', 'Recovered: database'], ['Down: database', 'Recovered: database']]);
  expect(receiver.received[1]?.body.downAlertId).toBe(receiver.received[0]?.body.id);
});

test('a channel that fails while Postgres is away too is owed the alert afterwards', async () => {
  await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 500, times: 1 });
  const { onIncidentChange } = await start();
  const { seen, store } = await outage('database', false);
  const away = await closeDatabase(rig.database.url);
  onIncidentChange({ kind: 'opened', incident: seen });
  await eventually('the webhook', () => receiver.received.length === 1);
  await eventually('the failed attempt', async () => (await telegram.control.journal(BEN.id)).some(({ ok }) => !ok));
  await away.open();
  await eventually('the outage to be on record', () => store().then(() => true, () => false));
  await bothTold(1);
  expect([await toOwner(), toWebhook()]).toEqual([['Down: database'], ['Down: database']]);
});
