import { CostsInput, type CostsFigures } from '#server/contracts/costs.ts';
import { getCosts } from '../../reports/get-costs.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

const SUMS_COLUMNS = fieldColumns(
  'costUsd', 'billedUsd', 'lookupUsd', 'estimatedUsd', 'attemptCount', 'settledCount', 'voidCount', 'reservedCount', 'unknownCount',
  'promptTokens', 'completionTokens', 'cachedPromptTokens', 'reasoningTokens', 'averageUsd',
);
/** An empty key is all that are not listed by name. */
const PART_COLUMNS = [...fieldColumns('key'), ...SUMS_COLUMNS];

const figures = ({ total }: CostsFigures) => fieldFigures(total);

/** What the models cost over time, with a column per part, and by each of what it can be split by. */
export const costsExport = defineReport({
  name: 'costs',
  input: CostsInput,
  read: getCosts,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'over-time': ({ range, series, overTime }) => {
      const parts = series.map((name, index) => ({
        header: `cost_usd (${name ?? 'others'})`,
        cell: ({ partsUsd }: { readonly partsUsd: readonly string[] }) => partsUsd[index] ?? null,
      }));
      return tableOf([...bucketColumns(range.timeZone), ...fieldColumns('costUsd', 'attemptCount'), ...parts], overTime);
    },
    operations: ({ byOperation }) => tableOf(PART_COLUMNS, byOperation),
    models: ({ byModel }) => tableOf(PART_COLUMNS, byModel),
    plans: ({ byPlan }) => tableOf(PART_COLUMNS, byPlan),
    'cost-sources': ({ byCostSource }) => tableOf(PART_COLUMNS, byCostSource),
    dispositions: ({ byDisposition }) => tableOf(PART_COLUMNS, byDisposition),
    figures: (report) => figuresOf(report, figures),
  },
});
