import type { BudgetAction } from '#server/contracts/budgets.ts';

/** How a step is known within its budget and period. */
export function stepKey(percent: number, action: BudgetAction): string {
  return `${percent}:${action}`;
}
