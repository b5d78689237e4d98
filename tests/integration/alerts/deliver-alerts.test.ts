import { afterEach, beforeEach, expect, test } from 'vitest';
import { deliverAlerts } from '#server/services/alerts/deliver-alerts.ts';
import { listDueChannels } from '#server/services/alerts/list-due-channels.ts';
import type { OutgoingAlert } from '#server/services/alerts/types.ts';
import { after, DELIVERED, failed, startAlertRig, type AlertRig } from '#tests/support/alerts.ts';

let rig: AlertRig;
beforeEach(async () => {
  rig = await startAlertRig();
});
afterEach(() => rig.close());

/** An outage of a check whose alert is made, and its recovery if asked for. */
async function outage(check: string, atSeconds: number, recoveredAtSeconds?: number): Promise<number> {
  const id = await rig.open(check, { startedAt: after(atSeconds), openedAt: after(atSeconds) });
  rig.now = after(atSeconds + 10);
  await rig.raise();
  if (recoveredAtSeconds === undefined) return id;
  rig.now = after(recoveredAtSeconds);
  await rig.recover(id);
  await rig.raise();
  return id;
}
const tell = (alerts: readonly OutgoingAlert[]) => alerts.map(({ kind, checks }) => `${kind} ${checks.join()}`);

test('a channel is told all that it is owed, in order, once, with the times of the outage', async () => {
  await outage('database', 0, 60);
  await outage('telegram', 100);
  const { sent, againAt, isFailed } = await rig.deliver('webhook');
  expect(tell(sent)).toEqual(['down database', 'recovered database', 'down telegram']);
  expect(sent.map(({ startedAt, recoveredAt }) => [startedAt, recoveredAt])).toEqual([[after(0), null], [after(0), after(60)], [after(100), null]]);
  expect(sent[1]?.downAlertId).toBe(sent[0]?.id);
  expect([againAt, isFailed]).toEqual([null, false]);
  expect((await rig.deliver('webhook')).sent).toEqual([]);
  expect(tell((await rig.deliver('telegram')).sent)).toHaveLength(3);
});

test('one that cannot be told holds back what comes after it on its channel and on no other', async () => {
  await outage('database', 0, 60);
  const round = await rig.deliver('telegram', failed('http_502'));
  expect([tell(round.sent), round.isFailed, round.againAt]).toEqual([['down database'], true, after(65)]);
  expect((await rig.deliver('telegram')).sent).toEqual([]);
  expect(await rig.deliveries('telegram')).toMatchObject([{ attemptCount: 1, lastError: 'http_502' }, { attemptCount: 0 }]);
  expect(tell((await rig.deliver('webhook')).sent)).toEqual(['down database', 'recovered database']);
  rig.now = after(65);
  expect(tell((await rig.deliver('telegram')).sent)).toEqual(['down database', 'recovered database']);
});

test('an outage that is told late says so, and goes before its recovery', async () => {
  await outage('telegram', 0, 600);
  const { sent } = await rig.deliver('telegram');
  expect(sent[0]?.text).toMatch(/Since 2026-11-20 06:00:00 UTC.*\nSee .*\nTold 9 min 50 s late: it could not be delivered before\.$/s);
  expect(sent[1]?.text).toMatch(/^Recovered: telegram\n.*down for 10 min, from 2026-11-20 06:00:00 UTC to 2026-11-20 06:10:00 UTC/);
  expect(sent[1]?.text).not.toContain('late');
});

