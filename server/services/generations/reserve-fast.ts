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
 * Reserves attempts in one call while every budget is far below its first step, which is nearly always: rows are inserted,
 * accounts locked, what was appended folded in, and the bounds added, if nothing reached a step and the budgets are those
 * that were read. False, and nothing done, otherwise: then each attempt is decided on singly. The statements are a function
 * of the migration, whose plans each connection keeps.
 */
export async function reserveFast({ db, reportingTimeZone, budgets }: FastOptions, rows: readonly FastRow[]): Promise<boolean> {
  const keys = JSON.stringify(keysOf(budgets, rows, reportingTimeZone));
  const attempts = JSON.stringify(rows.map(toRecord));
  try {
    await db.execute(sql`select reserve_generations(${keys}::jsonb, ${attempts}::jsonb, ${versionsOf(budgets)}::jsonb)`);
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
  const { requestId, askId, attempt, updateId, operation, plan, userId, startedAt, model, reservedUsd, leaseUntil, processId } = row;
  return {
    request_id: requestId, ask_id: askId, attempt, update_id: updateId, operation, plan, user_id: userId, started_at: startedAt, model,
    reserved_usd: reservedUsd, lease_until: leaseUntil, process_id: processId,
  };
}

function versionsOf(budgets: readonly Budget[]): string {
  return JSON.stringify(budgets.map(({ id, updatedAt }) => ({ id, updated_at: updatedAt })));
}

function isNotClear(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof postgres.PostgresError && cause.code === NOT_CLEAR;
}
