import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** An outage of a check, from its first failure to its recovery. */
export const incidents = pgTable(
  'incidents',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    check: text('check_name').notNull(),
    /** The process that saw it; it alone says that it is over, unless it died. */
    processId: integer('process_id').notNull(),
    /** The first failed sample, which is earlier than the moment in which it was taken for an outage. */
    startedAt: instant('started_at').notNull(),
    openedAt: instant('opened_at').notNull(),
    /** The first healthy sample of those that ended it; null while it lasts. */
    recoveredAt: instant('recovered_at'),
    /** What the check said, as a code of the health vocabulary and its detail. */
    code: text('code').notNull(),
    detail: text('detail'),
    acknowledgedAt: instant('acknowledged_at'),
    /** An admin's id. */
    acknowledgedBy: bigint('acknowledged_by', { mode: 'number' }),
    note: text('note'),
    /** It began inside a maintenance window: it is on record and nobody is woken for it. */
    maintenanceWindowId: bigint('maintenance_window_id', { mode: 'number' }),
  },
  (table) => [
    // At most one open incident of a check, however many processes see it.
    uniqueIndex('incidents_open_idx').on(table.check).where(sql`recovered_at is null`),
    // Incidents of a range, newest first.
    index('incidents_started_at_idx').on(table.startedAt),
    check('incidents_end_after_start', sql`recovered_at is null or recovered_at >= started_at`),
  ],
);

/** Time in which outages are expected: they are recorded, and alert nobody. */
export const maintenanceWindows = pgTable(
  'maintenance_windows',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** Names of checks; empty for all. */
    checks: text('checks').array().notNull(),
    reason: text('reason').notNull(),
    createdBy: bigint('created_by', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // Windows that are running or to come.
    index('maintenance_windows_ends_at_idx').on(table.endsAt),
    check('maintenance_windows_end_after_start', sql`ends_at > starts_at`),
  ],
);

export type Incident = typeof incidents.$inferSelect;
export type NewIncident = typeof incidents.$inferInsert;
export type MaintenanceWindow = typeof maintenanceWindows.$inferSelect;
