import { z } from 'zod';
import { ResolvedRange } from './time-range.ts';

/** What every report says of itself: which time it covers, what it is held against, how fresh and how complete it is. */
export const ReportHead = z.object({
  range: ResolvedRange,
  /** Null: no comparison was asked for; the figures of it are null where it begins before the records, and before the range itself has begun. It ends where the range had come to at `generatedAt`, so that like is held against like. */
  comparedRange: ResolvedRange.nullable(),
  /** When the figures were read, in one snapshot. */
  generatedAt: z.iso.datetime(),
  /** Since when all that the report tells of is on record: handled updates, attempts where it tells of nothing else, runs in that of the jobs; null: nothing is. Requests to the web site may begin at another time. */
  coverage: z.object({ dataFrom: z.iso.datetime().nullable() }),
});
export type ReportHead = z.infer<typeof ReportHead>;
