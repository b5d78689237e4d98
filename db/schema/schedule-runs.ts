import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** One row per schedule and due time: whoever inserts it runs it, so replicas cannot run one twice. */
export const scheduleRuns = pgTable(
  'schedule_runs',
  {
    schedule: text('schedule').notNull(),
    dueAt: instant('due_at').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    outcome: text('outcome', { enum: ['running', 'ok', 'failed'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.schedule, table.dueAt] }),
    // Clean-up of old runs.
    index('schedule_runs_due_at_idx').on(table.dueAt),
  ],
);

export type ScheduleRun = typeof scheduleRuns.$inferSelect;
