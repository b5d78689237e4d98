import type { Budget } from '#db/schema/index.ts';

/** What every answer tells of a budget. */
export function describeBudget({ id, name, period, scope, scopeValue, limitUsd }: Budget) {
  return { budgetId: id, name, period, scope, scopeValue, limitUsd };
}
