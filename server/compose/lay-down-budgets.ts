import type { CreateBudgetInput } from '#server/contracts/budgets.ts';
import { createBudget } from '#server/services/budgets/create-budget.ts';
import { type BudgetDeps, SYSTEM_ADMIN_ID } from '#server/services/budgets/deps.ts';
import { listBudgetNames } from '#server/services/budgets/list-budget-names.ts';

const BUDGETS: readonly CreateBudgetInput[] = [
  {
    name: 'All readings of a month',
    period: 'month',
    scope: 'all',
    scopeValue: null,
    limitUsd: '100',
    steps: [
      { percent: 50, action: 'warn' },
      { percent: 80, action: 'cheaper_model' },
      { percent: 100, action: 'stop' },
    ],
  },
  {
    name: 'Each user, a day',
    period: 'day',
    scope: 'user',
    scopeValue: null,
    limitUsd: '0.25',
    steps: [
      { percent: 80, action: 'shorter_answer' },
      { percent: 100, action: 'stop' },
    ],
  },
];

/** Gives the sandbox its budgets on its first start, or what a start that was cut off left out; what an admin made of them since stays. */
export async function layDownBudgets(deps: BudgetDeps): Promise<void> {
  const known = await listBudgetNames(deps.db);
  for (const budget of BUDGETS) if (!known.has(budget.name)) await createBudget(deps, budget, SYSTEM_ADMIN_ID);
}
