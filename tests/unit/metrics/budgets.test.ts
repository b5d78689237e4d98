import { expect, test } from 'vitest';
import { BUDGET_SERIES_MAX } from '#server/metrics/budgets.ts';
import { renderSamples, sampleMetrics } from './sample-metrics.ts';

const series = async (metrics: ReturnType<typeof sampleMetrics>) =>
  Object.fromEntries([...(await renderSamples(metrics))].filter(([name]) => name.startsWith('adtrobot_budget_spent_ratio')).map(([name, value]) => [/"(.*)"/.exec(name)?.[1], Number(value)]));

test('each active budget has a series, beyond its limit too, and none before the first reading', async () => {
  expect(await series(sampleMetrics())).toEqual({});
  const metrics = sampleMetrics();
  metrics.budgets.setRatios([{ budgetId: 3, ratio: 0 }, { budgetId: 8, ratio: 1.25 }]);
  expect(await series(metrics)).toEqual({ 3: 0, 8: 1.25 });
});

test('the series of a budget that is archived disappears', async () => {
  const metrics = sampleMetrics();
  metrics.budgets.setRatios([{ budgetId: 3, ratio: 0.5 }, { budgetId: 8, ratio: 0.25 }]);
  metrics.budgets.setRatios([{ budgetId: 8, ratio: 0.5 }]);
  expect(await series(metrics)).toEqual({ 8: 0.5 });
});

test('any number of budgets makes a bounded number of series: the others show as the one with the highest ratio', async () => {
  const metrics = sampleMetrics();
  metrics.budgets.setRatios(Array.from({ length: 1_000 }, (_, index) => ({ budgetId: index + 1, ratio: (index % 7) / 10 })));
  const found = await series(metrics);
  expect(Object.keys(found)).toHaveLength(BUDGET_SERIES_MAX + 1);
  expect(found['other']).toBe(0.6);
});
