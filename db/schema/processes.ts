import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** A run of this program, from its start to its end: what it wrote carries its id, so that it can be held against its counters. */
export const processes = pgTable('processes', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  startedAt: instant('started_at').notNull(),
  /** Moves while it lives; one that has not moved for a minute is dead. */
  lastSeenAt: instant('last_seen_at').notNull(),
  version: text('version').notNull(),
  /** The last batch of health samples that it has added: one whose answer was lost is thereby not added twice. */
  healthBatch: integer('health_batch').notNull().default(0),
});

export type ProcessRow = typeof processes.$inferSelect;
