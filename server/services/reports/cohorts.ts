import { countNewAndActive } from '#db/queries/rollups/users.ts';
import { DAY_COHORTS_MAX, RETENTION_DAYS, type Retention, type UsersFigures } from '#server/contracts/users.ts';
import { startOfDay } from '#server/lib/local-clock.ts';
import { bucketStarts, localDate } from '#server/lib/time-buckets.ts';
import { planCover } from '../rollups/plan-cover.ts';
import type { ReportScope } from './report-kit.ts';

const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday: three days after a Monday. */
const EPOCH_WEEKDAY = 3;
const LATEST_RETURN = Math.max(...RETENTION_DAYS);

/** Consecutive local days, each from its start to that of the next one, the last to `end`. */
interface Days {
  readonly dates: readonly string[];
  readonly starts: readonly Date[];
  readonly end: Date;
}

type Cohort = UsersFigures['cohorts'][number];

/**
 * How many of those who were first seen on each whole day of the range were active exactly so many days later; nothing is
 * told of a day that is not over. Many days are told as weeks. Retention of the range is that of all its days together.
 */
export async function readCohorts(scope: ReportScope): Promise<Pick<UsersFigures, 'cohorts' | 'retention'>> {
  const { range: { from, to, timeZone }, now } = scope;
  const newDays = wholeDays(from, to < now ? to : now, timeZone);
  const [first, last] = [newDays.dates[0], newDays.dates.at(-1)];
  if (first === undefined || last === undefined) return { cohorts: [], retention: addUp([]) };
  const lastReturn = startOfDay(last, timeZone, LATEST_RETURN + 1);
  const activeDays = wholeDays(startOfDay(first, timeZone, 1), lastReturn < now ? lastReturn : now, timeZone);
  const cohorts = await countReturns(scope, newDays, activeDays);
  return { cohorts: newDays.dates.length > DAY_COHORTS_MAX ? toWeeks(cohorts) : cohorts, retention: addUp(cohorts) };
}

/** Local days that lie in a span from their first moment to their last. */
function wholeDays(from: Date, to: Date, timeZone: string): Days {
  if (from >= to) return { dates: [], starts: [], end: to };
  // From a moment before, so that a day which begins with the span is among them; the end belongs to it likewise.
  const starts = bucketStarts(new Date(from.getTime() - 1), new Date(to.getTime() + 1), 'day', timeZone).slice(1);
  const days = starts.slice(0, -1);
  return { dates: days.map((start) => localDate(start, timeZone)), starts: days, end: starts.at(-1) ?? to };
}

async function countReturns(scope: ReportScope, newDays: Days, activeDays: Days): Promise<Cohort[]> {
  const placeOf = new Map(activeDays.dates.map((date, place) => [date, place]));
  const looks = newDays.dates.flatMap((date, fresh) =>
    RETENTION_DAYS.flatMap((days) => {
      const active = placeOf.get(plusDays(date, days));
      return active === undefined ? [] : [{ days, fresh, active }];
    }),
  );
  const { interactionsKeptFrom } = scope.state;
  const counts = await countNewAndActive(scope.executor, { fresh: coverDays(scope, newDays, null), active: coverDays(scope, activeDays, interactionsKeptFrom), pairs: looks });
  const returned = new Map(looks.map(({ days, fresh }, place) => [`${fresh} ${days}`, counts.both.get(place) ?? 0]));
  return newDays.dates.map((date, place) => {
    const newCount = counts.fresh.get(place) ?? 0;
    const retention = RETENTION_DAYS.map((days) => {
      const activeCount = returned.get(`${place} ${days}`);
      return activeCount === undefined ? toRetention(days, 0, 0) : toRetention(days, newCount, activeCount);
    });
    return { firstDate: date, lastDate: date, newCount, retention };
  });
}

function coverDays({ range: { timeZone }, state }: ReportScope, { starts, end }: Days, rawFrom: Date | null) {
  const from = starts[0] ?? end;
  return planCover({ from, to: end, starts: starts.length > 0 ? starts : [from], timeZone, rollupTimeZone: state.timeZone, rawFrom });
}

function toWeeks(days: readonly Cohort[]): Cohort[] {
  return [...Map.groupBy(days, ({ firstDate }) => Math.floor((Date.parse(firstDate) / DAY_MS + EPOCH_WEEKDAY) / 7)).values()].map((week) => ({
    firstDate: week[0]?.firstDate ?? '',
    lastDate: week.at(-1)?.lastDate ?? '',
    newCount: week.reduce((sum, { newCount }) => sum + newCount, 0),
    retention: addUp(week),
  }));
}

function addUp(cohorts: readonly Cohort[]): Retention[] {
  return RETENTION_DAYS.map((days) => {
    const own = cohorts.flatMap(({ retention }) => retention.filter((each) => each.days === days));
    const sum = (pick: (each: Retention) => number) => own.reduce((total, each) => total + pick(each), 0);
    return toRetention(days, sum((each) => each.newCount), sum((each) => each.activeCount));
  });
}

function toRetention(days: Retention['days'], newCount: number, activeCount: number): Retention {
  return { days, newCount, activeCount, ratio: newCount === 0 ? null : activeCount / newCount };
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}
