import { bigint, date, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/** A comparison of the ledger with what the key in use has spent by the provider's own account, in UTC periods. */
export const driftChecks = pgTable(
  'drift_checks',
  {
    checkedAt: instant('checked_at').notNull(),
    period: text('period', { enum: ['day', 'week', 'month'] }).notNull(),
    startsAt: instant('starts_at').notNull(),
    ledgerUsd: usd('ledger_usd').notNull(),
    providerUsd: usd('provider_usd').notNull(),
    /** Attempts of the period whose cost the provider has not told: reserved, unknown and estimated ones. */
    reservedCount: integer('reserved_count').notNull(),
    unknownCount: integer('unknown_count').notNull(),
    estimatedCount: integer('estimated_count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.checkedAt, table.period] })],
);

/** The same per model and completed UTC day, as the account's activity tells it; needs a management key. */
export const driftActivity = pgTable(
  'drift_activity',
  {
    date: date('date', { mode: 'string' }).notNull(),
    model: text('model').notNull(),
    ledgerUsd: usd('ledger_usd').notNull(),
    providerUsd: usd('provider_usd').notNull(),
    ledgerCount: bigint('ledger_count', { mode: 'number' }).notNull(),
    providerCount: bigint('provider_count', { mode: 'number' }).notNull(),
    checkedAt: instant('checked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.date, table.model] })],
);

export type DriftCheck = typeof driftChecks.$inferSelect;
export type DriftActivity = typeof driftActivity.$inferSelect;
