import { getErrors } from '#server/services/reports/get-errors.ts';
import type { OurReport } from './our-report.ts';

const text = (count: number) => String(count);

export const readErrors: OurReport = async (deps) => {
  const { total, failures, handlers, overTime, attempts, examples } = await getErrors(deps, { range: '30d' });
  return () => ({
    exact: {
      interactions: text(total.interactionCount), failures: text(total.failedCount), limited: text(total.limitedCount), 'users hit': text(total.userCount),
      ...Object.fromEntries(failures.flatMap(({ handler, errorType, failedCount, userCount }) =>
        [[`failures of ${handler} ${errorType}`, text(failedCount)], [`users hit by ${handler} ${errorType}`, text(userCount)]])),
      ...Object.fromEntries(handlers.flatMap(({ handler, interactionCount, userCount }) =>
        [[`interactions of ${handler}`, text(interactionCount)], [`users hit in ${handler}`, text(userCount)]])),
      ...Object.fromEntries(overTime.flatMap(({ startsAt, interactionCount, failedCount }) =>
        [[`interactions on ${startsAt.slice(0, 10)}`, text(interactionCount)], [`failures on ${startsAt.slice(0, 10)}`, text(failedCount)]])),
      attempts: text(attempts.attemptCount), 'failed attempts': text(attempts.failedCount),
      ...Object.fromEntries(examples.map(({ handler, errorType, userId }, index) => [`example ${index}`, `${handler} ${errorType} ${userId}`])),
    },
    near: {},
  });
};
