import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { PARTITIONS_LOCK_KEY } from '#db/queries/partitions.ts';
import { sleep } from '#server/lib/sleep.ts';
import { foldRollups } from '../rollups/fold-rollups.ts';
import { deleteAttempts } from './delete-attempts.ts';

/** For how many days raw rows are kept; 0: for ever. */
export interface RetentionDays {
  readonly interactions: number;
  readonly ledger: number;
}

/** What was let go of. */
export interface Deleted {
  /** Months of interactions. */
  readonly monthCount: number;
  /** Attempts of the ledger. */
  readonly attemptCount: number;
}

const DAY_MS = 86_400_000;
/** Who waits for the table of interactions makes everybody else wait behind it: for no longer than a reply may. */
const LOCK_TIMEOUT = '500ms';
const LOCK_ATTEMPTS = 6;
const LOCK_PAUSE_MS = 1_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Lets go of raw rows that are kept no longer: whole months of interactions, and attempts of the ledger by the day. What the
 * rollups hold of them stays, so no total changes; a rebuild leaves those days alone. Open attempts stay until their cost is known.
 * `onDeleted` is told of each part once it is gone.
 */
export async function applyRetention(db: Database, now: Date, days: RetentionDays, onDeleted: (part: Deleted) => void = () => undefined): Promise<Deleted> {
  await foldRollups(db);
  const before = (count: number) => new Date(now.getTime() - count * DAY_MS);
  const monthCount = days.interactions > 0 ? await dropInteractions(db, before(days.interactions)) : 0;
  onDeleted({ monthCount, attemptCount: 0 });
  const attemptCount = days.ledger > 0 ? await deleteAttempts(db, before(days.ledger), (count) => onDeleted({ monthCount: 0, attemptCount: count })) : 0;
  return { monthCount, attemptCount };
}

/** Tries again for some seconds when the table is in use; after that the next night does. */
async function dropInteractions(db: Database, before: Date): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction((tx) => dropMonths(tx, before));
    } catch (error) {
      if (attempt === LOCK_ATTEMPTS || !isLocked(error)) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** Whoever rebuilds a day has ended it before its rows go, and knows of the horizon afterwards. */
async function dropMonths(tx: Transaction, before: Date): Promise<number> {
  await tx.execute(sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`);
  await tx.execute(sql`select pg_advisory_xact_lock(${PARTITIONS_LOCK_KEY}), pg_advisory_xact_lock(rollup_lock_key())`);
  const [row] = await tx.execute<{ count: number }>(sql`select drop_interactions_before(${before.toISOString()}::timestamptz) as count`);
  return row?.count ?? 0;
}

function isLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === LOCK_NOT_AVAILABLE) || isLocked(error.cause);
}
