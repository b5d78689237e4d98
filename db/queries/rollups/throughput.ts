import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { httpParts } from './http-parts.ts';
import { interactionParts } from './interaction-parts.ts';
import { ledgerTotalParts } from './ledger-totals.ts';

/** How many there were, by the number of the bucket; buckets without any are missing. */
export type BucketCounts = ReadonlyMap<number, number>;

/** Attempts at generations per bucket. */
export function countAttempts(executor: Executor, cover: Cover): Promise<BucketCounts> {
  return countByBucket(executor, ledgerTotalParts(cover), sql`total_count`);
}

/** Handled updates per bucket. */
export function countUpdates(executor: Executor, cover: Cover): Promise<BucketCounts> {
  return countByBucket(executor, interactionParts(cover), sql`interaction_count`);
}

async function countByBucket(executor: Executor, parts: SQL, count: SQL): Promise<BucketCounts> {
  const rows = await executor.execute<{ bucket: string; n: string }>(sql`select bucket, sum(${count}) as n from (${parts}) as part group by 1 having sum(${count}) <> 0`);
  return new Map([...rows].map(({ bucket, n }) => [Number(bucket), Number(n)]));
}

export interface RequestCounts {
  readonly byBucket: BucketCounts;
  readonly byStatus: ReadonlyMap<string, number>;
}

/** Requests to the web site per bucket and per class of status. */
export async function countRequests(executor: Executor, cover: Cover): Promise<RequestCounts> {
  const rows = await executor.execute<{ bucket: string | null; status: string | null; n: string }>(sql`
    select bucket, status, sum(request_count) as n from (${httpParts(cover)}) as part group by grouping sets ((bucket), (status))`);
  const byBucket = new Map<number, number>();
  const byStatus = new Map<string, number>();
  for (const { bucket, status, n } of rows) {
    if (bucket !== null) byBucket.set(Number(bucket), Number(n));
    else if (status !== null) byStatus.set(status, Number(n));
  }
  return { byBucket, byStatus };
}
