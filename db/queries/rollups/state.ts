import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';

export interface RollupState {
  /** What the rollups' days are days of. */
  readonly timeZone: string;
  /** From when on raw rows are there; null where none were ever dropped. */
  readonly interactionsKeptFrom: Date | null;
  readonly ledgerKeptFrom: Date | null;
  /** The start of the oldest five minutes with an attempt or an interaction on record; null when nothing is. */
  readonly dataFrom: Date | null;
  /** The same of interactions alone, which an imported log of attempts lacks; of attempts where there are no interactions at all. */
  readonly usesFrom: Date | null;
}

/** What a reader of the rollups has to know of them; belongs into the reader's own snapshot. */
export async function readRollupState(executor: Executor): Promise<RollupState> {
  const horizon = (table: string) => sql`(select extract(epoch from kept_from) * 1000 from raw_horizons where table_name = ${sql.raw(`'${table}'`)})`;
  const first = (kind: string) => sql.raw(`extract(epoch from least(
    (select min(starts_at) from ${kind}_rollups where level = 0), (select rollup_slot(min(at)) from ${kind}_deltas))) * 1000`);
  const [row] = await executor.execute<Record<'interactions' | 'ledger' | 'attempts' | 'uses', string | null> & { time_zone: string }>(sql`
    select time_zone, ${horizon('interactions')} as interactions, ${horizon('ai_usage')} as ledger, ${first('ledger')} as attempts, ${first('interaction')} as uses
    from rollup_state`);
  const toDate = (ms: string | null | undefined) => (ms == null ? null : new Date(Number(ms)));
  const [attemptsFrom, interactionsFrom] = [toDate(row?.attempts), toDate(row?.uses)];
  return {
    timeZone: row?.time_zone ?? 'UTC',
    interactionsKeptFrom: toDate(row?.interactions),
    ledgerKeptFrom: toDate(row?.ledger),
    dataFrom: attemptsFrom && interactionsFrom && interactionsFrom < attemptsFrom ? interactionsFrom : (attemptsFrom ?? interactionsFrom),
    usesFrom: interactionsFrom ?? attemptsFrom,
  };
}
