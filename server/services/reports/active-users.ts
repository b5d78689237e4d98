import type { Cover } from '#db/queries/rollups/cover.ts';
import { countActive } from '#db/queries/rollups/user-sets.ts';
import type { ReportHead } from '#server/contracts/report-head.ts';
import { ACTIVE_WINDOW_HOURS as HOURS } from '#server/contracts/users.ts';
import { planCover } from '../rollups/plan-cover.ts';
import { withState, type ReportDeps, type ReportScope } from './report-kit.ts';

const HOUR_MS = 3_600_000;

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
  return [HOURS.dau, HOURS.wau, HOURS.mau].map(coverWindow);
}

/** The windows of a compared range, null where one begins before the records: nobody counted those users. */
export function onlyOnRecord({ dau, wau, mau }: ActiveUsers, { comparedRange, coverage: { dataFrom } }: ReportHead): { [Window in keyof ActiveUsers]: number | null } {
  const known = (count: number, hours: number) => {
    const isKnown = comparedRange !== null && dataFrom !== null && Date.parse(dataFrom) <= Date.parse(comparedRange.to) - hours * HOUR_MS;
    return isKnown ? count : null;
  };
  return { dau: known(dau, HOURS.dau), wau: known(wau, HOURS.wau), mau: known(mau, HOURS.mau) };
}

/** The counts of `coverWindows` by their names. */
export function toActiveUsers([dau = 0, wau = 0, mau = 0]: readonly number[]): ActiveUsers {
  return { dau, wau, mau };
}
