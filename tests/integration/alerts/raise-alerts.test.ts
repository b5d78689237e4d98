import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordTold } from '#server/services/alerts/record-told.ts';
import { createToldAlert } from '#server/services/alerts/told-alert.ts';
import { after, ALERT_TEXTS, DAWN, HEALTH_URL, startAlertRig, type AlertRig } from '#tests/support/alerts.ts';

let rig: AlertRig;
beforeEach(async () => {
  rig = await startAlertRig();
});
afterEach(() => rig.close());

const told = async () => (await rig.alerts()).map(({ kind, checks }) => [kind, ...checks]);

test('checks that fail within ten seconds are one alert, which says since when and what they found, owed to every channel', async () => {
  await rig.open('database');
  await rig.open('scheduler', { startedAt: after(9), openedAt: after(9) });
  rig.now = after(9.999);
  expect(await rig.raise()).toBe(0);
  rig.now = after(10);
  expect(await rig.raise()).toBe(1);
  const [alert] = await rig.alerts();
  expect(alert).toMatchObject({ kind: 'down', checks: ['database', 'scheduler'], downAlertId: null, createdAt: after(10) });
  expect(alert?.text).toBe(
    `Down: database, scheduler\ndatabase: It said database_down. Since 2026-11-20 06:00:00 UTC.\nscheduler: It said scheduler_down. Since 2026-11-20 06:00:09 UTC.\nSee ${HEALTH_URL}`,
  );
  expect(await rig.deliveries('telegram')).toHaveLength(1);
  expect(await rig.deliveries('webhook')).toMatchObject([{ nextAttemptAt: after(10), deliveredAt: null, attemptCount: 0 }]);
  expect(await rig.raise()).toBe(0);
});

test('a recovery is told once, when the last check of the alert works again, with the times of each', async () => {
  const [database, scheduler] = [await rig.open('database'), await rig.open('scheduler')];
  rig.now = after(10);
  await rig.raise();
  await rig.recover(database, after(60));
  rig.now = after(61);
  expect(await rig.raise()).toBe(0);
  await rig.recover(scheduler, after(3_665));
  rig.now = after(3_700);
  expect(await rig.raise()).toBe(1);
  expect(await rig.raise()).toBe(0);
  const [down, recovered] = await rig.alerts();
  expect(recovered).toMatchObject({ kind: 'recovered', downAlertId: down?.id, checks: ['database', 'scheduler'] });
  expect(recovered?.text).toBe(
    `Recovered: database, scheduler\ndatabase: down for 1 min, from 2026-11-20 06:00:00 UTC to 2026-11-20 06:01:00 UTC.\nscheduler: down for 1 h 1 min, from 2026-11-20 06:00:00 UTC to 2026-11-20 07:01:05 UTC.\nSee ${HEALTH_URL}`,
  );
});

test('a recovery is owed where its outage was told, not where a channel has been added since', async () => {
  const id = await rig.open('telegram');
  rig.now = after(10);
  await rig.raise({ channels: ['webhook'] });
  await rig.recover(id);
  await rig.raise({ channels: ['telegram', 'webhook'] });
  expect(await rig.deliveries('telegram')).toEqual([]);
  expect(await rig.deliveries('webhook')).toHaveLength(2);
});

test('an outage that was over before it could be told is told with its recovery, unless that is a day ago', async () => {
  await rig.open('openrouter', { recoveredAt: after(5) });
  await rig.open('telegram', { startedAt: after(-86_400), openedAt: after(-86_400), recoveredAt: after(-86_391) });
  rig.now = after(10);
  expect(await rig.raise()).toBe(2);
  expect(await told()).toEqual([['down', 'openrouter'], ['recovered', 'openrouter']]);
});

test('without a channel an alert is on record and owed to nobody', async () => {
  await rig.open('database');
  rig.now = after(10);
  expect(await rig.raise({ channels: [] })).toBe(1);
  expect([...(await rig.deliveries('telegram')), ...(await rig.deliveries('webhook'))]).toEqual([]);
});

test('nobody is told of an outage that was acknowledged before its alert was made', async () => {
  const known = await rig.open('database');
  await rig.acknowledge(known);
  rig.now = after(20);
  expect(await rig.raise()).toBe(0);
  await rig.open('scheduler', { startedAt: after(11), openedAt: after(11) });
  rig.now = after(30);
  await rig.raise();
  await rig.recover(known);
  expect(await rig.raise()).toBe(0);
  expect(await told()).toEqual([['down', 'scheduler']]);
});

