import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, rowsWithin, unionParts, type Cover } from './cover.ts';

const row = (table: string, weight: SQL): SQL => {
  const t = sql.raw(table);
  const usd = (filter: SQL) => sql`case when ${filter} then ${weight} * coalesce(${t}.cost_usd, 0) else 0 end`;
  const count = (filter: SQL) => sql`case when ${filter} then ${weight} else 0 end`;
  const tokens = (column: string) => sql`${weight} * coalesce(${t}.${sql.raw(column)}, 0)`;
  return sql`${t}.operation, ${usd(sql`true`)}, ${usd(sql`${t}.cost_source = 'billed'`)}, ${usd(sql`${t}.cost_source = 'lookup'`)}, ${usd(sql`${t}.cost_source = 'estimated'`)},
    ${usd(sql`${t}.user_id is not null`)}, ${weight}, ${count(sql`${t}.status = 'settled'`)}, ${count(sql`${t}.status = 'void'`)}, ${count(sql`${t}.status = 'reserved'`)},
    ${count(sql`${t}.status = 'unknown'`)}, ${count(sql`${t}.error_type is not null`)}, ${tokens('prompt_tokens')}, ${tokens('completion_tokens')},
    ${tokens('cached_prompt_tokens')}, ${tokens('reasoning_tokens')}`;
};

/**
 * The attempts that started in a range as a relation of few rows: `bucket`, `operation`, and to be summed `total_usd`, `billed_usd`,
 * `lookup_usd`, `estimated_usd`, `attributed_usd`, `total_count`, `settled_count`, `void_count`, `reserved_count`, `unknown_count`,
 * `failed_count`, `prompt_tokens`, `completion_tokens`, `cached_prompt_tokens`, `reasoning_tokens`.
 */
export function ledgerTotalParts(cover: Cover): SQL {
  return unionParts(cover, {
    rollups: sql`ledger_totals`,
    columns: sql`r.operation, r.total_usd, r.billed_usd, r.lookup_usd, r.estimated_usd, r.attributed_usd, r.total_count, r.settled_count, r.void_count, r.reserved_count,
      r.unknown_count, r.failed_count, r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens, r.reasoning_tokens`,
    rest: [
      sql`select ${bucketOf(sql`d.at`, cover)}, ${row('d', sql`d.weight::int`)} from ledger_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
      sql`select ${bucketOf(sql`u.started_at`, cover)}, ${row('u', sql`1`)} from ${rowsWithin(cover.raw, { table: sql`ai_usage`, at: 'started_at', alias: 'u' })}`,
    ],
  });
}
