import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, rowsWithin, unionParts, type Cover } from './cover.ts';

const MEASURES = sql`signup_count, attempt_count, cost_usd, payment_count, payment_stars, payment_usd, refund_count, refund_stars, refund_usd`;

/** A row of nothing but what a payment, a refund or a sign-up is. */
const entry = (kind: SQL, weight: SQL, stars: SQL, usd: SQL): SQL => {
  const of = (name: string, value: SQL) => sql`case when ${kind} = ${sql.raw(`'${name}'`)} then ${weight} * ${value} else 0 end`;
  return sql`${of('signup', sql`1`)} as signup_count, 0 as attempt_count, 0::numeric as cost_usd, ${of('payment', sql`1`)} as payment_count,
    ${of('payment', stars)} as payment_stars, ${of('payment', usd)} as payment_usd, ${of('refund', sql`1`)} as refund_count, ${of('refund', stars)} as refund_stars,
    ${of('refund', usd)} as refund_usd`;
};

/** Looked up row by row: as a join, Postgres would read all users for what it takes for many rows. */
const sourceOf = (table: string): SQL => sql.raw(`coalesce((select s.source from users s where s.id = ${table}.user_id), '')`);

const attempt = (at: SQL, table: string, weight: SQL, cover: Cover): SQL => {
  const t = sql.raw(table);
  return sql`select ${bucketOf(at, cover)}, ${sourceOf(table)}, ${t}.plan, 0, ${weight}, ${weight} * coalesce(${t}.cost_usd, 0), 0, 0, 0::numeric, 0, 0, 0::numeric`;
};

/**
 * What users of each source cost and brought in, as a relation: `bucket`, `source` (empty: no user caused it), `plan`, and
 * `signup_count`, `attempt_count`, `cost_usd`, `payment_count`, `payment_stars`, `payment_usd`, `refund_count`,
 * `refund_stars`, `refund_usd` to be summed. A payment counts when it was paid, a refund when it was refunded.
 */
export function acquisitionParts(cover: Cover): SQL {
  const rows = (table: string, at: string, alias: string) => rowsWithin(cover.raw, { table: sql.raw(table), at, alias });
  return unionParts(cover, {
    rollups: sql`acquisition_rollups`,
    columns: sql`r.source, r.plan, ${MEASURES}`,
    rest: [
      sql`select ${bucketOf(sql`d.at`, cover)}, d.source, d.plan, ${entry(sql`d.kind`, sql`d.weight::int`, sql`d.stars`, sql`d.usd`)}
        from acquisition_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
      sql`${attempt(sql`d.at`, 'd', sql`d.weight::int`, cover)} from ledger_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
      sql`${attempt(sql`u.started_at`, 'u', sql`1`, cover)} from ${rows('ai_usage', 'started_at', 'u')}`,
      sql`select ${bucketOf(sql`s.created_at`, cover)}, s.source, 'free', ${entry(sql`'signup'`, sql`1`, sql`0`, sql`0::numeric`)}
        from ${rows('users', 'created_at', 's')}`,
      ...(['payment', 'refund'] as const).map((kind) => {
        const at = kind === 'payment' ? 'paid_at' : 'refunded_at';
        return sql`select ${bucketOf(sql.raw(`p.${at}`), cover)}, ${sourceOf('p')}, p.plan, ${entry(sql.raw(`'${kind}'`), sql`1`, sql`p.stars`, sql`p.value_usd`)}
          from ${rows('payments', at, 'p')}`;
      }),
    ],
  });
}
