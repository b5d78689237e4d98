import { UsersInput, type ComparedUsers } from '#server/contracts/users.ts';
import { getUsers } from '../../reports/get-users.ts';
import { bucketColumns, defineReport, fieldColumns, fieldFigures, figuresOf, spanOfRange, tableOf } from '../define-report.ts';

const figures = ({ windows, total, retention }: ComparedUsers) => ({
  ...fieldFigures(windows),
  ...fieldFigures(total),
  ...Object.assign({}, ...retention.map(({ days, ...each }) => fieldFigures(each, `d${days}_`))),
});

/** Users over time, where they came from and whether they stayed: counts only, no user by name or id. */
export const usersExport = defineReport({
  name: 'users',
  input: UsersInput,
  read: getUsers,
  spanOf: ({ range }) => spanOfRange(range),
  tables: {
    'over-time': ({ range, overTime }) => tableOf([...bucketColumns(range.timeZone), ...fieldColumns('activeCount', 'newCount', 'returningCount')], overTime),
    cohorts: ({ cohorts }) =>
      tableOf(
        fieldColumns('firstDate', 'lastDate', 'newCount', 'days', 'askedCount', 'activeCount', 'ratio'),
        cohorts.flatMap(({ retention, ...cohort }) =>
          retention.map(({ days, newCount, activeCount, ratio }) => ({ ...cohort, days, askedCount: newCount, activeCount: ratio === null ? null : activeCount, ratio })),
        ),
      ),
    sources: ({ bySource }) => tableOf(fieldColumns('source', 'signupCount'), bySource),
    figures: (report) => figuresOf(report, figures),
  },
});
