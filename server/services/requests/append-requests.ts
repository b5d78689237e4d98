import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import type { RequestCount } from './types.ts';

/** Tells, before anything is written, by which transaction it will be: so that it can be asked after when its answer is lost. */
export type OnTransaction = (transactionId: string) => void;

/** Appends counts of requests to what is not in the rollups yet, in one statement: all of them, or none. */
export async function appendRequests(db: Database, counts: readonly RequestCount[], onTransaction: OnTransaction): Promise<void> {
  const rows = JSON.stringify(counts.map(({ at, requestCount, ...count }) => ({ ...count, at: at.toISOString(), request_count: requestCount })));
  await db.transaction(async (tx) => {
    const [transaction] = await tx.execute<{ id: string }>(sql`select pg_current_xact_id()::text as id`);
    if (transaction) onTransaction(transaction.id);
    await tx.execute(sql`
      insert into http_deltas (at, handler, method, status, request_count, bins, counts)
      select at, handler, method, status, request_count, bins, counts from jsonb_to_recordset(${rows}::jsonb)
        as r(at timestamptz, handler text, method text, status text, request_count integer, bins smallint[], counts bigint[])`);
  });
}

/** What became of a transaction whose answer was lost. One that Postgres has no memory of, as after a restore, was never there. */
export async function findOutcome(db: Database, transactionId: string): Promise<'committed' | 'in progress' | 'aborted'> {
  const id = sql`${transactionId}::xid8`;
  // A transaction of our own comes after all that ever were; to ask for one that is to come is an error.
  const [row] = await db.execute<{ status: 'committed' | 'in progress' | 'aborted' | null }>(sql`
    select case when ${id} < pg_current_xact_id() then pg_xact_status(${id}) end as status`);
  return row?.status ?? 'aborted';
}
