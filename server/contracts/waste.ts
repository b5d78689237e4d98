import { z } from 'zod';
import { Count, Usd } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';
import { DISPOSITIONS } from './vocabulary.ts';

export const WasteInput = RangeInput;
export type WasteInput = z.infer<typeof WasteInput>;

/** What attempts started in the range cost; the cost of those that are `open` is not known and in no sum. */
const Spend = z.object({
  costUsd: Usd,
  /** Of it, for texts that reached a user. */
  deliveredUsd: Usd,
  /** The rest: rejected, superseded or undelivered. */
  wastedUsd: Usd,
  attemptCount: Count,
  settledCount: Count,
  /** Settled attempts whose text reached a user. */
  deliveredCount: Count,
  openCount: Count,
});
export type Spend = z.infer<typeof Spend>;

/** Spend and counts of a range: each of the three lists adds up to the total. */
export const WasteFigures = z.object({
  total: Spend,
  byCause: z.array(Spend.extend({ disposition: z.enum(DISPOSITIONS).nullable(), errorType: z.string().nullable() })),
  /** Null: all operations or models that are not listed. */
  byOperation: z.array(Spend.extend({ operation: z.string().nullable() })),
  byModel: z.array(Spend.extend({ model: z.string().nullable() })),
  /** Where the texts of readings came from; those of our own store cost nothing. */
  readings: z.object({ storeCount: Count, storeUsd: Usd, modelCount: Count, unrecordedCount: Count }),
});
export type WasteFigures = z.infer<typeof WasteFigures>;

/** The same with its head, and the figures of the range that it is compared with. */
export const Waste = ReportHead.extend(WasteFigures.shape).extend({ compared: WasteFigures.nullable() });
export type Waste = z.infer<typeof Waste>;
