import { sumLatencySeries, type BucketLatencies } from '#db/queries/rollups/latency-series.ts';
import { findRecordsStart } from '#db/queries/rollups/records-start.ts';
import { sumLatencies, sumLatenciesByKey } from '#db/queries/rollups/sums.ts';
import { countAttempts, countRequests, countUpdates } from '#db/queries/rollups/throughput.ts';
import {
  DEFAULT_LATENCY_FAMILY, type ComparedPerformance, type LatencyFamily, type PerformanceFigures, type PerformanceInput, type PerformanceReport,
} from '#server/contracts/performance.ts';
import { HTTP_STATUS_CLASSES } from '#server/contracts/vocabulary.ts';
import { isUnfinished } from './is-unfinished.ts';
import { latencyOf, listLatencies } from './latency-lists.ts';
import { readReport, type RawRows, type ReportDeps, type ReportScope } from './report-kit.ts';
import type { Range } from './resolve-range.ts';
import { throughputOverTime, totalThroughput } from './throughput.ts';

/** Entries that a list names; the rest is one more. */
export const LATENCIES_MAX = 30;

const RAW_ROWS: Record<LatencyFamily, RawRows> = { generation: 'ledger', interaction: 'interactions', update_age: 'interactions', http: 'none' };

type Chosen = PerformanceFigures['chosen'];

/** How fast calls to the models, the bot and the web site were in a range, and how much they did. The input is validated by `PerformanceInput`. */
export async function getPerformance(deps: ReportDeps, { family = DEFAULT_LATENCY_FAMILY, operation, model, handler, ...range }: PerformanceInput): Promise<PerformanceReport> {
  const chosen = { family, operation: operation ?? null, model: model ?? null, handler: handler ?? null };
  const { compared, ...report } = await readReport(deps, range, (scope) => readPerformance(scope, chosen));
  return { ...report, compared: compared && onlyRequestsOnRecord(compared, report) };
}

function onlyRequestsOnRecord(compared: PerformanceFigures, { comparedRange, requestsFrom }: Omit<PerformanceReport, 'compared'>): ComparedPerformance {
  if (comparedRange !== null && requestsFrom !== null && Date.parse(requestsFrom) <= Date.parse(comparedRange.from)) return compared;
  const latency = { count: null, p50Ms: null, p95Ms: null, p99Ms: null };
  const rate = { requestCount: null, requestsPerMinute: null };
  return {
    ...compared,
    latencies: { ...compared.latencies, http: latency },
    overTime: compared.chosen.family === 'http' ? compared.overTime.map((bucket) => ({ ...bucket, ...latency })) : compared.overTime,
    throughput: { ...compared.throughput, ...rate },
    throughputOverTime: compared.throughputOverTime.map((bucket) => ({ ...bucket, ...rate })),
    requests: [],
    requestsByStatus: [],
  };
}

async function readPerformance({ executor, range, state, coverBuckets, coverWhole }: ReportScope, chosen: Chosen): Promise<PerformanceFigures> {
  const { family, operation, model, handler } = chosen;
  const [generations, handlers, requests, ages, series, attempts, updates, counted, requestsFrom] = await Promise.all([
    sumLatenciesByKey(executor, coverWhole('ledger'), 'generation'),
    sumLatenciesByKey(executor, coverWhole('interactions'), 'interaction'),
    sumLatenciesByKey(executor, coverWhole('none'), 'http'),
    sumLatencies(executor, coverWhole('interactions'), 'update_age'),
    sumLatencySeries(executor, coverBuckets(RAW_ROWS[family]), family, { keyA: operation ?? handler ?? undefined, keyB: model ?? undefined }),
    countAttempts(executor, coverBuckets('ledger')),
    countUpdates(executor, coverBuckets('interactions')),
    countRequests(executor, coverBuckets('none')),
    findRecordsStart(executor, 'http'),
  ]);
  const counts = { attempts, updates, requests: counted.byBucket };
  const recorded = { work: state.dataFrom, requests: requestsFrom };
  return {
    latencies: { generation: latencyOf(generations), interaction: latencyOf(handlers), update_age: latencyOf(ages), http: latencyOf(requests) },
    generations: listLatencies(generations, LATENCIES_MAX).map(({ keyA, keyB, ...latency }) => ({ operation: keyA, model: keyB, ...latency })),
    handlers: listLatencies(handlers, LATENCIES_MAX).map(({ keyA, keyB: _, ...latency }) => ({ handler: keyA, ...latency })),
    requests: listLatencies(requests, LATENCIES_MAX).map(({ keyA, keyB: _, ...latency }) => ({ handler: keyA, ...latency })),
    requestsByStatus: HTTP_STATUS_CLASSES.map((status) => ({ status, count: counted.byStatus.get(status) ?? 0 })),
    chosen,
    overTime: fillBuckets(series, range),
    throughput: totalThroughput(counts, range, recorded),
    throughputOverTime: throughputOverTime(counts, range, recorded),
    requestsFrom: requestsFrom?.toISOString() ?? null,
  };
}

function fillBuckets(series: readonly BucketLatencies[], range: Range): PerformanceFigures['overTime'] {
  const binsOf = new Map(series.map(({ bucket, bins }) => [bucket, bins]));
  return range.starts.map((start, index) => ({
    startsAt: start.toISOString(),
    ...latencyOf(binsOf.get(index) ?? []),
    isUnfinished: isUnfinished(range.starts[index + 1], range),
  }));
}
