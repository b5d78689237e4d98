import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { inject } from 'vitest';
import { type DatabaseHandle, type DatabaseOptions, openDatabase } from '#db/client.ts';
import { connectPostgres } from '#db/connect.ts';

const CLONE_ATTEMPTS_MAX = 20;
const CLONE_RETRY_MS = 50;
/** Any constant; makes clones wait for one another, which is faster than copying side by side. */
const CLONE_LOCK_KEY = 4_711;

export interface TestDatabase {
  readonly handle: DatabaseHandle;
  readonly url: string;
  /** Closes the handle and removes the database, whoever is still connected. Idempotent. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own for one test or one file. */
export async function createTestDatabase(options: Omit<DatabaseOptions, 'url'> = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await cloneTemplate(name);
  const url = urlOf(name);
  const handle = openDatabase({ maxConnections: 5, applicationName: 'adtrobot-test', ...options, url });
  let dropping: Promise<void> | undefined;
  const drop = async (): Promise<void> => {
    await handle.close();
    await dropDatabase(name);
  };
  return { handle, url, drop: () => (dropping ??= drop()) };
}

/** An empty database without our tables, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  const sql = connectServer();
  await sql`create database ${sql(name)}`;
  return { url: urlOf(name), drop: () => dropDatabase(name) };
}

async function cloneTemplate(name: string): Promise<void> {
  const sql = connectServer();
  await sql`select pg_advisory_lock(${CLONE_LOCK_KEY})`;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // Files are copied in half the time that it takes to log them block by block.
        await sql`create database ${sql(name)} template adtrobot strategy file_copy`;
        return;
      } catch (error) {
        // A backend that was just told to leave the template may need a moment.
        const isBusy = error instanceof Error && error.message.includes('being accessed by other users');
        if (!isBusy || attempt === CLONE_ATTEMPTS_MAX) throw error;
        await sleep(CLONE_RETRY_MS);
      }
    }
  } finally {
    await sql`select pg_advisory_unlock(${CLONE_LOCK_KEY})`;
  }
}

async function dropDatabase(name: string): Promise<void> {
  const sql = connectServer();
  await sql`drop database if exists ${sql(name)} with (force)`;
}

let server: postgres.Sql | undefined;

/** The one connection by which a worker makes and removes databases. Unused for a while it is closed, so that nobody waits for it to end. */
function connectServer(): postgres.Sql {
  return (server ??= connectPostgres(urlOf('postgres'), { max: 1, idle_timeout: 2, onnotice: () => undefined }));
}

function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.href;
}
