import { getUsers } from '#server/services/reports/get-users.ts';
import type { OurReport } from './our-report.ts';

const text = (count: number) => String(count);

export const readUsers: OurReport = async (deps) => {
  const { windows, total, overTime, bySource, cohorts } = await getUsers(deps, { range: '30d' });
  return () => ({
    exact: {
      active_1: text(windows.dau), active_7: text(windows.wau), active_30: text(windows.mau),
      active: text(total.activeCount), uses: text(total.interactionCount), returning: text(total.returningCount),
      ...Object.fromEntries(overTime.flatMap(({ startsAt, activeCount, newCount, returningCount }) => {
        const day = startsAt.slice(0, 10);
        return [[`active on ${day}`, text(activeCount)], [`new on ${day}`, text(newCount)], [`returning on ${day}`, text(returningCount)]];
      })),
      ...Object.fromEntries(bySource.map(({ source, signupCount }) => [`new from ${source}`, text(signupCount)])),
      ...Object.fromEntries(cohorts.flatMap(({ firstDate, newCount, retention }) => [
        [`cohort of ${firstDate}`, text(newCount)], ...retention.map(({ days, activeCount }) => [`back after ${days} days of ${firstDate}`, text(activeCount)]),
      ])),
    },
    near: {},
  });
};
