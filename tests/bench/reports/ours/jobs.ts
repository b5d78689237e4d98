import { getJobs } from '#server/services/reports/get-jobs.ts';
import type { OurReport } from './our-report.ts';

const text = (count: number) => String(count);

export const readJobs: OurReport = async (deps) => {
  const report = await getJobs(deps, { range: '30d' });
  const runs = report.runs.filter(({ kind, runCount }) => kind === 'schedule' && runCount > 0);
  return () => ({
    exact: {
      ...Object.fromEntries(runs.flatMap(({ name, okCount, failedCount }) => [
        [`runs of ${name} ok`, text(okCount)], [`runs of ${name} failed`, text(failedCount)], [`durations of schedule ${name}`, text(okCount + failedCount)],
      ])),
      ...Object.fromEntries(report.overTime.flatMap(({ startsAt, okCount, failedCount }) =>
        [[`runs of ${startsAt.slice(0, 10)} ok`, text(okCount)], [`runs of ${startsAt.slice(0, 10)} failed`, text(failedCount)]])),
    },
    near: Object.fromEntries(runs.flatMap(({ name, p50Ms, p95Ms }) => [[`p50 of schedule ${name}`, p50Ms], [`p95 of schedule ${name}`, p95Ms]])),
  });
};
