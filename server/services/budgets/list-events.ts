import { listBudgetEvents } from '#db/queries/budgets.ts';
import { BUDGET_EVENTS_LIMIT_DEFAULT, type BudgetEventPage, type ListBudgetEventsInput } from '#server/contracts/budgets.ts';
import type { BudgetDeps } from './deps.ts';
import { describeBudget } from './describe-budget.ts';
import { periodDatesOf } from './period.ts';

/** One page of the steps that have fired, the newest first, with what each of them changed. */
export async function listEvents({ db, clock, reportingTimeZone }: BudgetDeps, input: ListBudgetEventsInput): Promise<BudgetEventPage> {
  const limit = input.limit ?? BUDGET_EVENTS_LIMIT_DEFAULT;
  const found = await listBudgetEvents(db, { budgetId: input.budgetId, before: input.before, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const dates = periodDatesOf(clock.now(), reportingTimeZone);
  return {
    timeZone: reportingTimeZone,
    rows: shown.map(({ event, budget, liftedBy }) => ({
      ...describeBudget(budget),
      eventId: event.id,
      periodDate: event.periodDate,
      userId: budget.scope === 'user' ? event.userId : null,
      percent: event.percent,
      action: event.action,
      limitUsd: event.limitUsd,
      committedUsd: event.committedUsd,
      firedAt: event.firedAt.toISOString(),
      liftedAt: event.liftedAt?.toISOString() ?? null,
      liftedBy,
      affectedCount: event.affectedCount,
      savedUsd: event.savedUsd,
      isLiftable: budget.archivedAt === null && event.liftedAt === null && event.periodDate === dates[budget.period],
    })),
    nextBefore: found.length > limit ? (shown.at(-1)?.event.id ?? null) : null,
  };
}
