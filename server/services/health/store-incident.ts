import { and, eq, isNull, lte, ne, or, gte, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { incidents, type Incident } from '#db/schema/index.ts';
import { invariant } from '#server/errors.ts';
import type { ObservedIncident } from './types.ts';

/**
 * Puts an incident on record: one that lasts, or one that is over already because Postgres was away. What another process
 * has on record of the same outage stands, and is returned instead; so is the row of a call before whose answer was lost.
 */
export async function storeIncident(db: Database, processId: number, incident: ObservedIncident): Promise<Incident> {
  return db.transaction(async (tx) => {
    // Processes that see the same outage write one after the other.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('incidents', 0))`);
    const known = (await findOwn(tx, processId, incident)) ?? (await findSame(tx, incident, processId));
    if (known) return known;
    const { check, startedAt, openedAt, recoveredAt, code, detail } = incident;
    const [stored] = await tx
      .insert(incidents)
      .values({ check, processId, startedAt, openedAt, recoveredAt, code, detail, maintenanceWindowId: windowOf(check, startedAt) })
      .returning();
    invariant(stored, 'an inserted incident is returned');
    return stored;
  });
}

async function findOwn(tx: Transaction, processId: number, { check, startedAt }: ObservedIncident): Promise<Incident | undefined> {
  const [own] = await tx
    .select()
    .from(incidents)
    .where(and(eq(incidents.check, check), eq(incidents.processId, processId), eq(incidents.startedAt, startedAt)));
  return own;
}

/** The one that lasts; for an outage that is over, also one of another process at the same time. */
async function findSame(tx: Transaction, { check, startedAt, recoveredAt }: ObservedIncident, processId: number): Promise<Incident | undefined> {
  const overlaps = recoveredAt
    ? and(ne(incidents.processId, processId), lte(incidents.startedAt, recoveredAt), or(isNull(incidents.recoveredAt), gte(incidents.recoveredAt, startedAt)))
    : isNull(incidents.recoveredAt);
  const [same] = await tx.select().from(incidents).where(and(eq(incidents.check, check), overlaps)).orderBy(incidents.startedAt).limit(1);
  return same;
}

function windowOf(check: string, at: Date) {
  return sql`(
    select id from maintenance_windows
    where starts_at <= ${at.toISOString()}::timestamptz and ends_at > ${at.toISOString()}::timestamptz and (checks = '{}' or ${check} = any(checks))
    order by id limit 1)`;
}

/** Ends an incident of this process. False when it is not this process's any more, or over already. */
export async function closeIncident(db: Database, processId: number, end: { readonly id: number; readonly recoveredAt: Date }): Promise<boolean> {
  const { id, recoveredAt } = end;
  const closed = await db
    .update(incidents)
    .set({ recoveredAt: sql`greatest(${incidents.startedAt}, ${recoveredAt.toISOString()}::timestamptz)` })
    .where(and(eq(incidents.id, id), eq(incidents.processId, processId), isNull(incidents.recoveredAt)))
    .returning({ id: incidents.id });
  return closed.length > 0;
}

/** Makes an incident that lasts this process's own, if it is still that of the process that is taken for dead. */
export async function takeOverIncident(db: Database, processId: number, { id, from }: { readonly id: number; readonly from: number }): Promise<boolean> {
  const taken = await db
    .update(incidents)
    .set({ processId })
    .where(and(eq(incidents.id, id), eq(incidents.processId, from), isNull(incidents.recoveredAt)))
    .returning({ id: incidents.id });
  return taken.length > 0;
}
