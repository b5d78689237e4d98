import { openDatabase } from '#db/client.ts';
import { systemClock } from '#server/lib/clock.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';

const STATEMENT_TIMEOUT_MS = 3_600_000;
const DAYS_PER_NOTE = 30;

/** Builds the rollups from the raw rows as `npm run rollups:rebuild` does, folds what a rebuild knows nothing of, and leaves statistics as autovacuum does. */
export async function buildRollups(databaseUrl: string, note: (line: string) => void): Promise<void> {
  const { db, sql, close } = openDatabase({ url: databaseUrl, statementTimeoutMs: STATEMENT_TIMEOUT_MS, applicationName: 'adtrobot-bench' });
  try {
    await rebuildRollups({
      db,
      clock: systemClock,
      onProgress: ({ doneDays, totalDays }) => {
        if (doneDays % DAYS_PER_NOTE === 0 || doneDays === totalDays) note(`rollups: ${doneDays} of ${totalDays} days`);
      },
    });
    await foldRollups(db);
    await sql`vacuum (analyze)`;
  } finally {
    await close();
  }
}
