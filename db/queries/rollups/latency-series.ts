import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { latencyParts, type LatencyFamily } from './latency-parts.ts';

/** What a family is narrowed to; undefined: any. */
export interface LatencyKey {
  readonly keyA: string | undefined;
  readonly keyB: string | undefined;
}

export interface BucketLatencies {
  readonly bucket: number;
  /** How many durations fell into each bin. */
  readonly bins: readonly { readonly bin: number; readonly n: number }[];
}

/** The durations of a family, or of a part of it, per bucket that has any. One row per bucket: of many, reading rows is what takes time. */
export async function sumLatencySeries(executor: Executor, cover: Cover, family: LatencyFamily, { keyA, keyB }: LatencyKey): Promise<BucketLatencies[]> {
  const conditions = [...(keyA === undefined ? [] : [sql`key_a = ${keyA}`]), ...(keyB === undefined ? [] : [sql`key_b = ${keyB}`])];
  const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
  const rows = await executor.execute<{ bucket: string; bins: string; counts: string }>(sql`
    select bucket, array_agg(bin)::text as bins, array_agg(n)::text as counts from (
      select bucket, bin, sum(n) as n from (${latencyParts(cover, family, conditions.length > 0)}) as part where ${where} group by 1, 2 having sum(n) <> 0
    ) as binned group by 1`);
  return [...rows].map(({ bucket, bins, counts }) => {
    const ns = readNumbers(counts);
    return { bucket: Number(bucket), bins: readNumbers(bins).map((bin, index) => ({ bin, n: ns[index] ?? 0 })) };
  });
}

/** The numbers of an array as Postgres writes it. */
function readNumbers(text: string): number[] {
  return text.slice(1, -1).split(',').map(Number);
}
