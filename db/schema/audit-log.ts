import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** What admins changed: one row per change, written in the transaction of the change. Append-only: the migration holds the trigger. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    adminId: bigint('admin_id', { mode: 'number' }).notNull(),
    /** `budget.create`, `budget.update`, … */
    action: text('action').notNull(),
    /** What was changed, such as `budget:7`. */
    subject: text('subject').notNull(),
    /** The values after the change, and before it where there were any; never a secret. */
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (table) => [
    // The story of one subject.
    index('audit_log_subject_idx').on(table.subject, table.id),
  ],
);

export type AuditEntry = typeof auditLog.$inferSelect;
