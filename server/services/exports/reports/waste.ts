import { WasteInput, type WasteFigures } from '#server/contracts/waste.ts';
import { getWaste } from '../../reports/get-waste.ts';
import { defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

const SPEND_COLUMNS = fieldColumns('costUsd', 'deliveredUsd', 'wastedUsd', 'attemptCount', 'settledCount', 'deliveredCount', 'openCount');

const figures = ({ total, readings }: WasteFigures) => ({ ...fieldFigures(total), ...fieldFigures(readings, 'readings_') });

/**
 * What was spent in vain: by cause, operation and model, each of which adds up to the figures. An attempt without an error or
 * without a text has an empty cell there, and so has the line of all that are not listed by name.
 */
export const wasteExport = defineReport({
  name: 'waste',
  input: WasteInput,
  read: getWaste,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    causes: ({ byCause }) => tableOf([...fieldColumns('disposition', 'errorType'), ...SPEND_COLUMNS], byCause),
    operations: ({ byOperation }) => tableOf([...fieldColumns('operation'), ...SPEND_COLUMNS], byOperation),
    models: ({ byModel }) => tableOf([...fieldColumns('model'), ...SPEND_COLUMNS], byModel),
    figures: (report) => figuresOf(report, figures),
  },
});
