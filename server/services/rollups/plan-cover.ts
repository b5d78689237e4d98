import type { Cover, Level, Span } from '#db/queries/rollups/cover.ts';
import { bucketStarts, localDate } from '#server/lib/time-buckets.ts';

/** Instants in here are whole microseconds since 1970: what Postgres counts in, and exact as a number. */
const MS_US = 1_000;
const SLOT_US = 300_000 * MS_US;
const HOUR_US = 3_600_000 * MS_US;
const MONDAY = 1;

export interface CoverInput {
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** Shifts both ends by a microsecond: a window that excludes its start and includes its end. */
  readonly isWindow?: boolean;
  /** Starts of the buckets, the first being `from`; one bucket unless given. Others lie on multiples of five minutes. */
  readonly starts?: readonly Date[];
  readonly timeZone: string;
  /** What the rollups' days are days of: where it is another zone, days and weeks are put together from hours. */
  readonly rollupTimeZone: string;
  /** Since when there are raw rows; `never`: there are none. Before that a cut end counts its whole five minutes. */
  readonly rawFrom?: Date | null | 'never';
}

interface Run {
  readonly level: Level;
  readonly from: number;
  to: number;
}

/** Puts a range together from as few rows of the rollups as can be; the buckets' borders are never crossed. */
export function planCover(input: CoverInput): Cover {
  const shift = input.isWindow ? 1 : 0;
  const [from, to] = [input.from.getTime() * MS_US + shift, input.to.getTime() * MS_US + shift];
  const starts = input.starts ?? [input.from];
  const [isHeadRaw, isTailRaw] = [hasRaw(input, from), hasRaw(input, to)];
  const first = (isHeadRaw ? Math.ceil(from / SLOT_US) : Math.floor(from / SLOT_US)) * SLOT_US;
  const last = (isTailRaw ? Math.floor(to / SLOT_US) : Math.ceil(to / SLOT_US)) * SLOT_US;
  const texts = {
    // What lies before the first start by a cut five minutes belongs to it.
    starts: starts.map((start, index) => toText(index === 0 ? Math.min(from, first) : start.getTime() * MS_US)),
    startLabels: starts.map((start) => `${localDate(start, input.timeZone)}T00:00:00Z`),
  };
  if (first >= last) {
    const nothing = { from: toText(from), to: toText(from) };
    return { runs: { 0: [], 1: [], 2: [], 3: [] }, raw: [{ from: toText(from), to: toText(to) }], folded: nothing, ...texts };
  }
  const borders = [first, ...starts.slice(1).map((start) => start.getTime() * MS_US), last].filter((at) => at >= first && at <= last);
  const days = input.timeZone === input.rollupTimeZone ? dayStarts(first, last, input.timeZone) : [];
  const runs = mergeRuns(borders.slice(1).flatMap((end, index) => splitPart(borders[index] ?? end, end, days, input.timeZone)));
  const spansOf = (level: Level): Span[] => runs.filter((run) => run.level === level).map((run) => toSpan(run, input.timeZone));
  const raw = [{ from, to: first }, { from: last, to }].filter((span) => span.to > span.from);
  return {
    runs: { 0: spansOf(0), 1: spansOf(1), 2: spansOf(2), 3: spansOf(3) },
    raw: raw.map((span) => ({ from: toText(span.from), to: toText(span.to) })),
    folded: { from: toText(first), to: toText(last) },
    ...texts,
  };
}

function hasRaw({ rawFrom = null }: CoverInput, at: number): boolean {
  return rawFrom !== 'never' && (rawFrom === null || at >= rawFrom.getTime() * MS_US);
}

/** Whole weeks inside of a part, then whole local days, then whole hours, then five minutes. `days` are all starts of days, ascending. */
function splitPart(from: number, to: number, days: readonly number[], timeZone: string): Run[] {
  const inside = days.filter((day) => day >= from && day <= to);
  const [firstDay, lastDay] = [inside[0], inside.at(-1)];
  if (firstDay === undefined || lastDay === undefined || firstDay === lastDay) return splitHours(from, to);
  return [...splitHours(from, firstDay), ...splitDays(firstDay, lastDay, inside, timeZone), ...splitHours(lastDay, to)];
}

function splitDays(from: number, to: number, days: readonly number[], timeZone: string): Run[] {
  const mondays = days.filter((day) => new Date(labelOf(day, timeZone)).getUTCDay() === MONDAY);
  const [first, last] = [mondays[0], mondays.at(-1)];
  if (first === undefined || last === undefined || first === last) return [{ level: 2, from, to }];
  const runs: Run[] = [{ level: 2, from, to: first }, { level: 3, from: first, to: last }, { level: 2, from: last, to }];
  return runs.filter((run) => run.to > run.from);
}

function splitHours(from: number, to: number): Run[] {
  const first = Math.ceil(from / HOUR_US) * HOUR_US;
  const last = Math.floor(to / HOUR_US) * HOUR_US;
  const runs: Run[] = first < last
    ? [{ level: 0, from, to: first }, { level: 1, from: first, to: last }, { level: 0, from: last, to }]
    : [{ level: 0, from, to }];
  return runs.filter((run) => run.to > run.from);
}

function mergeRuns(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const before = merged.at(-1);
    if (before?.level === run.level && before.to === run.from) before.to = run.to;
    else merged.push({ ...run });
  }
  return merged;
}

function dayStarts(first: number, last: number, timeZone: string): number[] {
  // From a moment before, so that a day which begins with the range is among them; the end belongs to it likewise.
  const starts = bucketStarts(new Date(first / MS_US - 1), new Date(last / MS_US + 1), 'day', timeZone);
  return starts.slice(1).map((start) => start.getTime() * MS_US);
}

function toSpan({ level, from, to }: Run, timeZone: string): Span {
  return level < 2 ? { from: toText(from), to: toText(to) } : { from: labelOf(from, timeZone), to: labelOf(to, timeZone) };
}

/** The local date of an instant as rollups name days and weeks. */
function labelOf(at: number, timeZone: string): string {
  return `${localDate(new Date(at / MS_US), timeZone)}T00:00:00Z`;
}

function toText(us: number): string {
  const ms = Math.floor(us / MS_US);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us - ms * MS_US).padStart(3, '0')}Z`;
}
