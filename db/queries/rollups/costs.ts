import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { ledgerParts } from './ledger-parts.ts';

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
  /** Null in rows over all buckets. */
  readonly bucket: number | null;
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

type RawRow = { readonly [Key in keyof CostRow]: CostRow[Key] extends number ? string : CostRow[Key] };

const COLUMNS: readonly CostColumn[] = ['operation', 'model', 'plan', 'cost_source', 'disposition'];
const usd = (source?: string) => sql`coalesce(sum(cost_usd)${source ? sql.raw(` filter (where cost_source = '${source}')`) : sql``}, 0)::numeric(20,12)`;
const attempts = (status?: string) => sql`coalesce(sum(attempt_count)${status ? sql.raw(` filter (where status = '${status}')`) : sql``}, 0)`;
const sum = (column: string) => sql.raw(`coalesce(sum(${column}), 0)`);

/** Cost of a range in one pass: over all, per key of each column, per bucket, and per bucket and key of the column `by`. */
export async function sumCosts(executor: Executor, cover: Cover, by: CostColumn, filters: readonly CostFilter[]): Promise<CostRow[]> {
  const column = sql.raw(by);
  const grouped = sql.join(COLUMNS.map((name) => sql.raw(`when grouping(${name}) = 0 then '${name}'`)), sql` `);
  const key = sql.raw(`coalesce(${COLUMNS.map((name) => `case when grouping(${name}) = 0 then ${name} end`).join(', ')})`);
  const where = filters.map(({ column: name, value }): SQL => sql`${sql.raw(name)} = ${value}`);
  const rows = await executor.execute<RawRow>(sql`
    select case ${grouped} end as "column", ${key} as key, case when grouping(bucket) = 0 then bucket end as bucket,
      ${usd()} as "costUsd", ${usd('billed')} as "billedUsd", ${usd('lookup')} as "lookupUsd", ${usd('estimated')} as "estimatedUsd", ${attempts()} as "attemptCount",
      ${attempts('settled')} as "settledCount", ${attempts('void')} as "voidCount", ${attempts('reserved')} as "reservedCount", ${attempts('unknown')} as "unknownCount",
      ${sum('prompt_tokens')} as "promptTokens", ${sum('completion_tokens')} as "completionTokens", ${sum('cached_prompt_tokens')} as "cachedPromptTokens",
      ${sum('reasoning_tokens')} as "reasoningTokens"
    from (${ledgerParts(cover)}) as part
    ${where.length > 0 ? sql`where ${sql.join(where, sql` and `)}` : sql``}
    group by grouping sets ((), (operation), (model), (plan), (cost_source), (disposition), (bucket), (bucket, ${column}))
    having grouping(bucket, operation, model, plan, cost_source, disposition) = 63 or sum(attempt_count) <> 0`);
  return [...rows].map(toCostRow);
}

function toCostRow(row: RawRow): CostRow {
  return {
    ...row,
    bucket: row.bucket === null ? null : Number(row.bucket),
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
