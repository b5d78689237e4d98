import { HealthHistoryInput } from '#server/contracts/health-history.ts';
import { getHistory } from '../../health/get-history.ts';
import { bucketColumns, defineReport, fieldColumns, spanOfRange, tableOf } from '../define-report.ts';
import { localInstant } from '../local-instant.ts';

const TOTALS_COLUMNS = fieldColumns(
  'uptimeRatio', 'sampledMs', 'healthyMs', 'unhealthyMs', 'disabledMs', 'gapMs', 'sampleCount', 'latencyAverageMs', 'latencyMaxMs',
);

/** How each check did: bar by bar, and in all. */
export const healthHistoryExport = defineReport({
  name: 'health-history',
  input: HealthHistoryInput,
  read: getHistory,
  spanOf: ({ range, timeZone }) => spanOfRange({ ...range, timeZone }),
  tables: {
    bars: ({ timeZone, checks }) => {
      const endsAt = { header: `ends_at (${timeZone})`, cell: (bar: { readonly endsAt: string }) => localInstant(bar.endsAt, timeZone) };
      const rows = checks.flatMap(({ check, bars }) => bars.map((bar) => ({ ...bar, check })));
      return tableOf([...fieldColumns('check'), ...bucketColumns(timeZone), endsAt, ...TOTALS_COLUMNS], rows);
    },
    checks: ({ checks }) => tableOf([...fieldColumns('check'), ...TOTALS_COLUMNS], checks),
  },
});
