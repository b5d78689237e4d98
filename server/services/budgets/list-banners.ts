import { listActiveBudgets } from '#db/queries/budgets.ts';
import type { Budget, BudgetStep } from '#db/schema/index.ts';
import { BUDGET_ACTIONS, type BudgetBanner } from '#server/contracts/budgets.ts';
import type { BudgetDeps } from './deps.ts';
import { describeBudget } from './describe-budget.ts';
import { ratioOf } from './list-budgets.ts';
import { nextPeriodDate, periodDatesOf } from './period.ts';
import { listReachedAccounts, type RunningAccount } from './running-accounts.ts';
import { readRecentBounds, stepStateOf } from './step-state.ts';

/** The budgets with steps in force now; none where all is well. */
export async function listBanners({ db, clock, reportingTimeZone }: BudgetDeps): Promise<BudgetBanner[]> {
  const now = clock.now();
  const { budgets, accounts, boundOf } = await db.transaction(
    async (tx) => {
      const reached = await listReachedAccounts(tx, { now, reportingTimeZone });
      // Most of the time all is well, and this is asked with every page.
      if (reached.length === 0) return { budgets: [], accounts: [], boundOf: () => null };
      return { budgets: await listActiveBudgets(tx), accounts: reached, boundOf: await readRecentBounds(tx) };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const dates = periodDatesOf(now, reportingTimeZone);
  const accountsById = Map.groupBy(accounts, ({ budgetId }) => budgetId);
  return budgets.flatMap((budget) => {
    const own = accountsById.get(budget.id) ?? [];
    const steps = stepsInForce(budget, own, boundOf(budget));
    const committedUsd = own[0]?.committedUsd;
    if (steps.length === 0 || committedUsd === undefined) return [];
    const period = nextPeriodDate(dates[budget.period], budget.period);
    return [{ ...describeBudget(budget), nextPeriodDate: period, committedUsd, ratio: ratioOf(committedUsd, budget.limitUsd), steps }];
  });
}

function stepsInForce(budget: Budget, accounts: readonly RunningAccount[], recentBoundUsd: string | null): BudgetBanner['steps'] {
  const hardness = ({ action, percent }: BudgetStep) => BUDGET_ACTIONS.indexOf(action) * 1_000 + percent;
  return [...budget.steps]
    .sort((a, b) => hardness(b) - hardness(a))
    .flatMap((step) => {
      const count = accounts.filter((account) => stepStateOf(budget.limitUsd, account, step, recentBoundUsd) === 'in_force').length;
      return count === 0 ? [] : [{ percent: step.percent, action: step.action, userCount: budget.scope === 'user' ? count : 0 }];
    });
}
