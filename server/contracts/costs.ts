import { z } from 'zod';
import { Count, Usd } from './amounts.ts';
import { NONE } from './generations.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';
import { COST_SOURCES, DISPOSITIONS, PLANS } from './vocabulary.ts';

/** What cost can be split by. */
export const COST_DIMENSIONS = ['operation', 'model', 'plan', 'costSource', 'disposition'] as const;
export const CostDimension = z.enum(COST_DIMENSIONS, { error: `must be one of ${COST_DIMENSIONS.join(', ')}` });
export type CostDimension = z.infer<typeof CostDimension>;

/** What the cost over time is split by unless something else is asked for. */
export const DEFAULT_COST_DIMENSION: CostDimension = 'operation';

const Name = z.string().regex(/^[\w~][\w.:/~@-]{0,127}$/, { error: 'must be a name of at most 128 letters, digits and the signs . : / ~ @ - _' });

export const CostsInput = RangeInput.safeExtend({
  by: CostDimension.optional(),
  operation: Name.optional(),
  /** As requested. */
  model: Name.optional(),
  plan: z.enum(PLANS).optional(),
  costSource: z.enum(COST_SOURCES).optional(),
  /** `none`: attempts without a text. */
  disposition: z.enum([...DISPOSITIONS, NONE]).optional(),
});
export type CostsInput = z.infer<typeof CostsInput>;

/** What some attempts cost. The cost of reserved and unknown ones is not known and in no sum. */
export const CostSums = z.object({
  costUsd: Usd,
  billedUsd: Usd,
  lookupUsd: Usd,
  estimatedUsd: Usd,
  attemptCount: Count,
  settledCount: Count,
  voidCount: Count,
  reservedCount: Count,
  unknownCount: Count,
  promptTokens: Count,
  completionTokens: Count,
  /** Part of the prompt tokens. */
  cachedPromptTokens: Count,
  /** Part of the completion tokens. */
  reasoningTokens: Count,
  /** Cost of a settled attempt; null without any. */
  averageUsd: Usd.nullable(),
});
export type CostSums = z.infer<typeof CostSums>;

/** Attempts of one kind; a `key` of null is all that are not listed by name, `none` those without a disposition. */
const CostPart = CostSums.extend({ key: z.string().nullable() });
export type CostPart = z.infer<typeof CostPart>;

/** What the models cost: each list adds up to the total, and so do the buckets. */
export const CostsFigures = z.object({
  total: CostSums,
  by: CostDimension,
  /** What the cost over time is split into, the dearest first. */
  series: z.array(z.string().nullable()),
  overTime: z.array(
    z.object({
      startsAt: z.iso.datetime(),
      isUnfinished: z.boolean(),
      costUsd: Usd,
      attemptCount: Count,
      /** The cost of each of `series`, in its order. */
      partsUsd: z.array(Usd),
    }),
  ),
  byOperation: z.array(CostPart),
  byModel: z.array(CostPart),
  byPlan: z.array(CostPart),
  byCostSource: z.array(CostPart),
  byDisposition: z.array(CostPart),
});
export type CostsFigures = z.infer<typeof CostsFigures>;

export const Costs = ReportHead.extend(CostsFigures.shape).extend({ compared: CostsFigures.nullable() });
export type Costs = z.infer<typeof Costs>;