test('nobody is told of an outage that began in a maintenance window and ended in it', async () => {
  const maintenanceWindowId = await rig.addWindow(DAWN, after(600));
  const id = await rig.open('database', { maintenanceWindowId });
  rig.now = after(300);
  expect(await rig.raise()).toBe(0);
  await rig.recover(id, after(301));
  rig.now = after(900);
  expect(await rig.raise()).toBe(0);
});

test('an outage that outlasts its maintenance window is told at the end of the window', async () => {
  const maintenanceWindowId = await rig.addWindow(DAWN, after(600));
  await rig.open('database', { maintenanceWindowId });
  rig.now = after(599);
  expect(await rig.raise()).toBe(0);
  rig.now = after(600);
  expect(await rig.raise()).toBe(1);
  expect(await told()).toEqual([['down', 'database']]);
});

test('an outage whose maintenance window was deleted is told', async () => {
  await rig.open('database', { maintenanceWindowId: 99 });
  rig.now = after(10);
  expect(await rig.raise()).toBe(1);
});

test('what another living process saw is for that one to tell, and is told by this one once that one is dead', async () => {
  const other = await rig.addProcess(after(0));
  await rig.open('database', { processId: other });
  rig.now = after(80);
  expect(await rig.raise()).toBe(0);
  rig.now = after(91);
  expect(await rig.raise()).toBe(1);
});

test('processes that raise at once make each alert once', async () => {
  const ids = [await rig.open('database'), await rig.open('scheduler')];
  rig.now = after(10);
  const counts = await Promise.all(Array.from({ length: 6 }, () => rig.raise()));
  expect(counts.filter((count) => count === 1)).toHaveLength(1);
  for (const id of ids) await rig.recover(id);
  await Promise.all(Array.from({ length: 6 }, () => rig.raise()));
  expect(await told()).toEqual([['down', 'database', 'scheduler'], ['recovered', 'database', 'scheduler']]);
});

test('a raise that was given up on leaves nothing behind', async () => {
  await rig.open('database');
  rig.now = after(10);
  await expect(rig.raise({ signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  expect(await rig.alerts()).toEqual([]);
});

test('what was told from memory is left out until it is linked to its outage, and then gets its recovery', async () => {
  const startedAt = after(3.123);
  const id = await rig.open('database', { startedAt, openedAt: startedAt });
  rig.now = after(20);
  expect(await rig.raise({ except: [{ check: 'database', startedAt }] })).toBe(0);
  const incident = { id, check: 'database', startedAt, openedAt: startedAt, recoveredAt: null, code: 'database_down', detail: null, maintenanceWindowId: null } as const;
  const alert = createToldAlert([incident], ['telegram', 'webhook'], ALERT_TEXTS, after(13));
  const [owed, done] = alert.deliveries;
  if (!owed || !done) throw new Error('a delivery per channel');
  const partly = { ...alert, deliveries: [{ ...owed, attemptCount: 2, lastError: 'not_reached' }, { ...done, attemptCount: 1, deliveredAt: after(13) }] };
  const { db } = rig.database.handle;
  await recordTold(db, [partly], new AbortController().signal);
  await recordTold(db, [partly], new AbortController().signal);
  expect(await rig.raise()).toBe(0);
  expect(await rig.deliveries('telegram')).toMatchObject([{ attemptCount: 2, deliveredAt: null, lastError: 'not_reached' }]);
  expect(await rig.deliveries('webhook')).toMatchObject([{ attemptCount: 1, deliveredAt: after(13) }]);
  await rig.recover(id);
  await rig.raise();
  expect(await told()).toEqual([['down', 'database'], ['recovered', 'database']]);
});

test('a new alert is a reason to try at once what waits, except an attempt that runs', async () => {
  await rig.open('database');
  rig.now = after(10);
  await rig.raise();
  await rig.deliver('telegram', { isDelivered: false, code: 'http_400', isRefused: true, retryAfterMs: null });
  const { sql } = rig.database.handle;
  await sql`update alert_deliveries set next_attempt_at = ${after(70).toISOString()}, last_error = 'unfinished' where channel = 'webhook'`;
  await rig.open('scheduler', { startedAt: after(11), openedAt: after(11) });
  rig.now = after(21);
  await rig.raise();
  expect((await rig.deliveries('telegram')).map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([after(21), after(21)]);
  expect((await rig.deliveries('webhook')).map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([after(70), after(21)]);
});

test('a new alert does not shorten the wait that a channel itself asked for', async () => {
  await rig.open('database');
  rig.now = after(10);
  await rig.raise();
  await rig.deliver('telegram', { isDelivered: false, code: 'http_429', isRefused: true, retryAfterMs: 300_000 });
  await rig.open('scheduler', { startedAt: after(11), openedAt: after(11) });
  rig.now = after(21);
  await rig.raise();
  expect((await rig.deliveries('telegram')).map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([after(310), after(21)]);
});
