import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { Database } from '#db/client.ts';
import type { Budget, NewAiUsage } from '#db/schema/index.ts';
import { addUsd, multiplyUsd, toLedgerUsd } from '#server/lib/money.ts';
import { periodDateOf } from '../budgets/period.ts';
import { isInScope } from '../budgets/scope.ts';

/** Raised by `require_fast_path` of the migration. */
const NOT_CLEAR = 'AB001';

/** An attempt as it is asked for, and what it may cost at most. */
export interface FastRow extends NewAiUsage {
  readonly userId: number;
  readonly reservedUsd: string;
}

interface FastOptions {
  readonly db: Database;
  readonly reportingTimeZone: string;
  /** The active budgets as they were read, all of them. */
  readonly budgets: readonly Budget[];
}

/**
 * Reserves attempts in one statement while every budget is far below its first step, which is nearly always: accounts are
 * locked, what was appended is folded in, the bounds are added, and the rows inserted, if nothing reached a step and the
 * budgets are those that were read. False, and nothing done, otherwise: then each attempt is decided on singly.
 */
export async function reserveFast({ db, reportingTimeZone, budgets }: FastOptions, rows: readonly FastRow[]): Promise<boolean> {
  const keys = JSON.stringify(keysOf(budgets, rows, reportingTimeZone));
  // By the row's own statement, whose snapshot is taken under the ledger's lock: a budget made since is seen.
  const isSame = sql`(select coalesce(string_agg(id || ' ' || updated_at, ',' order by id), '') from budgets where archived_at is null) =
    (select coalesce(string_agg(id || ' ' || updated_at, ',' order by id), '') from jsonb_to_recordset(${versionsOf(budgets)}::jsonb) as known(id bigint, updated_at timestamptz))`;
  try {
    await db.execute(sql`
      with key as materialized (
        select * from jsonb_to_recordset(${keys}::jsonb) as key(budget_id bigint, period_date date, user_id bigint, bound_usd numeric, ceiling_usd numeric)
      ), folded as (
        delete from budget_deltas where id in (
          select d.id from budget_deltas d join key using (budget_id, period_date, user_id) for update of d skip locked)
        returning budget_id, period_date, user_id, amount_usd
      ), moved as (
        select budget_id, period_date, user_id, bound_usd + coalesce(sum(amount_usd), 0) as amount_usd
        from key left join folded using (budget_id, period_date, user_id) group by budget_id, period_date, user_id, bound_usd
      ), account as (
        insert into budget_periods as p (budget_id, period_date, user_id, committed_usd)
        select * from moved order by 1, 2, 3
        on conflict (budget_id, period_date, user_id) do update set committed_usd = p.committed_usd + excluded.committed_usd
        returning budget_id, period_date, user_id, committed_usd
      ), clear as materialized (
        select require_fast_path(coalesce(bool_and(account.committed_usd < key.ceiling_usd), true) and ${isSame}) as is_clear
        from account join key using (budget_id, period_date, user_id)
      )
      insert into ai_usage (request_id, ask_id, attempt, update_id, operation, plan, user_id, started_at, model, status, reserved_usd, lease_until)
      select r.request_id, r.ask_id, r.attempt, r.update_id, r.operation, r.plan, r.user_id, r.started_at, r.model, 'reserved', r.reserved_usd, r.lease_until
      from jsonb_to_recordset(${JSON.stringify(rows.map(toRecord))}::jsonb) as r(
        request_id uuid, ask_id uuid, attempt int, update_id bigint, operation text, plan text, user_id bigint, started_at timestamptz, model text,
        reserved_usd numeric(20, 12), lease_until timestamptz), clear
      where clear.is_clear`);
    return true;
  } catch (error) {
    if (isNotClear(error)) return false;
    throw error;
  }
}

interface Key {
  readonly budget_id: number;
  readonly period_date: string;
  readonly user_id: number;
  readonly bound_usd: string;
  readonly ceiling_usd: string;
}

/** Each account that the rows fall under, with the sum of their bounds and the threshold of its first step. */
function keysOf(budgets: readonly Budget[], rows: readonly FastRow[], timeZone: string): Key[] {
  const keys = new Map<string, Key>();
  for (const budget of budgets) {
    const lowest = Math.min(...budget.steps.map(({ percent }) => percent));
    const ceiling_usd = toLedgerUsd(multiplyUsd(budget.limitUsd, `${lowest}e-2`));
    for (const row of rows) {
      if (!isInScope(budget, row)) continue;
      const period_date = periodDateOf(row.startedAt, budget.period, timeZone);
      const user_id = budget.scope === 'user' ? row.userId : 0;
      const name = `${budget.id} ${period_date} ${user_id}`;
      const bound_usd = addUsd(keys.get(name)?.bound_usd ?? '0', row.reservedUsd);
      keys.set(name, { budget_id: budget.id, period_date, user_id, bound_usd, ceiling_usd });
    }
  }
  return [...keys.values()];
}

function toRecord(row: FastRow) {
  const { requestId, askId, attempt, updateId, operation, plan, userId, startedAt, model, reservedUsd, leaseUntil } = row;
  return {
    request_id: requestId, ask_id: askId, attempt, update_id: updateId, operation, plan, user_id: userId, started_at: startedAt, model,
    reserved_usd: reservedUsd, lease_until: leaseUntil,
  };
}

function versionsOf(budgets: readonly Budget[]): string {
  return JSON.stringify(budgets.map(({ id, updatedAt }) => ({ id, updated_at: updatedAt })));
}

function isNotClear(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof postgres.PostgresError && cause.code === NOT_CLEAR;
}
