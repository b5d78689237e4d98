import type { AttemptErrors, ErrorSums, UsersHit } from '#db/queries/rollups/errors.ts';
import { ErrorHandler, FailureType, type ErrorsFigures, type InteractionErrors } from '#server/contracts/errors.ts';
import { isUnfinished } from './is-unfinished.ts';
import type { Range } from './resolve-range.ts';

/** Kinds of failures that a chart tells apart. */
const SERIES_MAX = 5;
/** Entries of the models' errors that are named; the rest is one more. */
const ATTEMPT_FAILURES_MAX = 30;

type Failures = ErrorsFigures['failures'];

/** The handler of a row by its known name. */
export function toHandler(handler: string): ErrorHandler {
  return ErrorHandler.safeParse(handler).data ?? 'other';
}

/** The error type of a row by its known name. */
export function toFailureType(errorType: string): FailureType {
  return FailureType.safeParse(errorType).data ?? 'other';
}

export function totalOf(sums: readonly ErrorSums[], users: readonly UsersHit[]): ErrorsFigures['total'] {
  const whole = sums.filter((row) => row.bucket === null && row.handler === null);
  return { ...countsOf(whole), userCount: usersOf(users, null, null) };
}

/** Every kind of failure, the most frequent first, among equals by name. */
export function failuresOf(sums: readonly ErrorSums[], users: readonly UsersHit[]): Failures {
  const rows = sums.flatMap((row) => {
    const { bucket, handler, errorType, failedCount } = row;
    return bucket === null && handler !== null && errorType !== null ? [{ handler: toHandler(handler), errorType: toFailureType(errorType), failedCount }] : [];
  });
  return [...Map.groupBy(rows, keyOf).values()]
    .flatMap(([first, ...others]) => {
      if (!first) return [];
      const failedCount = others.reduce((sum, row) => sum + row.failedCount, first.failedCount);
      return [{ ...first, failedCount, userCount: usersOf(users, first.handler, first.errorType) }];
    })
    .toSorted((a, b) => b.failedCount - a.failedCount || compareTexts(keyOf(a), keyOf(b)));
}

/** Every handler with an interaction, the one with most failures first, then by use, then by name. */
export function handlersOf(sums: readonly ErrorSums[], users: readonly UsersHit[]): ErrorsFigures['handlers'] {
  const rows = sums.flatMap((row) => (row.bucket === null && row.handler !== null && row.errorType === null ? [{ ...row, handler: toHandler(row.handler) }] : []));
  return [...Map.groupBy(rows, (row) => row.handler)]
    .map(([handler, group]) => ({ handler, ...countsOf(group), userCount: usersOf(users, handler, null) }))
    .toSorted((a, b) => b.failedCount - a.failedCount || b.interactionCount - a.interactionCount || compareTexts(a.handler, b.handler));
}

/** The most frequent failures, and all others as one where there are more. */
export function seriesOf(failures: Failures): ErrorsFigures['series'] {
  const named = failures.slice(0, SERIES_MAX).map(({ handler, errorType }) => ({ handler, errorType }));
  return failures.length > SERIES_MAX ? [...named, { handler: null, errorType: null }] : named;
}

export function overTimeOf(sums: readonly ErrorSums[], series: ErrorsFigures['series'], range: Range): ErrorsFigures['overTime'] {
  const byBucket = Map.groupBy(sums.filter((row) => row.bucket !== null), (row) => row.bucket);
  return range.starts.map((start, index) => {
    const found = byBucket.get(index) ?? [];
    return {
      startsAt: start.toISOString(),
      isUnfinished: isUnfinished(range.starts[index + 1], range),
      ...countsOf(found.filter((row) => row.handler === null)),
      failedCounts: splitBySeries(found, series),
    };
  });
}

/** The failures of a bucket by series; what none of them names goes to the last. */
function splitBySeries(rows: readonly ErrorSums[], series: ErrorsFigures['series']): number[] {
  const counts = series.map(() => 0);
  for (const { handler, errorType, failedCount } of rows) {
    if (handler === null || errorType === null) continue;
    const key = keyOf({ handler: toHandler(handler), errorType: toFailureType(errorType) });
    const index = series.findIndex((entry) => keyOf(entry) === key);
    const place = index === -1 ? counts.length - 1 : index;
    counts[place] = (counts[place] ?? 0) + failedCount;
  }
  return counts;
}

/** The models' errors, the most frequent first, and all that are not listed as a last entry: they add up. */
export function toAttempts(rows: readonly AttemptErrors[]): ErrorsFigures['attempts'] {
  const attemptCount = rows.find((row) => row.operation === null)?.attemptCount ?? 0;
  const entries = rows
    .filter((row) => row.operation !== null)
    .map(({ attemptCount: failed, ...names }) => ({ ...names, failedCount: failed }))
    .toSorted((a, b) => b.failedCount - a.failedCount || compareTexts(JSON.stringify(a), JSON.stringify(b)));
  const sum = (list: readonly { readonly failedCount: number }[]) => list.reduce((total, row) => total + row.failedCount, 0);
  const [named, others] = [entries.slice(0, ATTEMPT_FAILURES_MAX), entries.slice(ATTEMPT_FAILURES_MAX)];
  const failedCount = sum(entries);
  return {
    attemptCount,
    failedCount,
    errorRatio: ratioOf(failedCount, attemptCount),
    failures: others.length === 0 ? named : [...named, { operation: null, model: null, errorType: null, failedCount: sum(others) }],
  };
}

function countsOf(rows: readonly ErrorSums[]): InteractionErrors {
  const sum = (pick: (row: ErrorSums) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const [interactionCount, failedCount] = [sum((row) => row.interactionCount), sum((row) => row.failedCount)];
  return { interactionCount, failedCount, limitedCount: sum((row) => row.limitedCount), errorRatio: ratioOf(failedCount, interactionCount) };
}

function ratioOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function usersOf(users: readonly UsersHit[], handler: string | null, errorType: string | null): number {
  return users.find((row) => row.handler === handler && row.errorType === errorType)?.count ?? 0;
}

function keyOf({ handler, errorType }: ErrorsFigures['series'][number]): string {
  return `${handler}/${errorType}`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
