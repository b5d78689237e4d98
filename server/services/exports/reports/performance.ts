import { PerformanceInput, type ComparedPerformance } from '#server/contracts/performance.ts';
import { getPerformance } from '../../reports/get-performance.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

const LATENCY_COLUMNS = fieldColumns('count', 'p50Ms', 'p95Ms', 'p99Ms');
const THROUGHPUT_COLUMNS = fieldColumns('generationCount', 'generationsPerMinute', 'updateCount', 'updatesPerMinute', 'requestCount', 'requestsPerMinute');

function figures({ latencies, throughput }: ComparedPerformance) {
  const ofFamilies = Object.entries(latencies).flatMap(([family, latency]) => Object.entries(fieldFigures(latency, `${family}_`)));
  return { ...Object.fromEntries(ofFamilies), ...fieldFigures(throughput, 'throughput_') };
}

/** How fast things were: over time, by what was called, and how much of it. Empty names are all that are not listed. */
export const performanceExport = defineReport({
  name: 'performance',
  input: PerformanceInput,
  read: getPerformance,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'latency-over-time': ({ range, overTime }) => tableOf([...bucketColumns(range.timeZone), ...LATENCY_COLUMNS], overTime),
    generations: ({ generations }) => tableOf([...fieldColumns('operation', 'model'), ...LATENCY_COLUMNS], generations),
    handlers: ({ handlers }) => tableOf([...fieldColumns('handler'), ...LATENCY_COLUMNS], handlers),
    requests: ({ requests }) => tableOf([...fieldColumns('handler'), ...LATENCY_COLUMNS], requests),
    'request-statuses': ({ requestsByStatus }) => tableOf(fieldColumns('status', 'count'), requestsByStatus),
    'throughput-over-time': ({ range, throughputOverTime }) => tableOf([...bucketColumns(range.timeZone), ...THROUGHPUT_COLUMNS], throughputOverTime),
    figures: (report) => figuresOf(report, figures),
  },
});
