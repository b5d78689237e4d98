import type { Database } from '#db/client.ts';
import { countActiveUsers, summarizeInteractions } from '#db/queries/interactions.ts';
import { sumLedgerByBucket, sumLedgerByOperation, sumLedgerOfPayingUsers } from '#db/queries/ledger.ts';
import type { Overview, OverviewInput } from '#server/contracts/overview.ts';
import type { Clock } from '#server/lib/clock.ts';
import { averageUsd, ZERO_USD } from '#server/lib/money.ts';
import { bucketStarts } from '#server/lib/time-buckets.ts';
import { costByOperation, totalOf, type LedgerSums } from './cost-by-operation.ts';
import { resolveRange, type Range } from './resolve-range.ts';

export interface ReportDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly reportingTimeZone: string;
}

/** The overview of a range, all of it read from one snapshot. The input is validated by `OverviewInput`. */
export async function getOverview(deps: ReportDeps, input: OverviewInput): Promise<Overview> {
  const now = deps.clock.now();
  const range = resolveRange(input, now);
  const starts = bucketStarts(range.from, range.to, range.bucket, deps.reportingTimeZone);
  const read = await deps.db.transaction(
    async (tx) => ({
      ledger: await sumLedgerByOperation(tx, range),
      buckets: await sumLedgerByBucket(tx, range, starts),
      paying: await sumLedgerOfPayingUsers(tx, range),
      interactions: await summarizeInteractions(tx, range),
      activeUsers: await countActiveUsers(tx, now),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const total = totalOf(read.ledger);
  const { interactions, paying } = read;
  return {
    range: { preset: range.preset, from: range.from.toISOString(), to: range.to.toISOString(), bucket: range.bucket, timeZone: deps.reportingTimeZone },
    generatedAt: now.toISOString(),
    activeUsers: read.activeUsers,
    cost: {
      ...pickCost(total),
      perActiveUserUsd: averageUsd(total.attributedUsd, interactions.userCount),
      perPayingUserUsd: averageUsd(paying?.costUsd ?? '0', paying?.userCount ?? 0),
      activeUserCount: interactions.userCount,
      payingUserCount: paying?.userCount ?? 0,
    },
    generations: pickCounts(total),
    tokens: pickTokens(total),
    costOverTime: fillBuckets(starts, read.buckets, range, now),
    costByOperation: [...costByOperation(read.ledger)],
    interactions: {
      totalCount: interactions.totalCount,
      failedCount: interactions.failedCount,
      errorRatio: interactions.totalCount === 0 ? null : interactions.failedCount / interactions.totalCount,
      p95Ms: interactions.p95Ms,
    },
    generationP95Ms: total.p95Ms,
  };
}

function pickCost({ totalUsd, billedUsd, lookupUsd, estimatedUsd, averageUsd }: LedgerSums) {
  return { totalUsd, billedUsd, lookupUsd, estimatedUsd, averageUsd };
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

interface BucketSums {
  readonly bucket: number;
  readonly costUsd: string;
  readonly generationCount: number;
}

function fillBuckets(starts: readonly Date[], sums: readonly BucketSums[], range: Range, now: Date): Overview['costOverTime'] {
  const byBucket = new Map(sums.map((row) => [row.bucket, row]));
  return starts.map((start, index) => ({
    startsAt: start.toISOString(),
    costUsd: byBucket.get(index)?.costUsd ?? ZERO_USD,
    generationCount: byBucket.get(index)?.generationCount ?? 0,
    isUnfinished: isUnfinished(starts[index + 1], range, now),
  }));
}

/** Whether a bucket still grows: its end is to come. The last one may be cut by the end of the range, which presets set to now. */
function isUnfinished(nextStart: Date | undefined, range: Range, now: Date): boolean {
  return nextStart ? nextStart.getTime() > now.getTime() : range.to.getTime() >= now.getTime();
}
