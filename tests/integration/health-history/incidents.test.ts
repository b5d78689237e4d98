import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { admins, auditLog, incidents, type NewIncident } from '#db/schema/index.ts';
import { IncidentPage, type ListIncidentsInput } from '#server/contracts/health-history.ts';
import { acknowledgeIncident } from '#server/services/health/acknowledge-incident.ts';
import { listIncidents } from '#server/services/health/list-incidents.ts';
import { ADMIN_ID, NOON, startHistoryRig, type HistoryRig } from '#tests/support/health-history.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let rig: HistoryRig;
beforeEach(async () => {
  rig = await startHistoryRig();
});
afterEach(() => rig.close());

const before = (ms: number) => new Date(NOON.getTime() - ms);
const list = async (input: ListIncidentsInput = {}) => IncidentPage.parse(await listIncidents(rig, input));
const acknowledge = (incidentId: number, note = 'a new key is on its way', adminId = ADMIN_ID) => acknowledgeIncident(rig, { incidentId, note }, adminId);
const audit = () => rig.db.select().from(auditLog).orderBy(auditLog.id);

async function store(values: Partial<NewIncident> & { readonly startedAt: Date }): Promise<number> {
  const [row] = await rig.db
    .insert(incidents)
    .values({ check: 'telegram', processId: 1, openedAt: values.startedAt, recoveredAt: null, code: 'telegram_down', ...values })
    .returning({ id: incidents.id });
  return row?.id ?? 0;
}

test('an incident is told with its times, its length and what the check said', async () => {
  const id = await store({ startedAt: before(HOUR), openedAt: before(HOUR - MINUTE), recoveredAt: before(HOUR / 2), code: 'timed_out', detail: '10', maintenanceWindowId: 3 });
  expect((await list()).rows).toEqual([
    {
      incidentId: id, check: 'telegram', startedAt: before(HOUR).toISOString(), openedAt: before(HOUR - MINUTE).toISOString(), recoveredAt: before(HOUR / 2).toISOString(),
      durationMs: HOUR / 2, code: 'timed_out', detail: '10', acknowledgedAt: null, acknowledgedBy: null, note: null, maintenanceWindowId: 3,
    },
  ]);
});

test('one that lasts is as long as it has lasted', async () => {
  await store({ startedAt: before(HOUR) });
  expect((await list()).rows).toMatchObject([{ recoveredAt: null, durationMs: HOUR }]);
});

test('a range has the incidents that lasted into it, those that began before it and those that last still', async () => {
  await store({ startedAt: before(9 * HOUR), recoveredAt: before(8 * HOUR) });
  const into = await store({ startedAt: before(7 * HOUR), recoveredAt: before(5 * HOUR) });
  const inside = await store({ startedAt: before(4 * HOUR), recoveredAt: before(3.5 * HOUR) });
  await store({ startedAt: before(2 * HOUR), recoveredAt: before(HOUR) });
  const open = await store({ startedAt: before(10 * HOUR) });
  const { rows, range } = await list({ from: before(6 * HOUR).toISOString(), to: before(3 * HOUR).toISOString() });
  expect(rows.map(({ incidentId }) => incidentId)).toEqual([inside, into, open]);
  expect(range).toEqual({ preset: null, from: before(6 * HOUR).toISOString(), to: before(3 * HOUR).toISOString() });
});

test('incidents can be narrowed to a check, to those that last and to those that are over', async () => {
  const lasts = await store({ startedAt: before(HOUR) });
  const over = await store({ startedAt: before(3 * HOUR), recoveredAt: before(2 * HOUR) });
  const other = await store({ check: 'database', startedAt: before(2 * HOUR), code: 'database_down' });
  const idsOf = async (input: ListIncidentsInput) => (await list(input)).rows.map(({ incidentId }) => incidentId);
  expect(await idsOf({ check: 'telegram' })).toEqual([lasts, over]);
  expect(await idsOf({ isOpen: true })).toEqual([lasts, other]);
  expect(await idsOf({ isOpen: false })).toEqual([over]);
  expect(await idsOf({ isOpen: true, check: 'scheduler' })).toEqual([]);
});

test('pages follow one another without loss or repetition, also among incidents of one instant and while new ones come', async () => {
  for (let index = 0; index < 7; index += 1) await store({ check: `check ${index}`, startedAt: before(index < 4 ? HOUR : 2 * HOUR) });
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.rows.map(({ incidentId }) => incidentId));
    cursor = page.nextCursor ?? undefined;
    await store({ check: `late ${seen.length}`, startedAt: before(MINUTE) });
  } while (cursor !== undefined);
  expect(seen).toEqual([4, 3, 2, 1, 7, 6, 5]);
});

test('a check and a code of another version are told as other', async () => {
  await store({ check: 'fax', code: 'fax_jammed', startedAt: before(HOUR) });
  expect((await list()).rows).toMatchObject([{ check: 'other', code: 'other' }]);
});

test('an incident is acknowledged with a note, by an admin whose e-mail is told, and the audit log says so', async () => {
  const [admin] = await rig.db.insert(admins).values({ email: 'ops@example.com', passwordHash: 'x', role: 'operator', createdAt: NOON }).returning({ id: admins.id });
  const id = await store({ startedAt: before(HOUR) });
  await acknowledge(id, 'a new key is on its way', admin?.id);
  expect((await list()).rows).toMatchObject([{ acknowledgedAt: NOON.toISOString(), acknowledgedBy: 'ops@example.com', note: 'a new key is on its way', recoveredAt: null }]);
  expect(await audit()).toMatchObject([{ adminId: admin?.id, action: 'incident.acknowledge', subject: `incident:${id}`, details: { check: 'telegram', note: 'a new key is on its way' } }]);
  await rig.db.delete(admins).where(eq(admins.id, admin?.id ?? 0));
  expect((await list()).rows).toMatchObject([{ acknowledgedBy: null, acknowledgedAt: NOON.toISOString() }]);
});

test('one that is over can be acknowledged too', async () => {
  await acknowledge(await store({ startedAt: before(HOUR), recoveredAt: before(MINUTE) }));
  expect((await list()).rows).toMatchObject([{ note: 'a new key is on its way' }]);
});

test('of two who acknowledge at once one is refused, and the first words stay', async () => {
  const id = await store({ startedAt: before(HOUR) });
  const results = await Promise.allSettled([acknowledge(id, 'one', 1), acknowledge(id, 'two', 2)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(acknowledge(id, 'three', 3)).rejects.toMatchObject({ code: 'conflict', message: 'This incident is acknowledged already.' });
  expect(await audit()).toHaveLength(1);
});

test('the same words of the same admin again change nothing', async () => {
  const id = await store({ startedAt: before(HOUR) });
  await acknowledge(id);
  rig.wait(MINUTE);
  await acknowledge(id);
  expect((await list()).rows).toMatchObject([{ acknowledgedAt: NOON.toISOString() }]);
  expect(await audit()).toHaveLength(1);
});

test('an incident that does not exist cannot be acknowledged', async () => {
  await expect(acknowledge(99)).rejects.toMatchObject({ code: 'not_found' });
  expect(await audit()).toEqual([]);
});

test('the answer names the reporting time zone, in which pages tell its instants', async () => {
  expect((await list()).timeZone).toBe('Europe/Moscow');
});
