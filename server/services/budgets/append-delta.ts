import { sql, type SQL } from 'drizzle-orm';
import { periodDatesOf } from './period.ts';

/** The first days of the periods that an attempt falls into, as columns of a record. */
export function periodColumns(startedAt: Date, timeZone: string) {
  const { day, week, month } = periodDatesOf(startedAt, timeZone);
  return { day_date: day, week_date: week, month_date: month };
}

/** What a change of cost belongs to. */
export interface Spent {
  readonly operation: string;
  readonly model: string;
  readonly plan: string;
  readonly userId: number | null;
  readonly startedAt: Date;
}

/**
 * The statement that tells the budgets of a change: appends it to every budget that the attempt falls under. It waits for
 * nobody: the next reservation folds it in. Run it after the ledger was written to in the same transaction, whose lock makes
 * sure that no budget is missed.
 */
export function appendDeltas({ operation, model, plan, userId, startedAt }: Spent, amountUsd: string, timeZone: string): SQL {
  const { day_date, week_date, month_date } = periodColumns(startedAt, timeZone);
  return sql`select append_budget_deltas(${operation}, ${model}, ${plan}, ${userId}::bigint, ${amountUsd}::numeric, ${day_date}::date, ${week_date}::date, ${month_date}::date)`;
}
