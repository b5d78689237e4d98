import { z } from 'zod';
import { Count } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';
import { BOT_HANDLERS, INTERACTION_ERROR_TYPES } from './vocabulary.ts';

const refusal = (values: readonly string[]) => ({ error: `must be one of ${values.join(', ')}` });

export const ErrorHandler = z.enum(BOT_HANDLERS, refusal(BOT_HANDLERS));
export type ErrorHandler = z.infer<typeof ErrorHandler>;

/** Why an interaction failed; what an older version wrote and none of the names holds is `other`. */
export const FAILURE_TYPES = [...INTERACTION_ERROR_TYPES, 'other'] as const;
export const FailureType = z.enum(FAILURE_TYPES, refusal(FAILURE_TYPES));
export type FailureType = z.infer<typeof FailureType>;

/** A range, and what all of the report but the models' own errors is narrowed to. */
export const ErrorsInput = RangeInput.safeExtend({ handler: ErrorHandler.optional(), errorType: FailureType.optional() });
export type ErrorsInput = z.infer<typeof ErrorsInput>;

/** 0 to 1; null of nothing. */
const Ratio = z.number().min(0).max(1).nullable();

/** A reading that a budget refused (`limited`) is neither a success nor a failure: it counts as an interaction only. */
const Interactions = z.object({
  /** All that were handled, however they ended; an error type does not narrow them. */
  interactionCount: Count,
  failedCount: Count,
  limitedCount: Count,
  /** Failed ones of all interactions. */
  errorRatio: Ratio,
});
export type InteractionErrors = z.infer<typeof Interactions>;

const HandlerAndType = { handler: ErrorHandler, errorType: FailureType };

/** What failed in a range. Users are counted exactly, each once. */
export const ErrorsFigures = z.object({
  chosen: z.object({ handler: ErrorHandler.nullable(), errorType: FailureType.nullable() }),
  total: Interactions.extend({ userCount: Count }),
  /** Every kind of failure there was, the most frequent first; they add up to the total, their users need not. */
  failures: z.array(z.object({ ...HandlerAndType, failedCount: Count, userCount: Count })),
  /** Every feature that was used, the one with most failures first. */
  handlers: z.array(Interactions.extend({ handler: ErrorHandler, userCount: Count })),
  /** What `failedCounts` of a bucket tell apart, in their order; null in both: all others. */
  series: z.array(z.object({ handler: ErrorHandler.nullable(), errorType: FailureType.nullable() })),
  /** Every bucket of the range, empty ones included. */
  overTime: z.array(Interactions.extend({ startsAt: z.iso.datetime(), isUnfinished: z.boolean(), failedCounts: z.array(Count) })),
  /** Attempts at generations that started in the range, and those that ended with an error of their own. */
  attempts: z.object({
    attemptCount: Count,
    failedCount: Count,
    errorRatio: Ratio,
    /** The most frequent first; the last entry, whose names are null, is all others. */
    failures: z.array(z.object({ operation: z.string().nullable(), model: z.string().nullable(), errorType: z.string().nullable(), failedCount: Count })),
  }),
});
export type ErrorsFigures = z.infer<typeof ErrorsFigures>;

/** Most examples of a report. */
export const EXAMPLES_MAX = 20;

/** A failed interaction: when, where and why, by our own ids; never a word of what the user wrote. */
export const FailureExample = z.object({
  at: z.iso.datetime(),
  ...HandlerAndType,
  operation: z.string().nullable(),
  userId: Count,
  updateId: z.int().nullable(),
  durationMs: Count,
  /** The last attempt at a generation that the update led to; null: none is known. */
  requestId: z.guid().nullable(),
});
export type FailureExample = z.infer<typeof FailureExample>;

/** The errors of a range, and of the range that it is compared with. */
export const ErrorsReport = ReportHead.extend(ErrorsFigures.shape).extend({
  /** The newest of the range, as far as interactions are kept one by one. */
  examples: z.array(FailureExample).max(EXAMPLES_MAX),
  /** Since when they are kept one by one; null: none was ever dropped. */
  examplesFrom: z.iso.datetime().nullable(),
  compared: ErrorsFigures.nullable(),
});
export type ErrorsReport = z.infer<typeof ErrorsReport>;
