import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';

export interface RollupState {
  /** What the rollups' days are days of. */
  readonly timeZone: string;
  /** From when on raw rows are there; null where none were ever dropped. */
  readonly interactionsKeptFrom: Date | null;
  readonly ledgerKeptFrom: Date | null;
  /** The start of the oldest five minutes on record; null when nothing is. */
  readonly dataFrom: Date | null;
}

/** What a reader of the rollups has to know of them; belongs into the reader's own snapshot. */
export async function readRollupState(executor: Executor): Promise<RollupState> {
  const horizon = (table: string) => sql`(select extract(epoch from kept_from) * 1000 from raw_horizons where table_name = ${sql.raw(`'${table}'`)})`;
  const [row] = await executor.execute<{ time_zone: string; interactions: string | null; ledger: string | null; data: string | null }>(sql`
    select time_zone, ${horizon('interactions')} as interactions, ${horizon('ai_usage')} as ledger, extract(epoch from least(
      (select min(starts_at) from ledger_rollups where level = 0), (select min(starts_at) from interaction_rollups where level = 0),
      (select rollup_slot(min(at)) from ledger_deltas), (select rollup_slot(min(at)) from interaction_deltas))) * 1000 as data
    from rollup_state`);
  const toDate = (ms: string | null | undefined) => (ms == null ? null : new Date(Number(ms)));
  return {
    timeZone: row?.time_zone ?? 'UTC',
    interactionsKeptFrom: toDate(row?.interactions),
    ledgerKeptFrom: toDate(row?.ledger),
    dataFrom: toDate(row?.data),
  };
}
