import type { Cover } from '#db/queries/rollups/cover.ts';
import { countActive } from '#db/queries/rollups/user-sets.ts';
import { planCover } from '../rollups/plan-cover.ts';
import { withState, type ReportDeps, type ReportScope } from './report-kit.ts';

const HOUR_MS = 3_600_000;
/** Hours of the windows in which a user counts as active: a day, a week, a month. */
const WINDOW_HOURS = [24, 7 * 24, 30 * 24] as const;

/** Users who did something themselves in a day, a week and a month. */
export interface ActiveUsers {
  readonly dau: number;
  readonly wau: number;
  readonly mau: number;
}

/** Users who did something themselves in the windows of a scope: (end − w, end]. */
export async function countActiveUsers(scope: ReportScope): Promise<ActiveUsers> {
  return toActiveUsers(await countActive(scope.executor, coverWindows(scope)));
}

/** Users who did something themselves in (now − w, now]. */
export async function readActiveUsers({ db, clock, reportingTimeZone: timeZone }: ReportDeps): Promise<ActiveUsers> {
  const now = clock.now();
  const counts = await withState({ db }, (executor, { timeZone: rollupTimeZone, interactionsKeptFrom }) => {
    const coverWindow = (hours: number) =>
      planCover({ from: new Date(now.getTime() - hours * HOUR_MS), to: now, isWindow: true, timeZone, rollupTimeZone, rawFrom: interactionsKeptFrom });
    return countActive(executor, coverWindows({ coverWindow }));
  });
  return toActiveUsers(counts);
}

/** The windows as rollups, for whoever counts their users along with others. */
export function coverWindows({ coverWindow }: Pick<ReportScope, 'coverWindow'>): Cover[] {
  return WINDOW_HOURS.map(coverWindow);
}

/** The counts of `coverWindows` by their names. */
export function toActiveUsers([dau = 0, wau = 0, mau = 0]: readonly number[]): ActiveUsers {
  return { dau, wau, mau };
}
