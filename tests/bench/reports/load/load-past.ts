import type postgres from 'postgres';
import { connectPostgres } from '#db/connect.ts';
import { THROWAWAY_SETTINGS } from '#db/embedded.ts';
import type { LoadSize } from '../settings.ts';
import { dropIndexes } from './indexes.ts';
import { interactionsStatement } from './load-interactions.ts';
import { ledgerStatement } from './load-ledger.ts';
import { type Past, preparePast } from './load-people.ts';
import { loadPaymentsAndRuns, loadUsers } from './load-rest.ts';
import { DAYS, planHours, type PlannedHour } from './plan-hours.ts';

const DAY_MS = 86_400_000;
const ROWS_PER_STEP = 1_000_000;

/** For the load alone: what is inserted into a table that was emptied in the same transaction is not written a second time into the log. */
export const LOAD_SETTINGS: Readonly<Record<string, string>> = {
  ...THROWAWAY_SETTINGS,
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
  shared_buffers: '256MB',
  work_mem: '128MB',
  maintenance_work_mem: '384MB',
  max_parallel_maintenance_workers: '1',
};

interface Target {
  readonly table: string;
  readonly statement: string;
  readonly countOf: (hour: PlannedHour) => number;
}

/** Fills an empty, migrated database with ninety days that end at `endsAt`. Needs `LOAD_SETTINGS` and two connections. */
export async function loadPast(url: string, size: LoadSize, endsAt: Date, note: (line: string) => void): Promise<void> {
  const past: Past = { hours: planHours(size, endsAt), endsAt, userCount: size.userCount, seed: size.seed };
  // No trigger fires for what is many: what the triggers would keep is rebuilt from the rows afterwards, by the product's own command.
  const connection = { session_replication_role: 'replica', statement_timeout: 0 };
  const connect = () => connectPostgres(url, { max: 1, onnotice: () => undefined, connection });
  const [sql, second] = [connect(), connect()];
  try {
    await sql`select ensure_interactions_partitions(${new Date(endsAt.getTime() - (DAYS + 1) * DAY_MS)}, ${endsAt})`;
    await preparePast(sql, past);
    const ledger: Target = { table: 'ai_usage', statement: ledgerStatement(past), countOf: (hour) => hour.ledgerCount };
    const interactions: Target = { table: 'interactions', statement: interactionsStatement(past), countOf: (hour) => hour.interactionCount };
    await Promise.all([fill(sql, ledger, past.hours, note), fill(second, interactions, past.hours, note)]);
    await loadUsers(sql, past);
    await sql.unsafe('set session_replication_role = origin');
    await loadPaymentsAndRuns(sql, past);
    await sql.unsafe('drop schema bench_load cascade');
    note('vacuum and statistics');
    await Promise.all([sql.unsafe('vacuum (analyze) ai_usage'), second.unsafe('vacuum (analyze) interactions')]);
    await sql.unsafe('vacuum (analyze) users, payments, schedule_runs');
    await sql.unsafe('checkpoint');
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), second.end({ timeout: 5 })]);
  }
}

/** One table in one transaction: emptied, filled about a million rows at a time, indexed again. */
async function fill(sql: postgres.Sql, { table, statement, countOf }: Target, hours: readonly PlannedHour[], note: (line: string) => void): Promise<void> {
  await sql.begin(async (tx) => {
    const makeIndexes = await dropIndexes(tx, table);
    await tx.unsafe(`truncate ${table}`);
    let [done, first, count] = [0, 0, 0];
    for (const [index, hour] of hours.entries()) {
      count += countOf(hour);
      if (count < ROWS_PER_STEP && index < hours.length - 1) continue;
      await tx.unsafe(statement, [first, index + 1]);
      done += count;
      note(`${table}: ${(done / 1e6).toFixed(1)} million rows`);
      [first, count] = [index + 1, 0];
    }
    note(`${table}: indexes`);
    await makeIndexes();
  });
}
