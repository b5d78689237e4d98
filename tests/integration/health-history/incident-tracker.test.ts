import { afterEach, beforeEach, expect, test } from 'vitest';
import { maintenanceWindows } from '#db/schema/index.ts';
import { invariant } from '#server/errors.ts';
import { closeIncident, storeIncident } from '#server/services/health/store-incident.ts';
import { ADMIN_ID, NOON, sampleOf, startHistoryRig, type HistoryProcess, type HistoryRig } from '#tests/support/health-history.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

let rig: HistoryRig;
let bot: HistoryProcess;
beforeEach(async () => {
  rig = await startHistoryRig();
  bot = await rig.startProcess();
  await bot.write();
});
afterEach(() => rig.close());

const fail = (times: number, everyMs = MINUTE) => rig.sample([bot], 'telegram', 'unhealthy', times, everyMs);
const heal = (times: number, everyMs = MINUTE) => rig.sample([bot], 'telegram', 'healthy', times, everyMs);
const after = (ms: number) => new Date(NOON.getTime() + ms);

test('an outage is on record from its first failure to its first success, with what the check said', async () => {
  fail(2);
  await bot.write();
  expect(await rig.incidents()).toMatchObject([
    { check: 'telegram', processId: bot.id, startedAt: after(MINUTE), openedAt: after(2 * MINUTE), recoveredAt: null, code: 'timed_out', detail: '3', maintenanceWindowId: null },
  ]);
  heal(2);
  await bot.write();
  expect(await rig.incidents()).toMatchObject([{ startedAt: after(MINUTE), recoveredAt: after(3 * MINUTE) }]);
});

test('it is told once when it opens and once when it is over, with its id, and writing again tells nothing more', async () => {
  fail(4);
  await bot.write();
  await bot.write();
  heal(4);
  await bot.write();
  await bot.write();
  const [incident] = await rig.incidents();
  expect(bot.told.map(({ change, id }) => [change.kind, id])).toEqual([['opened', incident?.id], ['recovered', incident?.id]]);
  expect(bot.told[1]?.change.incident).toBe(bot.told[0]?.change.incident);
});

test('it is written and told without waiting for the next round', async () => {
  fail(2);
  await expect.poll(() => bot.news()).toEqual(['opened telegram']);
  expect(await rig.incidents()).toHaveLength(1);
});

test('one failure is none, and nothing is told', async () => {
  fail(1);
  heal(3);
  fail(1);
  await bot.write();
  expect([await rig.incidents(), bot.told]).toEqual([[], []]);
});

test('a check that fails again within the cool-down is in the same incident', async () => {
  fail(2);
  heal(3, 15 * SECOND);
  fail(1, 15 * SECOND);
  heal(3, 15 * SECOND);
  await bot.write();
  expect(bot.news()).toEqual(['opened telegram']);
  heal(3, 30 * SECOND);
  await bot.write();
  expect(await rig.incidents()).toHaveLength(1);
  expect(bot.news()).toEqual(['opened telegram', 'recovered telegram']);
});

test('while it is disabled an incident neither begins nor ends', async () => {
  rig.sample([bot], 'telegram', 'disabled', 5, MINUTE);
  fail(2);
  rig.sample([bot], 'telegram', 'disabled', 5, MINUTE);
  await bot.write();
  expect(await rig.incidents()).toMatchObject([{ recoveredAt: null }]);
});

test('checks have incidents of their own', async () => {
  rig.sample([bot], 'openrouter', 'unhealthy', 2, MINUTE);
  fail(2);
  await bot.write();
  expect((await rig.incidents()).map(({ check }) => check)).toEqual(['openrouter', 'telegram']);
});

test('an outage of Postgres is told while it lasts, without an id, and recorded afterwards with its true times', async () => {
  bot.link.set('away');
  rig.sample([bot], 'database', 'unhealthy', 4, SECOND);
  await expect.poll(() => bot.told.map(({ change, id }) => [change.kind, id])).toEqual([['opened', null]]);
  expect(await bot.write()).toBe(false);
  rig.wait(10 * MINUTE);
  rig.sample([bot], 'database', 'healthy', 62, SECOND);
  await expect.poll(() => bot.news(), { timeout: 10_000 }).toEqual(['opened database', 'recovered database']);
  expect(await rig.incidents()).toEqual([]);
  bot.link.set('up');
  await expect.poll(() => bot.write()).toBe(true);
  const [incident, ...others] = await rig.incidents();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({ check: 'database', startedAt: after(SECOND), openedAt: after(3 * SECOND), recoveredAt: after(10 * MINUTE + 5 * SECOND) });
  expect(bot.told).toHaveLength(2);
  expect(bot.told[0]?.change.incident.id).toBe(incident?.id);
});

