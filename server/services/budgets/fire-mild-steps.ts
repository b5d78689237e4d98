import { sql, type SQL } from 'drizzle-orm';
import { BUDGET_ACTIONS } from '#server/contracts/budgets.ts';
import type { BudgetDeps } from './deps.ts';
import { holdBudgets } from './lock.ts';
import { runningAccounts } from './running-accounts.ts';
import { isRefusing } from './step-state.ts';

/** Actions that are in force from their threshold on, whether or not a call comes. */
const MILD_ACTIONS = BUDGET_ACTIONS.filter((action) => !isRefusing(action));

/**
 * Fires the mild steps that are reached although no call has come since, such as by a new budget or a cost that was told
 * late, by the rule of `decide`. Returns how many. A step that has fired in its period stays as it is.
 */
export async function fireMildSteps({ db, clock, reportingTimeZone }: BudgetDeps): Promise<number> {
  const now = clock.now();
  const running = runningAccounts({ now, reportingTimeZone });
  // Most of the time there is nothing to fire, and no call has to wait.
  const [due] = await db.execute(sql`with ${running} ${dueSteps(now)} limit 1`);
  if (!due) return 0;
  return db.transaction(async (tx) => {
    await holdBudgets(tx);
    const fired = await tx.execute(sql`
      with ${running}
      insert into budget_events (budget_id, period_date, user_id, percent, action, limit_usd, committed_usd, fired_at)
      ${dueSteps(now)} order by r.id, a.user_id, step.percent
      on conflict do nothing
      returning id`);
    return [...fired].length;
  });
}

function dueSteps(now: Date): SQL {
  return sql`
    select r.id, r.period_date, a.user_id, step.percent, step.action, r.limit_usd, a.committed_usd, ${now.toISOString()}::timestamptz as fired_at
    from running r
      join accounts a on a.budget_id = r.id
      cross join lateral jsonb_to_recordset(r.steps) as step(percent int, action text)
    where step.action in (${sql.join(MILD_ACTIONS.map((action) => sql`${action}`), sql`, `)})
      and a.committed_usd >= round(r.limit_usd * step.percent / 100, 12)
      and not exists (
        select from budget_events e
        where (e.budget_id, e.period_date, e.user_id, e.percent, e.action) = (r.id, r.period_date, a.user_id, step.percent, step.action))`;
}
