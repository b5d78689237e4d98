import { countPeople, sumPayerCosts } from '#db/queries/rollups/payers.ts';
import { sumInteractions, sumLatencies, sumLedger, type LedgerSums } from '#db/queries/rollups/sums.ts';
import type { Overview, OverviewFigures, OverviewInput } from '#server/contracts/overview.ts';
import { percentileOf } from '#server/lib/latency-bins.ts';
import { averageUsd, ZERO_USD } from '#server/lib/money.ts';
import { coverWindows, onlyOnRecord, toActiveUsers } from './active-users.ts';
import { costByOperation, totalOf } from './cost-by-operation.ts';
import { isUnfinished } from './is-unfinished.ts';
import { readReport, type ReportDeps, type ReportScope } from './report-kit.ts';
import type { Range } from './resolve-range.ts';

const P95 = 0.95;

/** The overview of a range, all of it read from one snapshot. The input is validated by `OverviewInput`. */
export async function getOverview(deps: ReportDeps, input: OverviewInput): Promise<Overview> {
  const { compared, ...report } = await readReport(deps, input, readOverview);
  return { ...report, compared: compared && { ...compared, activeUsers: onlyOnRecord(compared.activeUsers, report) } };
}

async function readOverview(scope: ReportScope): Promise<OverviewFigures> {
  const { executor, range } = scope;
  const span = { from: range.from.toISOString(), to: range.to.toISOString() };
  // What takes longest is asked for first, so that two connections are through at about the same time.
  const [people, payerCostUsd, ledger, interactions, handled, generated] = await Promise.all([
    countPeople(executor, span, scope.coverWhole('interactions'), coverWindows(scope)),
    sumPayerCosts(executor, span, scope.coverWhole('ledger')),
    sumLedger(executor, scope.coverBuckets('ledger')),
    sumInteractions(executor, scope.coverWhole('interactions')),
    sumLatencies(executor, scope.coverWhole('interactions'), 'interaction'),
    sumLatencies(executor, scope.coverWhole('ledger'), 'generation'),
  ]);
  const total = totalOf(ledger);
  const { activeCount: activeUserCount, activePayingCount: payingUserCount } = people;
  return {
    activeUsers: toActiveUsers(people.windowCounts),
    cost: {
      ...pickCost(total),
      perActiveUserUsd: averageUsd(total.attributedUsd, activeUserCount),
      perPayingUserUsd: averageUsd(payerCostUsd, payingUserCount),
      activeUserCount,
      payingUserCount,
    },
    generations: pickCounts(total),
    tokens: pickTokens(total),
    costOverTime: fillBuckets(ledger, range),
    costByOperation: [...costByOperation(ledger)],
    interactions: {
      ...interactions,
      errorRatio: interactions.totalCount === 0 ? null : interactions.failedCount / interactions.totalCount,
      p95Ms: percentileOf(handled, P95),
    },
    generationP95Ms: percentileOf(generated, P95),
  };
}

function pickCost({ totalUsd, billedUsd, lookupUsd, estimatedUsd, settledCount }: LedgerSums) {
  return { totalUsd, billedUsd, lookupUsd, estimatedUsd, averageUsd: averageUsd(totalUsd, settledCount) };
}

function pickCounts({ totalCount, settledCount, voidCount, reservedCount, unknownCount }: LedgerSums) {
  return { totalCount, settledCount, voidCount, reservedCount, unknownCount };
}

function pickTokens(sums: LedgerSums): Overview['tokens'] {
  return {
    prompt: sums.promptTokens,
    completion: sums.completionTokens,
    cachedPrompt: sums.cachedPromptTokens,
    reasoning: sums.reasoningTokens,
    total: sums.promptTokens + sums.completionTokens,
  };
}

function fillBuckets(sums: readonly LedgerSums[], range: Range): Overview['costOverTime'] {
  const byBucket = new Map(sums.map((row) => [row.bucket, row]));
  return range.starts.map((start, index) => ({
    startsAt: start.toISOString(),
    costUsd: byBucket.get(index)?.totalUsd ?? ZERO_USD,
    generationCount: byBucket.get(index)?.totalCount ?? 0,
    isUnfinished: isUnfinished(range.starts[index + 1], range),
  }));
}
