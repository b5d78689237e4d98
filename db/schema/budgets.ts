import { sql } from 'drizzle-orm';
import { bigint, check, date, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/** What happens once a share of the limit is used up. */
export interface BudgetStep {
  /** Share of the limit in percent, 1 to 100. */
  readonly percent: number;
  readonly action: 'warn' | 'cheaper_model' | 'shorter_answer' | 'cached_only' | 'pause_free' | 'stop';
}

/** A limit on AI cost per period. Period and scope never change: another scope is another budget. */
export const budgets = pgTable(
  'budgets',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    /** Of the reporting time zone; weeks begin on Monday. */
    period: text('period', { enum: ['day', 'week', 'month'] }).notNull(),
    /** `user`: each user has the limit for themselves. */
    scope: text('scope', { enum: ['all', 'operation', 'model', 'plan', 'user'] }).notNull(),
    /** The operation, model or plan; null for `all` and `user`. */
    scopeValue: text('scope_value'),
    limitUsd: usd('limit_usd').notNull(),
    steps: jsonb('steps').$type<readonly BudgetStep[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** No longer in force; kept for its history. */
    archivedAt: instant('archived_at'),
  },
  () => [
    check('budgets_limit_positive', sql`limit_usd > 0`),
    check('budgets_scope_value', sql`(scope in ('all', 'user')) = (scope_value is null)`),
  ],
);

/**
 * What a budget has used up in a period: the sum, over attempts started in it, of the cost where it is known and of the
 * reserved amount where it is not. `budget_deltas` that are not folded in yet belong to it.
 */
export const budgetPeriods = pgTable(
  'budget_periods',
  {
    budgetId: bigint('budget_id', { mode: 'number' })
      .notNull()
      .references(() => budgets.id),
    /** First day, in the reporting time zone. */
    periodDate: date('period_date', { mode: 'string' }).notNull(),
    /** Of a budget for each user; 0 for all others. */
    userId: bigint('user_id', { mode: 'number' }).notNull().default(0),
    committedUsd: usd('committed_usd').notNull().default('0'),
  },
  (table) => [primaryKey({ columns: [table.budgetId, table.periodDate, table.userId] })],
);

/** Changes of what was committed, appended without waiting for anybody, folded in by the next reservation. */
export const budgetDeltas = pgTable(
  'budget_deltas',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    budgetId: bigint('budget_id', { mode: 'number' }).notNull(),
    periodDate: date('period_date', { mode: 'string' }).notNull(),
    userId: bigint('user_id', { mode: 'number' }).notNull().default(0),
    amountUsd: usd('amount_usd').notNull(),
  },
  (table) => [
    // Folding in, and reading what is not folded in yet.
    index('budget_deltas_period_idx').on(table.budgetId, table.periodDate, table.userId),
  ],
);

/** A step that was reached: once per budget, period, user and step. */
export const budgetEvents = pgTable(
  'budget_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    budgetId: bigint('budget_id', { mode: 'number' })
      .notNull()
      .references(() => budgets.id),
    periodDate: date('period_date', { mode: 'string' }).notNull(),
    userId: bigint('user_id', { mode: 'number' }).notNull().default(0),
    percent: integer('percent').notNull(),
    action: text('action', { enum: ['warn', 'cheaper_model', 'shorter_answer', 'cached_only', 'pause_free', 'stop'] }).notNull(),
    /** As they were when it fired. */
    limitUsd: usd('limit_usd').notNull(),
    committedUsd: usd('committed_usd').notNull(),
    firedAt: instant('fired_at').notNull(),
    /** The step has no effect any more in this period. */
    liftedAt: instant('lifted_at'),
    liftedBy: bigint('lifted_by', { mode: 'number' }),
    /** Calls that it changed or refused, and what they would have cost more, by what such calls cost lately. */
    affectedCount: integer('affected_count').notNull().default(0),
    savedUsd: usd('saved_usd').notNull().default('0'),
    /** When the owner's Telegram chat was told; null while it is still owed. */
    notifiedAt: instant('notified_at'),
  },
  (table) => [
    unique('budget_events_once_key').on(table.budgetId, table.periodDate, table.userId, table.percent, table.action),
    // History, newest first; banners of the running period.
    index('budget_events_fired_at_idx').on(table.firedAt),
    // Messages that are owed.
    index('budget_events_owed_idx').on(table.firedAt).where(sql`notified_at is null`),
  ],
);

export type Budget = typeof budgets.$inferSelect;
export type NewBudget = typeof budgets.$inferInsert;
export type BudgetPeriod = typeof budgetPeriods.$inferSelect;
export type BudgetEvent = typeof budgetEvents.$inferSelect;
