import fc from 'fast-check';
import type postgres from 'postgres';
import { z } from 'zod';
import type { DatabaseHandle } from '#db/client.ts';
import type { JobsInput, JobsReport } from '#server/contracts/jobs.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { recordJobRun } from '#server/services/jobs/record-job-run.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import { agoMs } from './range-inputs.ts';

const SLOT_MS = 300_000;

const run = fc.record({
  kind: fc.constant('run' as const),
  agoMs,
  schedule: fc.constantFrom('refresh_prices', 'reconcile_generations', 'of_old'),
  /** Null: its process died. */
  end: fc.option(fc.record({ outcome: fc.constantFrom('ok' as const, 'failed' as const), durationMs: fc.nat({ max: 90_000 }) })),
});
const job = fc.record({
  kind: fc.constant('job' as const),
  agoMs,
  outcome: fc.constantFrom('ok' as const, 'failed' as const, 'retried' as const),
  durationMs: fc.double({ min: 0, max: 90_000, noNaN: true }),
});
const fold = fc.record({ kind: fc.constant('fold' as const), batch: fc.integer({ min: 1, max: 20 }) });

/** Runs in the order in which they ended, with the rollups' upkeep in between. */
export const jobHistory = fc.array(fc.oneof({ arbitrary: run, weight: 6 }, { arbitrary: job, weight: 6 }, { arbitrary: fold, weight: 1 }), { maxLength: 50 });
export type JobHistory = typeof jobHistory extends fc.Arbitrary<infer T> ? T : never;

/** A run of a job as it happened: nobody else keeps them one by one. */
interface NaiveRun {
  readonly kind: 'schedule' | 'job';
  readonly name: string;
  readonly atMs: number;
  readonly outcome: string;
  readonly ms: number | null;
}

/** Lays a history down so that it ends at `now`; gives the jobs that were done. */
export async function layDownJobs({ db }: DatabaseHandle, history: JobHistory, now: Date): Promise<NaiveRun[]> {
  const jobs: NaiveRun[] = [];
  for (const step of history) {
    if (step.kind === 'fold') {
      await foldRollups(db, step.batch);
      continue;
    }
    const at = new Date(now.getTime() - step.agoMs);
    if (step.kind === 'job') {
      const { outcome, durationMs } = step;
      const endedAt = new Date(at.getTime() + Math.round(durationMs));
      await recordJobRun(db, { job: 'deliver_alerts', outcome, durationMs, endedAt });
      jobs.push({ kind: 'job', name: 'deliver_alerts', atMs: at.getTime(), outcome, ms: durationMs });
    } else if (await claimRun(db, { schedule: step.schedule, dueAt: at }, at)) {
      if (step.end) await finishRun(db, { schedule: step.schedule, dueAt: at }, step.end.outcome, new Date(at.getTime() + step.end.durationMs));
    }
  }
  return jobs;
}

const RunRow = z.object({ schedule: z.string(), started_at: z.date(), finished_at: z.date().nullable(), outcome: z.string() });

/** All runs one by one: of schedules from a plain read of their table. */
export async function readRuns(sql: postgres.Sql, jobs: readonly NaiveRun[]): Promise<NaiveRun[]> {
  const rows = RunRow.array().parse([...(await sql`select * from schedule_runs`)]);
  const schedules = rows.map((row): NaiveRun => {
    const ms = row.finished_at && row.finished_at.getTime() - row.started_at.getTime();
    return { kind: 'schedule', name: row.schedule, atMs: row.started_at.getTime(), outcome: row.outcome, ms };
  });
  return [...schedules, ...jobs];
}

const KNOWN: readonly string[] = [...SCHEDULE_NAMES, 'deliver_alerts'];
const nameOf = ({ name }: NaiveRun) => (KNOWN.includes(name) ? name : 'other');

function countRuns(runs: readonly NaiveRun[]) {
  const count = (outcome: string) => runs.filter((one) => one.outcome === outcome).length;
  return { runCount: runs.length, okCount: count('ok'), failedCount: count('failed'), retriedCount: count('retried'), openCount: count('running') };
}

function describeRuns(runs: readonly NaiveRun[]) {
  const counts = countRuns(runs);
  const ended = counts.runCount - counts.openCount;
  const sorted = runs.flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
  const percentile = (share: number) => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
  };
  return { ...counts, failureRatio: ended === 0 ? null : counts.failedCount / ended, p50Ms: percentile(0.5), p95Ms: percentile(0.95) };
}

/** Every figure of a report, counted one by one, for the buckets whose starts it told; cut five minutes at the ends count as a whole. */
export function recountJobs(all: readonly NaiveRun[], { name }: JobsInput, { from, to }: JobsReport['range'], starts: readonly string[]) {
  const [fromMs, toMs] = [Math.floor(Date.parse(from) / SLOT_MS) * SLOT_MS, Math.ceil(Date.parse(to) / SLOT_MS) * SLOT_MS];
  const runs = all.filter((one) => one.atMs >= fromMs && one.atMs < toMs && (name === undefined || one.name === name));
  const names = new Set(KNOWN.filter((known) => name === undefined || known === name));
  return {
    total: describeRuns(runs),
    runs: new Map([...names, ...runs.map(nameOf)].map((one) => [one, describeRuns(runs.filter((each) => nameOf(each) === one))])),
    overTime: starts.map((start, index) => {
      const [startMs, endMs] = [index === 0 ? fromMs : Date.parse(start), index === starts.length - 1 ? toMs : Date.parse(starts[index + 1] ?? '')];
      return countRuns(runs.filter(({ atMs }) => atMs >= startMs && atMs < endMs));
    }),
  };
}
