import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { interactionParts } from './interaction-parts.ts';
import { latencyParts, type LatencyFamily } from './latency-parts.ts';
import { ledgerTotalParts } from './ledger-totals.ts';
import type { Raw } from './raw.ts';

/** Sums of attempts, of one group. */
export interface LedgerSums {
  /** Null in rows over all buckets, or over all operations. */
  readonly bucket: number | null;
  readonly operation: string | null;
  readonly totalUsd: string;
  readonly billedUsd: string;
  readonly lookupUsd: string;
  readonly estimatedUsd: string;
  readonly attributedUsd: string;
  readonly totalCount: number;
  readonly settledCount: number;
  readonly voidCount: number;
  readonly reservedCount: number;
  readonly unknownCount: number;
  readonly failedCount: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedPromptTokens: number;
  readonly reasoningTokens: number;
}

const USD_COLUMNS = { totalUsd: 'total_usd', billedUsd: 'billed_usd', lookupUsd: 'lookup_usd', estimatedUsd: 'estimated_usd', attributedUsd: 'attributed_usd' } as const;
const COUNT_COLUMNS = {
  totalCount: 'total_count', settledCount: 'settled_count', voidCount: 'void_count', reservedCount: 'reserved_count', unknownCount: 'unknown_count', failedCount: 'failed_count',
  promptTokens: 'prompt_tokens', completionTokens: 'completion_tokens', cachedPromptTokens: 'cached_prompt_tokens', reasoningTokens: 'reasoning_tokens',
} as const;

/** The ledger of a range in one pass: a row over all, one per operation, one per bucket that has any. */
export async function sumLedger(executor: Executor, cover: Cover): Promise<LedgerSums[]> {
  const sums = [
    ...Object.entries(USD_COLUMNS).map(([name, column]) => sql.raw(`coalesce(sum(${column}), 0)::numeric(20,12) as "${name}"`)),
    ...Object.entries(COUNT_COLUMNS).map(([name, column]) => sql.raw(`coalesce(sum(${column}), 0) as "${name}"`)),
  ];
  const rows = await executor.execute<Raw<LedgerSums>>(sql`
    select bucket, operation, ${sql.join(sums, sql`, `)} from (${ledgerTotalParts(cover)}) as part group by grouping sets ((), (operation), (bucket))
    having grouping(bucket, operation) = 3 or sum(total_count) <> 0`);
  return [...rows].map(toLedgerSums);
}

function toLedgerSums(row: Raw<LedgerSums>): LedgerSums {
  const number = (key: keyof LedgerSums) => Number(row[key]);
  return {
    ...row,
    bucket: row.bucket === null ? null : Number(row.bucket),
    totalCount: number('totalCount'),
    settledCount: number('settledCount'),
    voidCount: number('voidCount'),
    reservedCount: number('reservedCount'),
    unknownCount: number('unknownCount'),
    failedCount: number('failedCount'),
    promptTokens: number('promptTokens'),
    completionTokens: number('completionTokens'),
    cachedPromptTokens: number('cachedPromptTokens'),
    reasoningTokens: number('reasoningTokens'),
  };
}

/** Handled updates of a range: how many, and how many failed. */
export async function sumInteractions(executor: Executor, cover: Cover) {
  const [row] = await executor.execute<{ total: string; failed: string }>(sql`
    select coalesce(sum(interaction_count), 0) as total, coalesce(sum(interaction_count) filter (where outcome = 'failed'), 0) as failed
    from (${interactionParts(cover)}) as part`);
  return { totalCount: Number(row?.total ?? 0), failedCount: Number(row?.failed ?? 0) };
}

export interface LatencyRow {
  readonly bucket: number;
  readonly keyA: string;
  readonly keyB: string;
  readonly bin: number;
  readonly n: number;
}

/** The durations of a family over a whole range, as counts per bin. */
export function sumLatencies(executor: Executor, cover: Cover, family: LatencyFamily): Promise<LatencyRow[]> {
  return readLatencies(executor, latencyParts(cover, family, false), sql`0 as bucket, '' as key_a, '' as key_b`);
}

/** The durations of a family per bucket. */
export function sumLatenciesByBucket(executor: Executor, cover: Cover, family: LatencyFamily): Promise<LatencyRow[]> {
  return readLatencies(executor, latencyParts(cover, family, false), sql`bucket, '' as key_a, '' as key_b`);
}

/** The durations of a family per key (operation and model, handler, kind and name of a job) over a whole range. */
export function sumLatenciesByKey(executor: Executor, cover: Cover, family: LatencyFamily): Promise<LatencyRow[]> {
  return readLatencies(executor, latencyParts(cover, family, true), sql`0 as bucket, key_a, key_b`);
}

async function readLatencies(executor: Executor, parts: SQL, group: SQL): Promise<LatencyRow[]> {
  const rows = await executor.execute<{ bucket: string; key_a: string; key_b: string; bin: number; n: string }>(sql`
    select ${group}, bin, sum(n) as n from (${parts}) as part group by 1, 2, 3, bin having sum(n) <> 0`);
  return [...rows].map(({ bucket, key_a, key_b, bin, n }) => ({ bucket: Number(bucket), keyA: key_a, keyB: key_b, bin: Number(bin), n: Number(n) }));
}
