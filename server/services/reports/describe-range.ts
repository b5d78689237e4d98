import type { ReportHead } from '#server/contracts/report-head.ts';
import type { ResolvedRange } from '#server/contracts/time-range.ts';
import type { Range } from './resolve-range.ts';

/** A resolved range as reports tell it. */
export function describeRange({ preset, from, to, bucket, timeZone }: Range): ResolvedRange {
  return { preset, from: from.toISOString(), to: to.toISOString(), bucket, timeZone };
}

/** The head of a report that was read when its range was resolved. `dataFrom` is null where there are no data at all. */
export function describeHead(range: Range, compared: Range | null, dataFrom: Date | null): ReportHead {
  return {
    range: describeRange(range),
    comparedRange: compared && describeRange(compared),
    generatedAt: range.asOf.toISOString(),
    coverage: { dataFrom: dataFrom?.toISOString() ?? null },
  };
}
