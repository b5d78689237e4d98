import { EconomicsInput, type EconomicsFigures } from '#server/contracts/economics.ts';
import { getEconomics } from '../../reports/get-economics.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

const ACCOUNT_COLUMNS = fieldColumns(
  'revenueUsd', 'revenueStars', 'paymentUsd', 'paymentStars', 'paymentCount', 'refundUsd', 'refundStars', 'refundCount', 'costUsd', 'marginUsd',
);

const figures = ({ total, users, otherUsers, nobody }: EconomicsFigures) => ({
  ...fieldFigures(total),
  ...fieldFigures(users, 'users_'),
  ...fieldFigures(otherUsers, 'other_users_'),
  ...fieldFigures(nobody, 'nobody_'),
});

/** Revenue against cost: over time, by plan, operation and source, and the dearest users by our own ids. */
export const economicsExport = defineReport({
  name: 'economics',
  input: EconomicsInput,
  read: getEconomics,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'over-time': ({ range, overTime }) => tableOf([...bucketColumns(range.timeZone), ...ACCOUNT_COLUMNS], overTime),
    plans: ({ byPlan }) => tableOf([...fieldColumns('plan'), ...ACCOUNT_COLUMNS, ...fieldColumns('attemptCount', 'openCount')], byPlan),
    operations: ({ byOperation }) =>
      tableOf(fieldColumns('operation', 'costUsd', 'attemptCount', 'openCount', 'deliveredCount', 'perDeliveredUsd'), byOperation),
    sources: ({ bySource }) => tableOf([...fieldColumns('source', 'signupCount', 'attemptCount'), ...ACCOUNT_COLUMNS], bySource),
    'top-users': ({ topUsers }) => tableOf(fieldColumns('userId', 'planNow', 'costUsd', 'attemptCount'), topUsers),
    figures: (report) => figuresOf(report, figures),
  },
});
