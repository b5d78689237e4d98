import { ErrorsInput, type ErrorsFigures } from '#server/contracts/errors.ts';
import { getErrors } from '../../reports/get-errors.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';
import { localInstant } from '../local-instant.ts';

const COUNT_COLUMNS = fieldColumns('interactionCount', 'failedCount', 'limitedCount', 'errorRatio');

const figures = ({ total, attempts: { failures: _, ...attempts } }: ErrorsFigures) => ({ ...fieldFigures(total), ...fieldFigures(attempts, 'attempts_') });

/** What failed: over time with a column per kind, by kind and handler, the models' own errors, and the newest examples by our own ids. */
export const errorsExport = defineReport({
  name: 'errors',
  input: ErrorsInput,
  read: getErrors,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'over-time': ({ range, series, overTime }) => {
      const parts = series.map(({ handler, errorType }, index) => ({
        header: `failed_count (${handler === null ? 'others' : `${handler} ${errorType}`})`,
        cell: ({ failedCounts }: { readonly failedCounts: readonly number[] }) => failedCounts[index] ?? null,
      }));
      return tableOf([...bucketColumns(range.timeZone), ...COUNT_COLUMNS, ...parts], overTime);
    },
    failures: ({ failures }) => tableOf(fieldColumns('handler', 'errorType', 'failedCount', 'userCount'), failures),
    handlers: ({ handlers }) => tableOf([...fieldColumns('handler'), ...COUNT_COLUMNS, ...fieldColumns('userCount')], handlers),
    attempts: ({ attempts }) => tableOf(fieldColumns('operation', 'model', 'errorType', 'failedCount'), attempts.failures),
    examples: ({ range: { timeZone }, examples }) => {
      const at = { header: `at (${timeZone})`, cell: (example: { readonly at: string }) => localInstant(example.at, timeZone) };
      return tableOf([at, ...fieldColumns('handler', 'errorType', 'operation', 'userId', 'updateId', 'durationMs', 'requestId')], examples);
    },
    figures: (report) => figuresOf(report, figures),
  },
});
