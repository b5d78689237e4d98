import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { ledgerParts } from './ledger-parts.ts';
import type { Raw } from './raw.ts';

/** The columns of the ledger's parts that cost is split by. */
export type CostColumn = 'operation' | 'model' | 'plan' | 'cost_source' | 'disposition';

export interface CostFilter {
  readonly column: CostColumn;
  /** Empty: rows without one. */
  readonly value: string;
}

export interface CostRow {
  /** Null in rows over all columns. */
  readonly column: CostColumn | null;
  readonly key: string | null;
  readonly costUsd: string;
  readonly billedUsd: string;
  readonly lookupUsd: string;
  readonly estimatedUsd: string;
  readonly attemptCount: number;
  readonly settledCount: number;
  readonly voidCount: number;
  readonly reservedCount: number;
  readonly unknownCount: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedPromptTokens: number;
  readonly reasoningTokens: number;
}

/** `key` is null in rows over all keys of the bucket. */
export interface BucketCostRow {
  readonly bucket: number;
  readonly key: string | null;
  readonly costUsd: string;
  readonly attemptCount: number;
}

const COLUMNS: readonly CostColumn[] = ['operation', 'model', 'plan', 'cost_source', 'disposition'];
const MEASURES = ['attempt_count', 'cost_usd', 'prompt_tokens', 'completion_tokens', 'cached_prompt_tokens', 'reasoning_tokens'];
const usd = (source?: string) => sql`coalesce(sum(cost_usd)${source ? sql.raw(` filter (where cost_source = '${source}')`) : sql``}, 0)::numeric(20,12)`;
const attempts = (status?: string) => sql`coalesce(sum(attempt_count)${status ? sql.raw(` filter (where status = '${status}')`) : sql``}, 0)`;
const sum = (column: string) => sql.raw(`coalesce(sum(${column}), 0)`);

const isWanted = (filters: readonly CostFilter[]): SQL =>
  filters.length === 0 ? sql`true` : sql.join(filters.map(({ column, value }) => sql`${sql.raw(column)} = ${value}`), sql` and `);

/** Cost of a range in one pass: over all, and per key of each column. Combinations are summed first: they are far fewer than rows, and each counts in every set. */
export async function sumCosts(executor: Executor, cover: Cover, filters: readonly CostFilter[]): Promise<CostRow[]> {
  const grouped = sql.join(COLUMNS.map((name) => sql.raw(`when grouping(${name}) = 0 then '${name}'`)), sql` `);
  const key = sql.raw(`coalesce(${COLUMNS.join(', ')})`);
  const combination = sql.raw([...COLUMNS, 'status'].join(', '));
  const measures = sql.join(MEASURES.map((name) => sql.raw(`sum(${name}) as ${name}`)), sql`, `);
  const rows = await executor.execute<Raw<CostRow>>(sql`
    with combined as materialized (
      select ${combination}, ${measures} from (${ledgerParts(cover)}) as part where ${isWanted(filters)} group by ${combination}
    )
    select case ${grouped} end as "column", ${key} as key,
      ${usd()} as "costUsd", ${usd('billed')} as "billedUsd", ${usd('lookup')} as "lookupUsd", ${usd('estimated')} as "estimatedUsd", ${attempts()} as "attemptCount",
      ${attempts('settled')} as "settledCount", ${attempts('void')} as "voidCount", ${attempts('reserved')} as "reservedCount", ${attempts('unknown')} as "unknownCount",
      ${sum('prompt_tokens')} as "promptTokens", ${sum('completion_tokens')} as "completionTokens", ${sum('cached_prompt_tokens')} as "cachedPromptTokens",
      ${sum('reasoning_tokens')} as "reasoningTokens"
    from combined
    group by grouping sets ((), (operation), (model), (plan), (cost_source), (disposition))
    having grouping(operation, model, plan, cost_source, disposition) = 31 or sum(attempt_count) <> 0`);
  return [...rows].map(toCostRow);
}

/** Cost of a range over time in one pass: per bucket, and per bucket and key of a column. */
export async function sumCostsByBucket(executor: Executor, cover: Cover, by: CostColumn, filters: readonly CostFilter[]): Promise<BucketCostRow[]> {
  const column = sql.raw(by);
  const rows = await executor.execute<Raw<BucketCostRow>>(sql`
    select bucket, ${column} as key, ${usd()} as "costUsd", ${attempts()} as "attemptCount"
    from (${ledgerParts(cover)}) as part where ${isWanted(filters)}
    group by grouping sets ((bucket), (bucket, ${column})) having sum(attempt_count) <> 0`);
  return [...rows].map(({ bucket, attemptCount, ...row }) => ({ ...row, bucket: Number(bucket), attemptCount: Number(attemptCount) }));
}

function toCostRow(row: Raw<CostRow>): CostRow {
  return {
    ...row,
    attemptCount: Number(row.attemptCount),
    settledCount: Number(row.settledCount),
    voidCount: Number(row.voidCount),
    reservedCount: Number(row.reservedCount),
    unknownCount: Number(row.unknownCount),
    promptTokens: Number(row.promptTokens),
    completionTokens: Number(row.completionTokens),
    cachedPromptTokens: Number(row.cachedPromptTokens),
    reasoningTokens: Number(row.reasoningTokens),
  };
}
