import { join } from 'node:path';
import { type DatabaseHandle, openDatabase } from '#db/client.ts';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { findRunningPostgres } from '#db/embedded/find-running.ts';
import { migrateDatabase } from '#db/migrate.ts';
import type { Config } from '#server/config.ts';

/** A batch may have to wait for other writers, and a day of rollups takes its time. */
const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * Opens the ledger where the server has it: at DATABASE_URL, in the embedded Postgres of a server that runs, else in one that
 * is started for the time of the work. The schema is brought up to date. `close` stops what was started.
 */
export async function openLedger(config: Config, rootDir: string, print: (line: string) => void, applicationName: string): Promise<DatabaseHandle> {
  const { DATABASE_URL, DATA_DIR } = config.values;
  const running = DATABASE_URL ?? (await findRunningPostgres(DATA_DIR));
  const own = running === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, onProgress: print }) : null;
  const url = running ?? own?.url ?? '';
  try {
    await migrateDatabase(url, join(rootDir, 'db/migrations'));
  } catch (error) {
    await own?.stop();
    throw error;
  }
  const handle = openDatabase({ url, applicationName, maxConnections: 2, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  return { ...handle, close: () => handle.close().finally(() => own?.stop()) };
}
