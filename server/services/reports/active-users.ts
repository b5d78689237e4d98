import type { Cover } from '#db/queries/rollups/cover.ts';
import { readRollupState } from '#db/queries/rollups/state.ts';
import { countUsers } from '#db/queries/rollups/user-sets.ts';
import { planCover } from '../rollups/plan-cover.ts';
import type { ReportDeps, ReportScope } from './report-kit.ts';

const HOUR_MS = 3_600_000;
/** Hours of the windows in which a user counts as active: a day, a week, a month, each ending now. */
const WINDOW_HOURS = { dau: 24, wau: 7 * 24, mau: 30 * 24 };

type ActiveUsers = Readonly<Record<keyof typeof WINDOW_HOURS, number>>;

/** Users who did something themselves in the windows of a scope: (end − w, end]. */
export async function countActiveUsers({ executor, coverWindow }: ReportScope): Promise<ActiveUsers> {
  return windowCounts(await countUsers(executor, 'active', windowCovers(coverWindow)));
}

/** Users who did something themselves in (now − w, now]. */
export async function readActiveUsers({ db, clock, reportingTimeZone: timeZone }: ReportDeps): Promise<ActiveUsers> {
  const now = clock.now();
  const counts = await db.transaction(
    async (tx) => {
      const { timeZone: rollupTimeZone, interactionsKeptFrom } = await readRollupState(tx);
      const coverWindow = (hours: number) =>
        planCover({ from: new Date(now.getTime() - hours * HOUR_MS), to: now, isWindow: true, timeZone, rollupTimeZone, rawFrom: interactionsKeptFrom });
      return countUsers(tx, 'active', windowCovers(coverWindow));
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  return windowCounts(counts);
}

function windowCovers(coverWindow: (hours: number) => Cover): Cover[] {
  return [coverWindow(WINDOW_HOURS.dau), coverWindow(WINDOW_HOURS.wau), coverWindow(WINDOW_HOURS.mau)];
}

type Counts = Awaited<ReturnType<typeof countUsers>>;

function windowCounts(counts: Counts): ActiveUsers {
  return { dau: countOf(counts, 0), wau: countOf(counts, 1), mau: countOf(counts, 2) };
}

function countOf(counts: Counts, set: number): number {
  return counts.find((row) => row.set === set)?.count ?? 0;
}
