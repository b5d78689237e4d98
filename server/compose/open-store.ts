import { join } from 'node:path';
import { openDatabase, type DatabaseHandle } from '#db/client.ts';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';
import type { Config } from '../config.ts';
import type { Lifecycle } from '../lib/lifecycle.ts';
import type { Print } from './print.ts';

/** What a stop keeps for Postgres, however long other parts take: the time to write a checkpoint. */
const POSTGRES_STOP_MS = 5_000;

/** Whoever gets no connection in this time is refused, rather than left to wait behind the others. */
export const CONNECTION_WAIT_MS = 2_000;

export interface Store extends DatabaseHandle {
  readonly url: string;
  /** The database is the embedded one, so this process is the only one that uses it. */
  readonly isOurs: boolean;
}

/** Starts or finds Postgres, brings the schema up to date, and opens the pool. */
export async function openStore(config: Config, rootDir: string, lifecycle: Lifecycle, print: Print): Promise<Store> {
  const { DATABASE_URL, DATA_DIR } = config.values;
  let url = DATABASE_URL;
  if (!url) {
    print('Starting Postgres…');
    const postgres = await startEmbeddedPostgres({ dataDir: DATA_DIR, onProgress: print });
    lifecycle.add('postgres', () => postgres.stop(), POSTGRES_STOP_MS);
    url = postgres.url;
  }
  print('Bringing the database schema up to date…');
  await migrateDatabase(url, join(rootDir, 'db/migrations'));
  const handle = openDatabase({ url, waitMs: CONNECTION_WAIT_MS });
  lifecycle.add('database pool', () => handle.close());
  return { ...handle, url, isOurs: !DATABASE_URL };
}
