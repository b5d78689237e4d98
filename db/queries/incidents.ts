import { and, desc, eq, gt, gte, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { admins, incidents, maintenanceWindows, processes, type MaintenanceWindow } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

/** Each check has one at most. */
const OPEN_INCIDENTS_MAX = 100;

/** The incidents that last, and when the process that is to end each was last seen; null where it is not on record. */
export function listOpenIncidents(executor: Executor) {
  return executor
    .select({ incident: incidents, seenAt: processes.lastSeenAt })
    .from(incidents)
    .leftJoin(processes, eq(processes.id, incidents.processId))
    .where(isNull(incidents.recoveredAt))
    .limit(OPEN_INCIDENTS_MAX);
}

export interface IncidentPlace {
  readonly startedAt: Date;
  readonly id: number;
}

export interface IncidentPageQuery {
  readonly range: InstantRange;
  readonly check?: string | undefined;
  readonly isOpen?: boolean | undefined;
  /** Rows from the one behind this place on. */
  readonly after: IncidentPlace | null;
  readonly limit: number;
}

/** One page of the incidents that lasted into a range, the newest first. */
export function listIncidents(executor: Executor, { range, check, isOpen, after, limit }: IncidentPageQuery) {
  return executor
    .select({ incident: incidents, acknowledgedBy: admins.email })
    .from(incidents)
    .leftJoin(admins, eq(admins.id, incidents.acknowledgedBy))
    .where(
      and(
        lt(incidents.startedAt, range.to),
        or(isNull(incidents.recoveredAt), gte(incidents.recoveredAt, range.from)),
        check === undefined ? undefined : eq(incidents.check, check),
        isOpen === undefined ? undefined : isOpen ? isNull(incidents.recoveredAt) : isNotNull(incidents.recoveredAt),
        after ? sql`(${incidents.startedAt}, ${incidents.id}) < (${after.startedAt.toISOString()}::timestamptz, ${after.id}::bigint)` : undefined,
      ),
    )
    .orderBy(desc(incidents.startedAt), desc(incidents.id))
    .limit(limit);
}

/** Windows that had not ended at an instant. */
export function listOpenWindows(executor: Executor, at: Date, limit: number): Promise<MaintenanceWindow[]> {
  return executor.select().from(maintenanceWindows).where(gt(maintenanceWindows.endsAt, at)).orderBy(maintenanceWindows.id).limit(limit);
}

/** One page of windows, those that were made last first. */
export function listWindows(executor: Executor, { before, limit }: { readonly before?: number | undefined; readonly limit: number }) {
  return executor
    .select({
      window: maintenanceWindows,
      createdBy: admins.email,
      incidentCount: sql`(select count(*) from ${incidents} where ${incidents.maintenanceWindowId} = ${maintenanceWindows.id})`.mapWith(Number),
    })
    .from(maintenanceWindows)
    .leftJoin(admins, eq(admins.id, maintenanceWindows.createdBy))
    .where(before === undefined ? undefined : lt(maintenanceWindows.id, before))
    .orderBy(desc(maintenanceWindows.id))
    .limit(limit);
}
