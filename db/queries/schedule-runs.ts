import { sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import type { ScheduleRun } from '../schema/index.ts';

export interface LastRuns {
  readonly schedule: string;
  /** Of the run that was due last. */
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: ScheduleRun['outcome'];
  /** Ends; null where it is not among the runs that were looked at. */
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  /** When the oldest run that was looked at started. */
  readonly lookedAtFrom: Date;
}

/**
 * How the last runs of schedules ended, by at most so many of each; schedules without a run are absent. The order and the fence
 * leave but the primary key to read by: by the index on the due time one that seldom runs would cost all runs of the others.
 */
export async function listLastRuns(executor: Executor, schedules: readonly string[], limit: number): Promise<LastRuns[]> {
  const ms = (instant: string) => sql.raw(`extract(epoch from ${instant}) * 1000`);
  const rows = await executor.execute<{ schedule: string; started: string; finished: string | null; outcome: ScheduleRun['outcome']; success: string | null; failure: string | null; oldest: string }>(sql`
    select schedule, ${ms('(array_agg(started_at order by due_at desc))[1]')} as started, ${ms('(array_agg(finished_at order by due_at desc))[1]')} as finished,
      (array_agg(outcome order by due_at desc))[1] as outcome, ${ms("max(finished_at) filter (where outcome = 'ok')")} as success,
      ${ms("max(finished_at) filter (where outcome = 'failed')")} as failure, ${ms('min(started_at)')} as oldest
    from (
      select last.* from unnest(${`{${schedules.join(',')}}`}::text[]) as named(schedule) cross join lateral (
        select * from schedule_runs r where (r.schedule, r.due_at) <= (named.schedule, 'infinity'::timestamptz) order by r.schedule desc, r.due_at desc limit ${limit}
      ) as last where last.schedule = named.schedule
    ) as runs group by schedule`);
  const toDate = (text: string | null) => (text === null ? null : new Date(Number(text)));
  return [...rows].map((row) => ({
    schedule: row.schedule,
    startedAt: new Date(Number(row.started)),
    finishedAt: toDate(row.finished),
    outcome: row.outcome,
    lastSuccessAt: toDate(row.success),
    lastFailureAt: toDate(row.failure),
    lookedAtFrom: new Date(Number(row.oldest)),
  }));
}
