import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';
import { OTHER } from './labels.ts';

/** Budgets that have a series of their own, oldest first; the others share one. */
export const BUDGET_SERIES_MAX = 20;

export const BUDGET_METRICS = {
  spentRatio: {
    name: 'budget_spent_ratio',
    type: 'gauge',
    help: 'What an active budget has spent and reserved of its limit in the running period, by its id; per user: the user with the most. Beyond 20 budgets: the highest of the others, as other.',
    unit: 'ratio',
    // Ids of active budgets, at most 20, and `other`.
    labels: { budget: 'configured' },
    combine: 'max',
  },
} as const;

export interface BudgetRatio {
  readonly budgetId: number;
  readonly ratio: number;
}

export interface BudgetMetrics {
  /** The ratios of all active budgets, oldest first; the series of all others disappear. */
  setRatios(ratios: readonly BudgetRatio[]): void;
}

export function createBudgetMetrics(registry: Registry): BudgetMetrics {
  const spentRatio = createGauge(registry, BUDGET_METRICS.spentRatio);
  return {
    setRatios(ratios) {
      spentRatio.reset();
      for (const { budgetId, ratio } of ratios.slice(0, BUDGET_SERIES_MAX)) spentRatio.set({ budget: String(budgetId) }, ratio);
      const others = ratios.slice(BUDGET_SERIES_MAX).map(({ ratio }) => ratio);
      if (others.length > 0) spentRatio.set({ budget: OTHER }, Math.max(...others));
    },
  };
}
