import { sumJobs, type JobSums } from '#db/queries/rollups/jobs.ts';
import { findRecordsStart } from '#db/queries/rollups/records-start.ts';
import { sumLatenciesByKey } from '#db/queries/rollups/sums.ts';
import type { JobsFigures, JobsInput, JobsNow, JobsReport, RunCounts, Runs, WorkKind, WorkName } from '#server/contracts/jobs.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { JOBS } from '#server/contracts/vocabulary.ts';
import { percentileOf, type BinCount } from '#server/lib/latency-bins.ts';
import { isUnfinished } from './is-unfinished.ts';
import { readJobsNow } from './read-jobs-now.ts';
import { readReport, type ReportDeps, type ReportScope } from './report-kit.ts';
import type { Range } from './resolve-range.ts';

type Name = JobsFigures['runs'][number]['name'];
type DurationRow = BinCount & { readonly keyA: string; readonly keyB: string };

/** What schedules and jobs did in a range, and how they stand now. The input is validated by `JobsInput`. */
export async function getJobs(deps: ReportDeps, { name, ...input }: JobsInput): Promise<JobsReport> {
  let reading: Promise<JobsNow> | undefined;
  const read = async (scope: ReportScope) => {
    // The same for both ranges.
    reading ??= readJobsNow(scope, deps.work, name);
    const [figures, now] = await Promise.all([readJobs(scope, name), reading]);
    return { ...figures, now };
  };
  const { compared, ...report } = await readReport(deps, input, read, (executor) => findRecordsStart(executor, 'job'));
  if (compared === null) return { ...report, compared };
  const { now: _, ...figures } = compared;
  return { ...report, compared: figures };
}

async function readJobs({ executor, range, coverBuckets, coverWhole }: ReportScope, name: WorkName | undefined): Promise<JobsFigures> {
  const [sums, allDurations] = await Promise.all([sumJobs(executor, coverBuckets('none'), name), sumLatenciesByKey(executor, coverWhole('none'), 'job')]);
  const durations = allDurations.filter(({ keyB }) => name === undefined || keyB === name);
  const ofWork = sums.filter((row) => row.bucket === null);
  return {
    chosen: name ?? null,
    total: toRuns(ofWork, durations),
    runs: [...listRuns('schedule', SCHEDULE_NAMES, ofWork, durations, name), ...listRuns('job', JOBS, ofWork, durations, name)],
    overTime: fillBuckets(sums, range),
  };
}

/** An entry for every known name of a kind, and for those of older versions together where there are any: the runs add up. */
function listRuns(kind: WorkKind, known: readonly WorkName[], sums: readonly JobSums[], durations: readonly DurationRow[], chosen: WorkName | undefined): JobsFigures['runs'] {
  const nameOf = (text: string | null): Name => known.find((name) => name === text) ?? 'other';
  const rows = Map.groupBy(sums.filter((row) => row.kind === kind), (row) => nameOf(row.name));
  const bins = Map.groupBy(durations.filter(({ keyA }) => keyA === kind), ({ keyB }) => nameOf(keyB));
  const wanted: Name[] = known.filter((name) => chosen === undefined || name === chosen);
  if (rows.has('other')) wanted.push('other');
  return wanted.map((name) => ({ kind, name, ...toRuns(rows.get(name) ?? [], bins.get(name) ?? []) }));
}

function toRuns(sums: readonly JobSums[], durations: readonly BinCount[]): Runs {
  const counts = toCounts(sums);
  const endedCount = counts.runCount - counts.openCount;
  return {
    ...counts,
    failureRatio: endedCount === 0 ? null : counts.failedCount / endedCount,
    p50Ms: percentileOf(durations, 0.5),
    p95Ms: percentileOf(durations, 0.95),
  };
}

function toCounts(sums: readonly JobSums[]): RunCounts {
  const count = (outcome: string) => sums.reduce((sum, row) => sum + (row.outcome === outcome ? row.runCount : 0), 0);
  const [okCount, failedCount, retriedCount, openCount] = [count('ok'), count('failed'), count('retried'), count('running')];
  return { runCount: okCount + failedCount + retriedCount + openCount, okCount, failedCount, retriedCount, openCount };
}

function fillBuckets(sums: readonly JobSums[], range: Range): JobsFigures['overTime'] {
  const byBucket = Map.groupBy(sums.filter((row) => row.bucket !== null), (row) => row.bucket);
  return range.starts.map((start, index) => ({
    startsAt: start.toISOString(),
    isUnfinished: isUnfinished(range.starts[index + 1], range),
    ...toCounts(byBucket.get(index) ?? []),
  }));
}
