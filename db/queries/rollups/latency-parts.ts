import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, rowsWithin, unionParts, type Cover } from './cover.ts';

export type LatencyFamily = 'generation' | 'interaction' | 'update_age' | 'http' | 'job';

/** What a family's raw rows and changes hold: null where it has no raw rows (requests and jobs are never kept one by one for long). */
interface Source {
  readonly deltas: SQL;
  readonly at: SQL;
  readonly weight: SQL;
  readonly ms: SQL;
  readonly keyA: SQL;
  readonly keyB: SQL;
  readonly raw: { readonly table: SQL; readonly column: string } | null;
}

const NONE = sql`''`;
const SOURCES: Record<Exclude<LatencyFamily, 'http'>, Source> = {
  generation: {
    deltas: sql`ledger_deltas`, at: sql`t.at`, weight: sql`t.weight::int`, ms: sql`t.duration_ms`, keyA: sql`t.operation`, keyB: sql`t.model`,
    raw: { table: sql`ai_usage`, column: 'started_at' },
  },
  interaction: {
    deltas: sql`interaction_deltas`, at: sql`t.at`, weight: sql`1`, ms: sql`t.duration_ms`, keyA: sql`t.handler`, keyB: NONE,
    raw: { table: sql`interactions`, column: 'at' },
  },
  update_age: {
    deltas: sql`interaction_deltas`, at: sql`t.at`, weight: sql`1`, ms: sql`t.update_age_ms`, keyA: NONE, keyB: NONE,
    raw: { table: sql`interactions`, column: 'at' },
  },
  job: { deltas: sql`job_deltas`, at: sql`t.at`, weight: sql`t.weight::int`, ms: sql`t.duration_ms`, keyA: sql`t.kind`, keyB: sql`t.name`, raw: null },
};

/**
 * Durations of a family as a relation: `bucket`, `key_a`, `key_b`, `bin` and `n`, to be summed by bin. `isByKey` false: all
 * keys together, which costs a fraction of the rows. Without raw rows cut ends count as whole five minutes.
 */
export function latencyParts(cover: Cover, family: LatencyFamily, isByKey: boolean): SQL {
  const isKey = isByKey ? sql`(r.key_a <> '' or r.key_b <> '')` : sql`r.key_a = '' and r.key_b = ''`;
  const columns = sql`r.key_a, r.key_b, c.bin, c.n`;
  return unionParts(cover, {
    rollups: sql`latency_rollups`,
    columns,
    where: sql`r.family = ${sql.raw(`'${family}'`)} and ${isKey}`,
    join: sql`cross join lateral unnest(r.bins, r.counts) as c(bin, n)`,
    rest: family === 'http' ? [httpDeltas(cover, isByKey)] : rawParts(cover, SOURCES[family], isByKey),
  });
}

function rawParts(cover: Cover, source: Source, isByKey: boolean): SQL[] {
  const keys = isByKey ? sql`${source.keyA}, ${source.keyB}` : sql`'', ''`;
  const pending = sql`select ${bucketOf(source.at, cover)}, ${keys}, latency_bin(${source.ms}), ${source.weight} from ${source.deltas} t
    where ${isFoldedSpan(source.at, cover)} and ${source.ms} is not null`;
  if (!source.raw) return [pending];
  const { table, column } = source.raw;
  const at = sql.raw(`t.${column}`);
  return [
    pending,
    sql`select ${bucketOf(at, cover)}, ${keys}, latency_bin(${source.ms}), 1 from ${rowsWithin(cover.raw, { table, at: column, alias: 't' })} where ${source.ms} is not null`,
  ];
}

function httpDeltas(cover: Cover, isByKey: boolean): SQL {
  return sql`select ${bucketOf(sql`d.at`, cover)}, ${isByKey ? sql`d.handler` : NONE}, '', c.bin, c.n
    from http_deltas d cross join lateral unnest(d.bins, d.counts) as c(bin, n) where ${isFoldedSpan(sql`d.at`, cover)}`;
}
