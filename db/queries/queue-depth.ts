import { sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';

/** Work in a queue, by status. */
export interface QueueDepth {
  readonly pending: number;
  readonly active: number;
  readonly failed: number;
  readonly completed: number;
}

/** States of a job, as the queue's own tables call them. Cancelled ones were neither done nor tried in vain. */
const STATUS_OF: Readonly<Record<string, keyof QueueDepth>> = { created: 'pending', retry: 'pending', active: 'active', failed: 'failed', completed: 'completed' };

/** Updates that wait, and those that a worker holds, from the index of what is pending; and whether the job queue has made its tables. */
export async function readOpenUpdates(executor: Executor, now: Date): Promise<{ readonly pending: number; readonly active: number; readonly hasJobs: boolean }> {
  const at = now.toISOString();
  const [row] = await executor.execute(sql`
    select count(*) filter (where lease_until is null or lease_until < ${at}::timestamptz)::int as pending,
      count(*) filter (where lease_until >= ${at}::timestamptz)::int as active,
      to_regclass('pgboss.job') is not null as has_jobs
    from inbox where status = 'pending'`);
  return { pending: Number(row?.['pending']), active: Number(row?.['active']), hasJobs: row?.['has_jobs'] === true };
}

/** Updates that have ended and are still kept, from two indexes alone: the rows themselves are large, and may be millions. */
export async function countEndedUpdates(executor: Executor): Promise<{ readonly failed: number; readonly completed: number }> {
  const [row] = await executor.execute(sql`
    select (select count(*) from inbox where status = 'failed')::int as failed,
      (select count(finished_at) from inbox where status <> 'pending')::int as ended`);
  const failed = Number(row?.['failed']);
  return { failed, completed: Math.max(Number(row?.['ended']) - failed, 0) };
}

/** Jobs of each queue by status, as long as the queue keeps them. */
export async function readJobDepths(executor: Executor): Promise<ReadonlyMap<string, QueueDepth>> {
  const rows = await executor.execute(sql`select name, state::text as state, count(*)::int as count from pgboss.job group by 1, 2`);
  const depths = new Map<string, QueueDepth>();
  for (const row of rows) {
    const status = STATUS_OF[String(row['state'])];
    const name = String(row['name']);
    const depth = depths.get(name) ?? NO_DEPTH;
    if (status) depths.set(name, { ...depth, [status]: depth[status] + Number(row['count']) });
  }
  return depths;
}

export const NO_DEPTH: QueueDepth = { pending: 0, active: 0, failed: 0, completed: 0 };
