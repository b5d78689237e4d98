import { getCosts } from '#server/services/reports/get-costs.ts';
import { COST_COLUMNS } from '../peers/costs.ts';
import type { OurReport } from './our-report.ts';

export const readCosts: OurReport = async (deps) => {
  const costs = await getCosts(deps, { range: '30d' });
  const { total, overTime, series } = costs;
  const lists = { operation: costs.byOperation, model: costs.byModel, plan: costs.byPlan, costSource: costs.byCostSource, disposition: costs.byDisposition };
  return () => ({
    exact: {
      cost: total.costUsd, billed_usd: total.billedUsd, lookup_usd: total.lookupUsd, estimated_usd: total.estimatedUsd,
      attempt_count: String(total.attemptCount), settled_count: String(total.settledCount), void_count: String(total.voidCount),
      reserved_count: String(total.reservedCount), unknown_count: String(total.unknownCount), prompt_tokens: String(total.promptTokens),
      completion_tokens: String(total.completionTokens), cached_prompt_tokens: String(total.cachedPromptTokens), reasoning_tokens: String(total.reasoningTokens),
      ...Object.fromEntries(overTime.flatMap(({ startsAt, costUsd, attemptCount, partsUsd }) => {
        const day = startsAt.slice(0, 10);
        const parts = series.map((key, index) => [`cost of ${day} ${key}`, partsUsd[index] ?? null]);
        return [[`cost of ${day}`, costUsd], [`attempts of ${day}`, String(attemptCount)], ...parts];
      })),
      ...Object.fromEntries(Object.keys(COST_COLUMNS).flatMap((name) =>
        (Object.entries(lists).find(([known]) => known === name)?.[1] ?? []).flatMap(({ key, costUsd, attemptCount }) => [
          [`cost by ${name} of ${key}`, costUsd], [`attempts by ${name} of ${key}`, String(attemptCount)],
        ]))),
    },
    near: {},
  });
};
