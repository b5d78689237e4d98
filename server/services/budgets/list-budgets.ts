import { listActiveBudgets } from '#db/queries/budgets.ts';
import type { Budget } from '#db/schema/index.ts';
import { ACTIVE_BUDGETS_MAX, BUDGET_USERS_SHOWN_MAX, type AccountStep, type BudgetAccount, type BudgetList, type BudgetRow } from '#server/contracts/budgets.ts';
import { divideExact, subtractUsd, toLedgerUsd, ZERO_USD } from '#server/lib/money.ts';
import type { BudgetDeps } from './deps.ts';
import { describeBudget } from './describe-budget.ts';
import { nextPeriodDate, periodDatesOf } from './period.ts';
import { listTopAccounts, type RunningAccount } from './running-accounts.ts';
import { findEvent, readRecentBounds, stepStateOf, thresholdOf } from './step-state.ts';

/** Every active budget with its running period, all of it read from one snapshot. */
export async function listBudgets({ db, clock, reportingTimeZone }: BudgetDeps): Promise<BudgetList> {
  const now = clock.now();
  const { budgets, accounts, boundOf } = await db.transaction(
    async (tx) => ({
      budgets: await listActiveBudgets(tx),
      accounts: await listTopAccounts(tx, { now, reportingTimeZone }, BUDGET_USERS_SHOWN_MAX, BUDGET_USERS_SHOWN_MAX * ACTIVE_BUDGETS_MAX),
      boundOf: await readRecentBounds(tx),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const dates = periodDatesOf(now, reportingTimeZone);
  const accountsById = Map.groupBy(accounts, ({ budgetId }) => budgetId);
  const describe = (budget: Budget): BudgetRow => {
    const own = accountsById.get(budget.id) ?? [];
    const recentBoundUsd = boundOf(budget);
    return {
      ...describeBudget(budget),
      periodDate: dates[budget.period],
      nextPeriodDate: nextPeriodDate(dates[budget.period], budget.period),
      accounts: own.map((account) => describeAccount(budget, account, recentBoundUsd)),
      userCount: budget.scope === 'user' ? (own[0]?.accountCount ?? 0) : 0,
    };
  };
  return { timeZone: reportingTimeZone, generatedAt: now.toISOString(), budgets: budgets.map(describe) };
}

/** What is used of a limit, 0 to 1 and beyond. */
export function ratioOf(committedUsd: string, limitUsd: string): number {
  return Number(divideExact(committedUsd, limitUsd) ?? 0);
}

function describeAccount(budget: Budget, account: RunningAccount, recentBoundUsd: string | null): BudgetAccount {
  const { userId, committedUsd } = account;
  const reservedUsd = account.reservedUsd ?? ZERO_USD;
  const steps = budget.steps.map((step): AccountStep => {
    const event = findEvent(account, step);
    return {
      ...step,
      thresholdUsd: toLedgerUsd(thresholdOf(budget.limitUsd, step.percent)),
      state: stepStateOf(budget.limitUsd, account, step, recentBoundUsd),
      event: event && { eventId: event.eventId, firedAt: event.firedAt.toISOString(), liftedAt: event.liftedAt?.toISOString() ?? null },
    };
  });
  return {
    userId: budget.scope === 'user' ? userId : null,
    committedUsd,
    spentUsd: toLedgerUsd(subtractUsd(committedUsd, reservedUsd)),
    reservedUsd,
    ratio: ratioOf(committedUsd, budget.limitUsd),
    steps: steps.sort((a, b) => a.percent - b.percent),
  };
}
