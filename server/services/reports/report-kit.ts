import type { Database, Executor } from '#db/client.ts';
import type { Cover } from '#db/queries/rollups/cover.ts';
import { readRollupState, type RollupState } from '#db/queries/rollups/state.ts';
import { inSnapshot } from '#db/snapshot.ts';
import type { ReportHead } from '#server/contracts/report-head.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import type { Clock } from '#server/lib/clock.ts';
import { planCover } from '../rollups/plan-cover.ts';
import { comparisonRange } from './comparison-range.ts';
import { describeHead } from './describe-range.ts';
import type { Work } from './read-jobs-now.ts';
import { resolveRange, type Range } from './resolve-range.ts';

export interface ReportDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly reportingTimeZone: string;
  /** Whether a second connection is free to make a report faster; never unless given. */
  readonly hasSpare?: () => boolean;
  /** Of which only the jobs tell; all schedules and a counter of its own unless given. */
  readonly work?: Work;
}

/** Which raw rows fill the cut ends of a range; `none` where a kind of row is not kept one by one. */
export type RawRows = 'ledger' | 'interactions' | 'none';

/** What the figures of one range are read with: everything from one snapshot. */
export interface ReportScope {
  readonly executor: Executor;
  readonly range: Range;
  readonly now: Date;
  readonly state: RollupState;
  /** The range as rollups, bucket by bucket. */
  readonly coverBuckets: (raw: RawRows) => Cover;
  /** The range as rollups, as a whole: fewer rows. */
  readonly coverWhole: (raw: RawRows) => Cover;
  /** The last so many hours up to now, or up to the end of the range that another one is compared with: (end − hours, end]. */
  readonly coverWindow: (hours: number) => Cover;
}

const HOUR_MS = 3_600_000;

/** Reads whatever belongs to one range from one snapshot. Throws `AppError` `bad_input` as `resolveRange`. */
export function readSnapshot<Result>(deps: ReportDeps, input: RangeInput, read: (scope: ReportScope) => Promise<Result>): Promise<Result> {
  return withState(deps, (executor, state) => read(scopeOf(executor, resolve(deps, input), state)));
}

/** Since when all that a report tells of is on record; null: nothing is. */
type FindRecordsStart = (executor: Executor, state: RollupState) => Promise<Date | null> | Date | null;

/** Of a report that tells of nothing but attempts. */
export const attemptsStart: FindRecordsStart = (_, state) => state.dataFrom;

/**
 * Reads a report: its figures for the range of the input and, where a comparison is asked for, for the range that it is
 * compared with, all from one snapshot. There is nothing to compare before a range has begun, nor with one that begins before
 * the records: its zeros would be nobody's count. The input is validated by `RangeInput`; throws `AppError` `bad_input` as `resolveRange`.
 */
export async function readReport<Figures extends object>(
  deps: ReportDeps,
  input: RangeInput,
  read: (scope: ReportScope) => Promise<Figures>,
  findRecordsStart: FindRecordsStart = (_, state) => state.usesFrom,
): Promise<ReportHead & Figures & { compared: Figures | null }> {
  const range = resolve(deps, input);
  const compared = input.compare ? comparisonRange(range, input.compare) : null;
  return withState(deps, async (executor, state) => {
    const readEarlier = async () => {
      const dataFrom = await findRecordsStart(executor, state);
      const isKnown = compared !== null && range.from < range.asOf && dataFrom !== null && dataFrom <= compared.from;
      return { dataFrom, earlier: isKnown ? await read(scopeOf(executor, compared, state, compared.to)) : null };
    };
    const [figures, { dataFrom, earlier }] = await Promise.all([read(scopeOf(executor, range, state)), readEarlier()]);
    return { ...describeHead(range, compared, dataFrom), ...figures, compared: earlier };
  });
}

function resolve({ clock, reportingTimeZone }: ReportDeps, input: RangeInput): Range {
  return resolveRange(input, { now: clock.now(), timeZone: reportingTimeZone });
}

/** Reads in one snapshot, told what the rollups are like in it. */
export function withState<Result>({ db, hasSpare }: Pick<ReportDeps, 'db' | 'hasSpare'>, read: (executor: Executor, state: RollupState) => Promise<Result>): Promise<Result> {
  return inSnapshot(db, async (executor) => read(executor, await readRollupState(executor)), hasSpare);
}

function scopeOf(executor: Executor, range: Range, state: RollupState, windowsEnd = range.asOf): ReportScope {
  const { from, to, starts, timeZone, asOf } = range;
  const rawFrom = { ledger: state.ledgerKeptFrom, interactions: state.interactionsKeptFrom, none: 'never' } as const;
  const zones = { timeZone, rollupTimeZone: state.timeZone };
  return {
    executor,
    range,
    now: asOf,
    state,
    coverBuckets: (raw) => planCover({ from, to, starts, ...zones, rawFrom: rawFrom[raw] }),
    coverWhole: (raw) => planCover({ from, to, ...zones, rawFrom: rawFrom[raw] }),
    coverWindow: (hours) => planCover({ from: new Date(windowsEnd.getTime() - hours * HOUR_MS), to: windowsEnd, isWindow: true, ...zones, rawFrom: rawFrom.interactions }),
  };
}
