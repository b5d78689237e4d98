import type postgres from 'postgres';

/** Everything that the rollups hold, in an order of its own, with sets as their members: two equal ones tell the same. */
export async function dumpRollups(sql: postgres.Sql): Promise<Readonly<Record<string, readonly string[]>>> {
  const read = async (query: string) => (await sql.unsafe<{ line: string }[]>(`select (t)::text as line from (${query}) as t order by 1`)).map(({ line }) => line);
  return {
    ledger: await read('select * from ledger_rollups'),
    totals: await read('select * from ledger_totals where total_count <> 0'),
    interactions: await read('select * from interaction_rollups'),
    acquisition: await read(`select * from acquisition_rollups
      where (signup_count, attempt_count, cost_usd, payment_count, payment_usd, refund_count, refund_usd) <> (0, 0, 0, 0, 0, 0, 0)`),
    latencies: await read(`select level, starts_at, family, key_a, key_b, bins, counts from latency_rollups where family <> 'job' and bins <> '{}'`),
    users: await read('select level, starts_at, kind, key, chunk, users from user_sets'),
    payers: await read('select * from payer_costs where cost_usd <> 0'),
    userDays: await read('select * from user_days where attempt_count <> 0'),
    pending: await read(`select 'ledger', count(*) from ledger_deltas union all select 'interactions', count(*) from interaction_deltas
      union all select 'acquisition', count(*) from acquisition_deltas`),
  };
}
