import { sql, type SQL } from 'drizzle-orm';
import { periodDatesOf } from './period.ts';

/**
 * The part of a booking statement that tells its budgets: appends what the rows of `moved` changed to every budget that
 * they fall under. It waits for nobody: the next reservation folds it in.
 * @param moved the name of a common table expression with operation, model, plan, user_id and the signed amount_usd of
 * rows that all started at `startedAt`.
 */
export function appendDeltas(moved: SQL, startedAt: Date, timeZone: string): SQL {
  const dates = periodDatesOf(startedAt, timeZone);
  return sql`
    insert into budget_deltas (budget_id, period_date, user_id, amount_usd)
    select b.id, case b.period when 'day' then ${dates.day}::date when 'week' then ${dates.week}::date else ${dates.month}::date end,
      case b.scope when 'user' then moved.user_id else 0 end, moved.amount_usd
    from ${moved} moved join budgets b on b.archived_at is null and case b.scope
      when 'all' then true
      when 'user' then moved.user_id is not null
      when 'operation' then b.scope_value = moved.operation
      when 'model' then b.scope_value = moved.model
      else b.scope_value = moved.plan end
    where moved.amount_usd <> 0`;
}
