import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { jobParts } from './job-parts.ts';

/** Runs of one kind, name and outcome; over all buckets where the bucket is null, of one bucket where kind and name are. */
export interface JobSums {
  readonly bucket: number | null;
  readonly kind: string | null;
  readonly name: string | null;
  readonly outcome: string;
  readonly runCount: number;
}

/** Runs of a range per kind, name and outcome, and per bucket and outcome; of one name where it is given. */
export async function sumJobs(executor: Executor, cover: Cover, name: string | undefined): Promise<JobSums[]> {
  const where = name === undefined ? sql`true` : sql`name = ${name}`;
  const rows = await executor.execute<{ bucket: string | null; kind: string | null; name: string | null; outcome: string; n: string }>(sql`
    select bucket, kind, name, outcome, sum(run_count) as n from (${jobParts(cover)}) as part where ${where}
    group by grouping sets ((kind, name, outcome), (bucket, outcome)) having sum(run_count) <> 0`);
  return [...rows].map((row) => ({ ...row, bucket: row.bucket === null ? null : Number(row.bucket), runCount: Number(row.n) }));
}

export interface LastJobRun {
  readonly name: string;
  readonly outcome: string;
  /** The start of the five minutes. */
  readonly at: Date;
}

/**
 * The five minutes in which each job last ran with each outcome, since an instant. The days tell on which, so that only those
 * are looked at more closely: a local day begins at most 14 hours before the midnight that names it, and ends at most 36 after.
 */
export async function listLastJobRuns(executor: Executor, since: Date): Promise<LastJobRun[]> {
  const from = sql`${since.toISOString()}::timestamptz`;
  const isJob = (alias: string): SQL => sql.raw(`${alias}.kind = 'job'`);
  const rows = await executor.execute<{ name: string; outcome: string; ms: string }>(sql`
    select name, outcome, extract(epoch from max(at)) * 1000 as ms from (
      select d.name, d.outcome, rollup_slot(d.at) as at from job_deltas d where ${isJob('d')} and d.at >= ${from}
      union all
      select days.name, days.outcome, slot.starts_at from (
        select r.name, r.outcome, max(r.starts_at) as day from job_rollups r where r.level = 2 and ${isJob('r')} and r.starts_at >= ${from} group by 1, 2
      ) as days cross join lateral (
        select r.starts_at from job_rollups r where r.level = 0 and ${isJob('r')} and r.name = days.name and r.outcome = days.outcome
          and r.starts_at >= days.day - interval '14 hours' and r.starts_at < days.day + interval '36 hours'
        order by r.starts_at desc limit 1
      ) as slot
    ) as runs group by 1, 2`);
  return [...rows].map(({ name, outcome, ms }) => ({ name, outcome, at: new Date(Number(ms)) }));
}
