import { sql } from 'drizzle-orm';
import type { Database, Executor } from '#db/client.ts';

/** Longer nobody waits for the first byte only to learn how many rows will come. */
export const COUNT_TIMEOUT_MS = 2_000;
/** SQLSTATE of a statement that ran too long. */
const QUERY_CANCELED = '57014';

/** A count, where it is found out in time; else null, which is "not known". */
export async function countInTime(db: Database, countRows: (executor: Executor) => Promise<number>, timeoutMs = COUNT_TIMEOUT_MS): Promise<number | null> {
  try {
    return await db.transaction(
      async (tx) => {
        await tx.execute(sql.raw(`set local statement_timeout = ${timeoutMs}`));
        return countRows(tx);
      },
      { accessMode: 'read only' },
    );
  } catch (error) {
    if (isCanceled(error)) return null;
    throw error;
  }
}

function isCanceled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === QUERY_CANCELED) || isCanceled(error.cause);
}
