import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, rowsWithin, unionParts, type Cover } from './cover.ts';

/** What sums over `ledgerParts` are made of; an empty text is none. */
export interface LedgerPart {
  readonly bucket: number;
  readonly operation: string;
  readonly model: string;
  /** Empty where it is the model that was asked for. */
  readonly served_model: string;
  readonly plan: string;
  readonly status: string;
  readonly cost_source: string;
  readonly disposition: string;
  readonly error_type: string;
  readonly is_attributed: number;
}

const row = (table: string, weight: SQL): SQL => {
  const t = sql.raw(table);
  return sql`${t}.operation, ${t}.model, coalesce(nullif(${t}.response_model, ${t}.model), '') as served_model, ${t}.plan, ${t}.status, ${t}.cost_source,
    coalesce(${t}.disposition, '') as disposition, coalesce(${t}.error_type, '') as error_type, (${t}.user_id is not null)::int as is_attributed, ${weight} as attempt_count,
    ${weight} * coalesce(${t}.cost_usd, 0) as cost_usd, ${weight} * coalesce(${t}.prompt_tokens, 0) as prompt_tokens,
    ${weight} * coalesce(${t}.completion_tokens, 0) as completion_tokens, ${weight} * coalesce(${t}.cached_prompt_tokens, 0) as cached_prompt_tokens,
    ${weight} * coalesce(${t}.reasoning_tokens, 0) as reasoning_tokens`;
};

/**
 * The attempts that started in a range as a relation: `bucket`, the dimensions of `LedgerPart`, and `attempt_count`, `cost_usd`,
 * `prompt_tokens`, `completion_tokens`, `cached_prompt_tokens`, `reasoning_tokens` to be summed.
 */
export function ledgerParts(cover: Cover): SQL {
  return unionParts(cover, {
    rollups: sql`ledger_rollups`,
    columns: sql`r.operation, r.model, r.served_model, r.plan, r.status, r.cost_source, r.disposition, r.error_type, r.is_attributed, r.attempt_count, r.cost_usd,
      r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens, r.reasoning_tokens`,
    rest: [
      sql`select ${bucketOf(sql`d.at`, cover)}, ${row('d', sql`d.weight::int`)} from ledger_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
      sql`select ${bucketOf(sql`u.started_at`, cover)}, ${row('u', sql`1`)} from ${rowsWithin(cover.raw, { table: sql`ai_usage`, at: 'started_at', alias: 'u' })}`,
    ],
  });
}
