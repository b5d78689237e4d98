import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** What the owner is told of outages: one for all checks that fail together, and one when they are over. */
export const alerts = pgTable('alerts', {
  /** UUIDv7, made before it is stored: a database that is away can be told of while it is. */
  id: uuid('id').primaryKey(),
  kind: text('kind', { enum: ['down', 'recovered'] }).notNull(),
  /** Of a recovery: the alert that told of the outage. */
  downAlertId: uuid('down_alert_id'),
  /** Names of the checks that it speaks of. */
  checks: text('checks').array().notNull(),
  /** In words, as sent. */
  text: text('text').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** An alert is owed to each channel until it is delivered there; a channel gets its alerts in their order. */
export const alertDeliveries = pgTable(
  'alert_deliveries',
  {
    alertId: uuid('alert_id')
      .notNull()
      .references(() => alerts.id),
    channel: text('channel', { enum: ['telegram', 'webhook'] }).notNull(),
    attemptCount: integer('attempt_count').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    deliveredAt: instant('delivered_at'),
    /** What the last attempt came to, as a short code; `unfinished`: it runs, or its process died; `acknowledged`: it was not told, because somebody knew. */
    lastError: text('last_error'),
  },
  (table) => [
    primaryKey({ columns: [table.alertId, table.channel] }),
    // What is still owed.
    index('alert_deliveries_owed_idx').on(table.channel, table.nextAttemptAt).where(sql`delivered_at is null`),
  ],
);

/** The outages that an alert speaks of. */
export const alertIncidents = pgTable(
  'alert_incidents',
  {
    alertId: uuid('alert_id')
      .notNull()
      .references(() => alerts.id),
    incidentId: bigint('incident_id', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.alertId, table.incidentId] }),
    // Which alerts an outage was in.
    index('alert_incidents_incident_idx').on(table.incidentId),
  ],
);

export type Alert = typeof alerts.$inferSelect;
export type AlertDelivery = typeof alertDeliveries.$inferSelect;