test('the waits between attempts double up to five minutes, and a refusal is tried again more slowly, up to half an hour', async () => {
  await outage('database', 0);
  const waits = async (outcome: ReturnType<typeof failed>, attempts: number) => {
    const seconds: number[] = [];
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const { againAt } = await rig.deliver('webhook', outcome);
      seconds.push(((againAt?.getTime() ?? 0) - rig.now.getTime()) / 1_000);
      rig.now = againAt ?? rig.now;
    }
    return seconds;
  };
  expect(await waits(failed('http_503'), 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  expect(await waits(failed('http_404', { isRefused: true }), 2)).toEqual([1_800, 1_800]);
  expect(await waits(failed('http_429', { retryAfterMs: 900_000 }), 1)).toEqual([900]);
});

test('a recovery waits for its outage even when the clocks of their processes disagree', async () => {
  await outage('database', 0, 60);
  const { sql } = rig.database.handle;
  await sql`update alerts set created_at = ${after(-500).toISOString()} where kind = 'recovered'`;
  expect(tell((await rig.deliver('webhook', failed('not_reached'))).sent)).toEqual(['down database']);
  rig.now = after(300);
  expect(tell((await rig.deliver('webhook')).sent)).toEqual(['down database', 'recovered database']);
});

test('an outage that all was acknowledged of before a channel could be told is withheld there with its recovery, and told where it had been', async () => {
  const id = await outage('telegram', 0);
  await rig.deliver('webhook');
  await rig.deliver('telegram', failed('not_reached'));
  rig.now = after(60);
  await rig.acknowledge(id);
  await rig.recover(id);
  await rig.raise();
  expect((await rig.deliver('telegram')).sent).toEqual([]);
  expect(await rig.deliveries('telegram')).toMatchObject([{ lastError: 'acknowledged', deliveredAt: after(60) }, { lastError: 'acknowledged', deliveredAt: after(60) }]);
  expect(tell((await rig.deliver('webhook')).sent)).toEqual(['recovered telegram']);
});

test('an alert of several outages is told as long as one of them is not acknowledged', async () => {
  const id = await rig.open('database');
  await rig.open('scheduler');
  rig.now = after(10);
  await rig.raise();
  await rig.acknowledge(id);
  expect(tell((await rig.deliver('telegram')).sent)).toEqual(['down database,scheduler']);
});

test('any number of processes at once tell each alert once and in order', async () => {
  for (const [index, check] of ['database', 'scheduler', 'openrouter', 'telegram'].entries()) await outage(check, index * 100, index * 100 + 50);
  const sent: string[] = [];
  const slowly = async (alert: OutgoingAlert) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    sent.push(`${alert.kind} ${alert.checks.join()}`);
    return DELIVERED;
  };
  const deps = { db: rig.database.handle.db, clock: { now: () => rig.now } };
  const signal = new AbortController().signal;
  await Promise.all(Array.from({ length: 5 }, () => deliverAlerts(deps, 'webhook', slowly, signal)));
  expect(sent).toEqual(['database', 'scheduler', 'openrouter', 'telegram'].flatMap((check) => [`down ${check}`, `recovered ${check}`]));
});

test('an attempt whose process died is made again after a minute, not before', async () => {
  await outage('database', 0);
  const deps = { db: rig.database.handle.db, clock: { now: () => rig.now } };
  const dying = deliverAlerts(deps, 'webhook', () => Promise.reject(new Error('killed')), new AbortController().signal);
  await expect(dying).rejects.toThrow('killed');
  expect(await rig.deliver('webhook')).toMatchObject({ sent: [], isFailed: false, againAt: after(70) });
  rig.now = after(70);
  expect(tell((await rig.deliver('webhook')).sent)).toEqual(['down database']);
});

test('an attempt that a stop ended is due at once for whoever comes next', async () => {
  await outage('database', 0);
  const stopping = new AbortController();
  const deps = { db: rig.database.handle.db, clock: { now: () => rig.now } };
  const send = async () => (stopping.abort(), failed('stopped'));
  expect(await deliverAlerts(deps, 'webhook', send, stopping.signal)).toEqual({ isFailed: true, againAt: rig.now });
  await expect(deliverAlerts(deps, 'webhook', send, stopping.signal)).rejects.toThrow();
  expect(tell((await rig.deliver('webhook')).sent)).toEqual(['down database']);
});

test('a channel is due as long as it is owed something that may be tried now', async () => {
  await outage('database', 0);
  const { db } = rig.database.handle;
  expect((await listDueChannels(db, ['telegram', 'webhook'], rig.now)).sort()).toEqual(['telegram', 'webhook']);
  await rig.deliver('telegram');
  await rig.deliver('webhook', failed('timed_out'));
  expect(await listDueChannels(db, ['telegram', 'webhook'], rig.now)).toEqual([]);
  expect(await listDueChannels(db, ['telegram', 'webhook'], after(15))).toEqual(['webhook']);
  expect(await listDueChannels(db, [], after(15))).toEqual([]);
});
