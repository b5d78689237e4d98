import { afterEach, beforeEach, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#db/client.ts';
import { alertDeliveries, alertIncidents, alerts, driftActivity, incidents, invoices } from '#db/schema/index.ts';
import { deleteExpired } from '#server/services/maintenance/delete-expired.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
/** `days` before now, and a millisecond more or less. */
const ago = (days: number, besideMs = 0) => new Date(NOW.getTime() - days * DAY_MS - besideMs);

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterEach(() => database.drop());

async function seedIncident(check: string, startedAt: Date, recoveredAt: Date | null): Promise<number> {
  const [row] = await db.insert(incidents).values({ check, processId: 1, startedAt, openedAt: startedAt, recoveredAt, code: 'timed_out' }).returning({ id: incidents.id });
  return row?.id ?? 0;
}

/** An alert of outages, as told to a channel; or the recovery that belongs to another alert. */
async function seedAlert(createdAt: Date, about: { readonly incidentIds: readonly number[] } | { readonly downAlertId: string }): Promise<string> {
  const id = uuidv7();
  const downAlertId = 'downAlertId' in about ? about.downAlertId : null;
  await db.insert(alerts).values({ id, kind: downAlertId ? 'recovered' : 'down', downAlertId, checks: ['database'], text: 'It is so.', createdAt });
  await db.insert(alertDeliveries).values({ alertId: id, channel: 'telegram', nextAttemptAt: createdAt, deliveredAt: createdAt });
  if ('incidentIds' in about) await db.insert(alertIncidents).values(about.incidentIds.map((incidentId) => ({ alertId: id, incidentId })));
  return id;
}
const idsOf = async (table: 'alerts' | 'alert_deliveries' | 'alert_incidents' | 'incidents', column: string) => {
  const { sql } = database.handle;
  return (await sql`select ${sql(column)}::text as id from ${sql(table)} order by 1`).map((row): unknown => row['id']);
};

test('an outage goes with its alerts and their deliveries when it ended more than four hundred days ago', async () => {
  const over = await seedIncident('database', ago(410), ago(400, 1));
  const recent = await seedIncident('telegram', ago(410), ago(400));
  await seedIncident('openrouter', ago(500), ago(499));
  const gone = await seedAlert(ago(410), { incidentIds: [over] });
  await seedAlert(ago(400, 1), { downAlertId: gone });
  const kept = await seedAlert(ago(410), { incidentIds: [recent] });
  const recovery = await seedAlert(ago(399), { downAlertId: kept });
  await deleteExpired(db, NOW);
  expect(await idsOf('incidents', 'id')).toEqual([String(recent)]);
  expect(await idsOf('alerts', 'id')).toEqual([kept, recovery].sort());
  expect(await idsOf('alert_deliveries', 'alert_id')).toEqual([kept, recovery].sort());
  expect(await idsOf('alert_incidents', 'alert_id')).toEqual([kept]);
});

test('an outage that lasts keeps all that an alert told with it, however old', async () => {
  const [over, open] = [await seedIncident('database', ago(600), ago(599)), await seedIncident('telegram', ago(600), null)];
  const alert = await seedAlert(ago(600), { incidentIds: [over, open] });
  await seedAlert(ago(598), { downAlertId: alert });
  await deleteExpired(db, NOW);
  expect(await idsOf('incidents', 'id')).toEqual([String(over), String(open)]);
  expect(await idsOf('alerts', 'id')).toHaveLength(2);
});

test('the account of a day by the provider is kept for four hundred days', async () => {
  const day = (date: string) => ({ date, model: 'vendor/model', ledgerUsd: '1', providerUsd: '1', ledgerCount: 1, providerCount: 1, checkedAt: NOW });
  await db.insert(driftActivity).values([day('2025-10-15'), day('2025-10-16'), day('2026-11-19')]);
  await deleteExpired(db, NOW);
  expect((await db.select({ date: driftActivity.date }).from(driftActivity)).map(({ date }) => date)).toEqual(['2025-10-16', '2026-11-19']);
});

test('an invoice that nobody paid is kept for thirty days, and a paid one for ever', async () => {
  const invoice = (sentAt: Date, paidAt: Date | null) => ({ id: uuidv7(), userId: 1, plan: 'premium' as const, stars: 250, sentAt, paidAt });
  const rows = [invoice(ago(30, 1), null), invoice(ago(30), null), invoice(ago(1), null), invoice(ago(900), ago(900))];
  await db.insert(invoices).values(rows);
  await deleteExpired(db, NOW);
  const kept = (await db.select({ id: invoices.id }).from(invoices)).map(({ id }) => id);
  expect(kept.toSorted()).toEqual(rows.slice(1).map(({ id }) => id).sort());
});
