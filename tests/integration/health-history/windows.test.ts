import { afterEach, beforeEach, expect, test } from 'vitest';
import { admins, auditLog, incidents } from '#db/schema/index.ts';
import { OPEN_WINDOWS_MAX, WindowPage, type CreateWindowInput } from '#server/contracts/health-history.ts';
import { createWindow } from '#server/services/health/create-window.ts';
import { deleteWindow } from '#server/services/health/delete-window.ts';
import { endWindow } from '#server/services/health/end-window.ts';
import { listWindows } from '#server/services/health/list-windows.ts';
import { ADMIN_ID, NOON, startHistoryRig, type HistoryRig } from '#tests/support/health-history.ts';

const HOUR = 3_600_000;

let rig: HistoryRig;
beforeEach(async () => {
  rig = await startHistoryRig();
});
afterEach(() => rig.close());

const at = (ms: number) => new Date(NOON.getTime() + ms).toISOString();
const create = (input: Partial<CreateWindowInput> = {}, adminId = ADMIN_ID) =>
  createWindow(rig, { startsAt: at(HOUR), endsAt: at(2 * HOUR), checks: ['database'], reason: 'a new host', ...input }, adminId);
const list = async (input = {}) => WindowPage.parse(await listWindows(rig, input));
const audit = () => rig.db.select().from(auditLog).orderBy(auditLog.id);

test('a window is told with its times, state, checks, reason and who made it', async () => {
  const [admin] = await rig.db.insert(admins).values({ email: 'ops@example.com', passwordHash: 'x', role: 'operator', createdAt: NOON }).returning({ id: admins.id });
  const windowId = await create({}, admin?.id);
  expect((await list()).rows).toEqual([
    {
      windowId, startsAt: at(HOUR), endsAt: at(2 * HOUR), state: 'planned', checks: ['database'], reason: 'a new host', createdBy: 'ops@example.com', createdAt: at(0), incidentCount: 0,
    },
  ]);
  const details = { startsAt: at(HOUR), endsAt: at(2 * HOUR), checks: ['database'], reason: 'a new host' };
  expect(await audit()).toMatchObject([{ adminId: admin?.id, action: 'maintenance.create', subject: `maintenance:${windowId}`, details }]);
});

test('it is planned before its start, runs from then on and is over from its end on', async () => {
  await create();
  const states: string[] = [];
  for (const ms of [HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR]) {
    rig.setNow(new Date(at(ms)));
    states.push((await list()).rows[0]?.state ?? '');
  }
  expect(states).toEqual(['planned', 'running', 'running', 'over']);
});

test('the incidents that began in it are counted', async () => {
  const windowId = await create({ checks: [] });
  const incident = { processId: 1, startedAt: NOON, openedAt: NOON, recoveredAt: NOON, code: 'database_down' };
  await rig.db.insert(incidents).values([
    { ...incident, check: 'database', maintenanceWindowId: windowId },
    { ...incident, check: 'scheduler', maintenanceWindowId: windowId },
    { ...incident, check: 'telegram' },
  ]);
  expect((await list()).rows).toMatchObject([{ incidentCount: 2, checks: [] }]);
});

test('one that has begun may be made, one that would be over may not', async () => {
  await create({ startsAt: at(-HOUR), endsAt: at(1) });
  expect((await list()).rows).toMatchObject([{ state: 'running' }]);
  await expect(create({ startsAt: at(-HOUR), endsAt: at(0) })).rejects.toMatchObject({ code: 'bad_input', message: 'endsAt must lie in the future' });
});

test('there may be only so many at a time; those that are over do not count', async () => {
  for (let index = 0; index < OPEN_WINDOWS_MAX; index += 1) await create();
  await expect(create()).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/at most 100/) });
  rig.wait(2 * HOUR);
  await create({ startsAt: at(3 * HOUR), endsAt: at(4 * HOUR) });
});

test('a running window ends early, once, and keeps its plan in the audit log', async () => {
  const windowId = await create();
  rig.wait(1.5 * HOUR);
  await endWindow(rig, { windowId }, ADMIN_ID);
  expect((await list()).rows).toMatchObject([{ endsAt: at(1.5 * HOUR), state: 'over' }]);
  expect((await audit()).at(-1)).toMatchObject({ action: 'maintenance.end', subject: `maintenance:${windowId}`, details: { endsAt: at(1.5 * HOUR), plannedEndsAt: at(2 * HOUR) } });
  await expect(endWindow(rig, { windowId }, ADMIN_ID)).rejects.toMatchObject({ code: 'conflict', message: 'This maintenance window is over already.' });
  expect(await audit()).toHaveLength(2);
});

test('one that is ended in the moment in which it begins has lasted some time all the same', async () => {
  const windowId = await create();
  rig.wait(HOUR);
  await endWindow(rig, { windowId }, ADMIN_ID);
  expect((await list()).rows).toMatchObject([{ startsAt: at(HOUR), endsAt: at(HOUR + 1) }]);
});

test('one that has not begun cannot be ended, but deleted, and the audit log knows what it was', async () => {
  const windowId = await create();
  await expect(endWindow(rig, { windowId }, ADMIN_ID)).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/has not begun/) });
  await deleteWindow(rig, { windowId }, ADMIN_ID);
  expect((await list()).rows).toEqual([]);
  expect((await audit()).at(-1)).toMatchObject({ action: 'maintenance.delete', details: { startsAt: at(HOUR), checks: ['database'], reason: 'a new host' } });
});

test('one that has begun, or is over, cannot be deleted', async () => {
  const windowId = await create();
  for (const ms of [HOUR, 2 * HOUR]) {
    rig.setNow(new Date(at(ms)));
    await expect(deleteWindow(rig, { windowId }, ADMIN_ID)).rejects.toMatchObject({ code: 'conflict' });
  }
  expect((await list()).rows).toHaveLength(1);
});

test('one that does not exist can be neither ended nor deleted', async () => {
  await expect(endWindow(rig, { windowId: 99 }, ADMIN_ID)).rejects.toMatchObject({ code: 'not_found' });
  await expect(deleteWindow(rig, { windowId: 99 }, ADMIN_ID)).rejects.toMatchObject({ code: 'not_found' });
});

test('pages tell the windows in the reverse order in which they were made', async () => {
  for (let index = 0; index < 5; index += 1) await create({ startsAt: at((9 - index) * HOUR), endsAt: at(10 * HOUR) });
  const first = await list({ limit: 3 });
  const second = await list({ limit: 3, before: first.nextBefore });
  expect([...first.rows, ...second.rows].map(({ windowId }) => windowId)).toEqual([5, 4, 3, 2, 1]);
  expect([first.nextBefore, second.nextBefore]).toEqual([3, null]);
});

test('the answer names the reporting time zone, in which pages tell its instants', async () => {
  expect((await list()).timeZone).toBe('Europe/Moscow');
});
