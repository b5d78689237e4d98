import { countPairs, type SetPair } from '#db/queries/rollups/users.ts';
import { COHORTS_MAX, RETENTION_DAYS, type Retention, type UsersFigures } from '#server/contracts/users.ts';
import { startOfDay } from '#server/lib/local-clock.ts';
import { bucketStarts, localDate } from '#server/lib/time-buckets.ts';
import { planCover } from '../rollups/plan-cover.ts';
import type { ReportScope } from './report-kit.ts';

/** A local day with the users who were first seen on it. */
interface CohortDay {
  readonly date: string;
  readonly from: Date;
  readonly to: Date;
}

/**
 * How many of those who were first seen on each whole day of the range were active exactly so many days later; nothing is
 * told of a day that is not over. Retention of the range is that of its cohorts together.
 */
export async function readCohorts(scope: ReportScope): Promise<Pick<UsersFigures, 'cohorts' | 'retention'>> {
  const { executor, now, range } = scope;
  const days = cohortDays(scope).slice(-COHORTS_MAX);
  const asked = days.flatMap((day) => RETENTION_DAYS.map((later) => ({ day, later, from: dayLater(day, later, range.timeZone), to: dayLater(day, later + 1, range.timeZone) })));
  const over = asked.filter(({ to }) => to <= now);
  const [sizes, returned] = await Promise.all([
    countPairs(executor, 'new', 'active', days.map((day): SetPair => ({ left: coverDay(scope, day), right: coverDay(scope, day) }))),
    countPairs(executor, 'new', 'active', over.map(({ day, from, to }): SetPair => ({ left: coverDay(scope, day), right: coverDay(scope, { from, to }) }))),
  ]);
  const activeOf = new Map(over.map(({ day, later }, index) => [`${day.date} ${later}`, returned[index]?.both ?? 0]));
  const cohorts = days.map(({ date }, index) => {
    const newCount = sizes[index]?.left ?? 0;
    return { date, newCount, retention: RETENTION_DAYS.map((later) => toRetention(later, newCount, activeOf.get(`${date} ${later}`))) };
  });
  return { cohorts, retention: RETENTION_DAYS.map((later) => addUp(later, cohorts.flatMap(({ retention }) => retention))) };
}

/** Whole local days of the range. */
function cohortDays({ range: { from, to, timeZone } }: ReportScope): CohortDay[] {
  // From a moment before, so that a day which begins with the range is among them; the end belongs to it likewise.
  const starts = bucketStarts(new Date(from.getTime() - 1), new Date(to.getTime() + 1), 'day', timeZone).slice(1);
  return starts.slice(0, -1).map((start, index) => ({ date: localDate(start, timeZone), from: start, to: starts[index + 1] ?? start }));
}

function dayLater({ date }: CohortDay, days: number, timeZone: string): Date {
  return startOfDay(date, timeZone, days);
}

function coverDay({ range: { timeZone }, state }: ReportScope, { from, to }: Pick<CohortDay, 'from' | 'to'>) {
  return planCover({ from, to, timeZone, rollupTimeZone: state.timeZone, rawFrom: state.interactionsKeptFrom });
}

/** `activeCount` undefined: that day is not over. */
function toRetention(days: Retention['days'], newCount: number, activeCount: number | undefined): Retention {
  if (activeCount === undefined) return { days, newCount: 0, activeCount: 0, ratio: null };
  return { days, newCount, activeCount, ratio: newCount === 0 ? null : activeCount / newCount };
}

function addUp(days: Retention['days'], parts: readonly Retention[]): Retention {
  const own = parts.filter((part) => part.days === days);
  const sum = (pick: (part: Retention) => number) => own.reduce((total, part) => total + pick(part), 0);
  return toRetention(days, sum((part) => part.newCount), sum((part) => part.activeCount));
}
