import { JobsInput, type JobsFigures } from '#server/contracts/jobs.ts';
import { getJobs } from '../../reports/get-jobs.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

const COUNT_COLUMNS = fieldColumns('runCount', 'okCount', 'failedCount', 'retriedCount', 'openCount');

const figures = ({ total }: JobsFigures) => fieldFigures(total);

/** What schedules and jobs did: over time and by name; and what is in the queues now. */
export const jobsExport = defineReport({
  name: 'jobs',
  input: JobsInput,
  read: getJobs,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'over-time': ({ range, overTime }) => tableOf([...bucketColumns(range.timeZone), ...COUNT_COLUMNS], overTime),
    runs: ({ runs }) => tableOf([...fieldColumns('kind', 'name'), ...COUNT_COLUMNS, ...fieldColumns('failureRatio', 'p50Ms', 'p95Ms')], runs),
    queues: ({ now }) => tableOf(fieldColumns('queue', 'pending', 'active', 'failed', 'completed'), now.queues),
    figures: (report) => figuresOf(report, figures),
  },
});