test('a Postgres that holds the line and says nothing does not keep an incident from being told', async () => {
  bot = await rig.startProcess({ storeWaitMs: 250 });
  await bot.write();
  bot.link.set('frozen');
  rig.sample([bot], 'database', 'unhealthy', 4, SECOND);
  await expect.poll(() => bot.news()).toEqual(['opened database']);
  bot.link.set('up');
  await expect.poll(() => rig.incidents()).toHaveLength(1);
  expect(bot.told).toHaveLength(1);
});

test('an incident whose answer was lost is not stored twice', async () => {
  fail(2);
  await bot.write();
  const told = bot.told[0]?.change.incident;
  invariant(told, 'an incident was told');
  const [open] = await rig.incidents();
  expect(await storeIncident(bot.db, bot.id, told)).toEqual(open);
  heal(2);
  await bot.write();
  expect(await storeIncident(bot.db, bot.id, told)).toMatchObject({ id: open?.id, recoveredAt: after(3 * MINUTE) });
  expect(await rig.incidents()).toHaveLength(1);
});

test('an incident that is over or another’s is not ended again', async () => {
  fail(2);
  await bot.write();
  const [open] = await rig.incidents();
  const end = { id: open?.id ?? 0, recoveredAt: after(0) };
  expect(await closeIncident(bot.db, bot.id + 1, end)).toBe(false);
  expect(await closeIncident(bot.db, bot.id, end)).toBe(true);
  expect(await closeIncident(bot.db, bot.id, { ...end, recoveredAt: after(9 * MINUTE) })).toBe(false);
  // An end before the beginning, as a clock that was set back gives it, is none.
  expect(await rig.incidents()).toMatchObject([{ recoveredAt: after(MINUTE) }]);
});

test('several outages during one of Postgres are all recorded, in their order', async () => {
  bot.link.set('away');
  for (let outage = 0; outage < 3; outage += 1) {
    fail(2);
    heal(3);
  }
  await expect.poll(() => bot.told.length, { timeout: 10_000 }).toBe(6);
  bot.link.set('up');
  await expect.poll(() => bot.write()).toBe(true);
  const stored = await rig.incidents();
  expect(stored.map(({ startedAt, recoveredAt }) => [startedAt, recoveredAt])).toEqual([0, 5, 10].map((minutes) => [after((minutes + 1) * MINUTE), after((minutes + 3) * MINUTE)]));
});

test('an incident that Postgres can never take holds up no other', async () => {
  for (let time = 0; time < 3; time += 1) {
    rig.wait(30 * SECOND);
    bot.writer.onSample({ ...sampleOf('scheduler', 'unhealthy'), detail: 'a \u0000 in it' });
  }
  fail(2);
  await bot.write();
  expect((await rig.incidents()).map(({ check }) => check)).toEqual(['telegram']);
  expect(bot.news().sort()).toEqual(['opened scheduler', 'opened telegram']);
});

test('what begins inside a maintenance window of the check carries its id, what begins before or outside does not', async () => {
  const window = { startsAt: after(MINUTE), endsAt: after(MINUTE + SECOND), reason: 'a new host', createdBy: ADMIN_ID, createdAt: NOON };
  const [other, own] = await rig.db
    .insert(maintenanceWindows)
    .values([{ ...window, checks: ['database'] }, { ...window, checks: ['telegram', 'openrouter'] }])
    .returning();
  expect(other).toBeDefined();
  fail(2);
  await bot.write();
  heal(3);
  fail(2);
  await bot.write();
  expect((await rig.incidents()).map(({ maintenanceWindowId }) => maintenanceWindowId)).toEqual([own?.id, null]);
  expect(bot.told[0]?.change.incident.maintenanceWindowId).toBe(own?.id);
});

test('maintenance of Postgres itself is known while it is away', async () => {
  const window = { startsAt: NOON, endsAt: after(60 * MINUTE), checks: [], reason: 'a new version', createdBy: ADMIN_ID, createdAt: NOON };
  const [planned] = await rig.db.insert(maintenanceWindows).values(window).returning();
  await bot.write();
  bot.link.set('away');
  rig.sample([bot], 'database', 'unhealthy', 4, SECOND);
  await expect.poll(() => bot.told.map(({ change }) => change.incident.maintenanceWindowId)).toEqual([planned?.id]);
});
