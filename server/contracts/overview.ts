import { z } from 'zod';
import { Count, Usd } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';
import { Operation } from './vocabulary.ts';

export const OverviewInput = RangeInput;
export type OverviewInput = z.infer<typeof OverviewInput>;

/** What the overview tells of a range. Definitions: README, "Endpoints". Null is "not defined", never zero. */
export const OverviewFigures = z.object({
  /** Rolling windows that end now, whatever the range; of the compared range, at its end. */
  activeUsers: z.object({ dau: Count, wau: Count, mau: Count }),
  cost: z.object({
    totalUsd: Usd,
    billedUsd: Usd,
    lookupUsd: Usd,
    estimatedUsd: Usd,
    /** Total divided by settled generations. */
    averageUsd: Usd.nullable(),
    perActiveUserUsd: Usd.nullable(),
    perPayingUserUsd: Usd.nullable(),
    activeUserCount: Count,
    payingUserCount: Count,
  }),
  generations: z.object({ totalCount: Count, settledCount: Count, voidCount: Count, reservedCount: Count, unknownCount: Count }),
  tokens: z.object({ prompt: Count, completion: Count, cachedPrompt: Count, reasoning: Count, total: Count }),
  /** Every bucket of the range, empty ones included. */
  costOverTime: z.array(z.object({ startsAt: z.iso.datetime(), costUsd: Usd, generationCount: Count, isUnfinished: z.boolean() })),
  /** Every operation, those without use included. */
  costByOperation: z.array(
    z.object({
      operation: Operation.or(z.literal('other')),
      costUsd: Usd,
      generationCount: Count,
      failedCount: Count,
      tokenCount: Count,
      averageUsd: Usd.nullable(),
    }),
  ),
  interactions: z.object({
    totalCount: Count,
    failedCount: Count,
    /** 0 to 1; null without interactions. */
    errorRatio: z.number().min(0).max(1).nullable(),
    /** From taking an update to its end. */
    p95Ms: z.number().nonnegative().nullable(),
  }),
  /** 95th percentile of the calls to the models. */
  generationP95Ms: z.number().nonnegative().nullable(),
});
export type OverviewFigures = z.infer<typeof OverviewFigures>;

/** The figures of a compared range; a window that begins before the records is null. */
const ComparedOverview = OverviewFigures.extend({ activeUsers: z.object({ dau: Count.nullable(), wau: Count.nullable(), mau: Count.nullable() }) });
export type ComparedOverview = z.infer<typeof ComparedOverview>;

/** The overview of a range, and of the range that it is compared with. */
export const Overview = ReportHead.extend(OverviewFigures.shape).extend({ compared: ComparedOverview.nullable() });
export type Overview = z.infer<typeof Overview>;
