import { countHealthSamples, pageHealthSamples } from '#db/queries/exports.ts';
import { HealthHistoryInput } from '#server/contracts/health-history.ts';
import { floorTo, resolutionFor, RESOLUTION_MS } from '../../health/resolutions.ts';
import { resolveRange } from '../../reports/resolve-range.ts';
import { readQuery } from '../read-query.ts';
import type { Column } from '../types.ts';
import { rawRows, type RawExporter } from './raw-export.ts';

type SampleRow = Awaited<ReturnType<typeof pageHealthSamples>>[number];

const COLUMNS: readonly Column<SampleRow>[] = [
  { header: 'bucket_at (UTC)', cell: (row) => row.bucketAt },
  { header: 'resolution', cell: (row) => row.resolution },
  { header: 'check', cell: (row) => row.check },
  { header: 'healthy_ms', cell: (row) => row.healthyMs },
  { header: 'unhealthy_ms', cell: (row) => row.unhealthyMs },
  { header: 'disabled_ms', cell: (row) => row.disabledMs },
  { header: 'sample_count', cell: (row) => row.sampleCount },
  { header: 'latency_sum_ms', cell: (row) => row.latencySumMs },
  { header: 'latency_max_ms', cell: (row) => row.latencyMaxMs },
];

/** The samples of the checks in the finest resolution that is kept for all of a range, widened to full buckets as the page does it. */
export const exportHealthSamples: RawExporter = (deps, query) => {
  const now = deps.clock.now();
  const { from, to, timeZone } = resolveRange(readQuery(HealthHistoryInput, query), { now, timeZone: deps.reportingTimeZone });
  const resolution = resolutionFor(from, now);
  const widened = { from: new Date(floorTo(from.getTime(), RESOLUTION_MS[resolution])), to, timeZone };
  return rawRows(deps, {
    span: widened,
    // Few rows, all of one resolution: they are read without being cut into spans.
    spanMs: Math.max(to.getTime() - widened.from.getTime(), 1),
    columns: COLUMNS,
    page: (executor, page) => pageHealthSamples(executor, page, resolution),
    placeOf: ({ bucketAt, check }) => ({ at: bucketAt, key: check }),
    count: (executor, range) => countHealthSamples(executor, range, resolution),
  });
};
