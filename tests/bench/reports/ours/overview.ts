import { getOverview } from '#server/services/reports/get-overview.ts';
import type { OurReport } from './our-report.ts';

const text = (count: number) => String(count);

export const readOverview: OurReport = async (deps) => {
  const { activeUsers, cost, generations, tokens, costOverTime, costByOperation, interactions, generationP95Ms } = await getOverview(deps, { range: '30d' });
  return () => ({
    exact: {
      dau: text(activeUsers.dau), wau: text(activeUsers.wau), mau: text(activeUsers.mau),
      total_usd: cost.totalUsd, billed_usd: cost.billedUsd, lookup_usd: cost.lookupUsd, estimated_usd: cost.estimatedUsd, average_usd: cost.averageUsd,
      per_active_usd: cost.perActiveUserUsd, per_paying_usd: cost.perPayingUserUsd,
      active_count: text(cost.activeUserCount), paying_count: text(cost.payingUserCount),
      total_count: text(generations.totalCount), settled_count: text(generations.settledCount), void_count: text(generations.voidCount),
      reserved_count: text(generations.reservedCount), unknown_count: text(generations.unknownCount),
      prompt: text(tokens.prompt), completion: text(tokens.completion), cached_prompt: text(tokens.cachedPrompt), reasoning: text(tokens.reasoning),
      interaction_count: text(interactions.totalCount), failed_count: text(interactions.failedCount),
      ...Object.fromEntries(costOverTime.map(({ startsAt, costUsd }) => [`cost of ${startsAt.slice(0, 10)}`, costUsd])),
      ...Object.fromEntries(
        costByOperation.filter(({ operation }) => operation !== 'other').flatMap(({ operation, costUsd, generationCount, failedCount, tokenCount }) => [
          [`cost of ${operation}`, costUsd], [`attempts of ${operation}`, text(generationCount)],
          [`failures of ${operation}`, text(failedCount)], [`tokens of ${operation}`, text(tokenCount)],
        ]),
      ),
    },
    near: { generation_p95: generationP95Ms, interaction_p95: interactions.p95Ms },
  });
};
