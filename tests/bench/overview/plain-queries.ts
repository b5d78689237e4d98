import type postgres from 'postgres';

interface Range {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The overview's figures as one would first write them: a query for each, one after the other on one connection. The
 * same figures, without a common snapshot.
 */
export async function readFiguresOneByOne(sql: postgres.Sql, { from, to }: Range, bucket: 'hour' | 'day'): Promise<void> {
  const inLedger = sql`from ai_usage where started_at >= ${from} and started_at < ${to}`;
  const inUse = sql`from interactions where at >= ${from} and at < ${to}`;
  for (const days of [1, 7, 30]) await sql`select count(distinct user_id) from interactions where at > ${to}::timestamptz - ${days} * interval '1 day' and at <= ${to}`;
  await sql`select coalesce(sum(cost_usd), 0) ${inLedger}`;
  for (const source of ['billed', 'lookup', 'estimated']) await sql`select coalesce(sum(cost_usd), 0) ${inLedger} and cost_source = ${source}`;
  await sql`select avg(cost_usd) ${inLedger}`;
  await sql`select coalesce(sum(cost_usd), 0) ${inLedger} and user_id is not null`;
  await sql`select count(*) ${inLedger}`;
  for (const status of ['settled', 'void', 'reserved', 'unknown']) await sql`select count(*) ${inLedger} and status = ${status}`;
  for (const column of ['prompt_tokens', 'completion_tokens', 'cached_prompt_tokens', 'reasoning_tokens']) {
    await sql`select coalesce(sum(${sql(column)}), 0) ${inLedger}`;
  }
  await sql`select date_trunc(${bucket}, started_at) as bucket, sum(cost_usd), count(*) ${inLedger} group by 1 order by 1`;
  await sql`select operation, sum(cost_usd), count(*), count(error_type), sum(prompt_tokens + completion_tokens), avg(cost_usd) ${inLedger} group by 1`;
  await sql`select percentile_cont(0.95) within group (order by duration_ms) ${inLedger}`;
  await sql`select count(*) ${inUse}`;
  await sql`select count(*) ${inUse} and outcome = 'failed'`;
  await sql`select count(distinct user_id) ${inUse}`;
  await sql`select percentile_cont(0.95) within group (order by duration_ms) ${inUse}`;
  const paying = sql`select user_id from payments where refunded_at is null and paid_at < ${to} and period_ends_at > ${from}`;
  await sql`select count(distinct user_id) ${inUse} and user_id in (${paying})`;
  await sql`select coalesce(sum(cost_usd), 0) ${inLedger} and user_id in (${paying})`;
}

/** The least that any overview must do: look once at every row of the range. */
export async function scanOnce(sql: postgres.Sql, { from, to }: Range): Promise<void> {
  await sql`select count(*), sum(cost_usd) from ai_usage where started_at >= ${from} and started_at < ${to}`;
  await sql`select count(*), sum(duration_ms) from interactions where at >= ${from} and at < ${to}`;
}
