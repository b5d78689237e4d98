import { OverviewInput, type ComparedOverview } from '#server/contracts/overview.ts';
import { getOverview } from '../../reports/get-overview.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

function figures({ activeUsers, cost, generations, tokens, interactions, generationP95Ms }: ComparedOverview) {
  return {
    ...fieldFigures(activeUsers),
    ...fieldFigures(cost),
    ...fieldFigures(generations, 'generation_'),
    ...fieldFigures(tokens, 'tokens_'),
    ...fieldFigures(interactions, 'interaction_'),
    generation_p95_ms: generationP95Ms,
  };
}

/** The overview: its cost over time, its operations, and its single figures. */
export const overviewExport = defineReport({
  name: 'overview',
  input: OverviewInput,
  read: getOverview,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'cost-over-time': ({ range, costOverTime }) => tableOf([...bucketColumns(range.timeZone), ...fieldColumns('costUsd', 'generationCount')], costOverTime),
    operations: ({ costByOperation }) =>
      tableOf(fieldColumns('operation', 'costUsd', 'generationCount', 'failedCount', 'tokenCount', 'averageUsd'), costByOperation),
    figures: (report) => figuresOf(report, figures),
  },
});
