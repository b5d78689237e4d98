import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connectPostgres } from '#db/connect.ts';
import { startEmbeddedPostgres, THROWAWAY_SETTINGS } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { memoryDir } from './memory-dir.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run; its database `adtrobot` is the migrated template, closed to connections. */
    readonly postgresUrl: string;
  }
}

/** One Postgres for the whole run, with one migrated template that every test clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(memoryDir(), 'adtrobot-test-'));
  const server = await startEmbeddedPostgres({ dataDir, settings: { ...THROWAWAY_SETTINGS, max_connections: '300' } });
  try {
    await migrateDatabase(server.url, resolve('db/migrations'));
    await closeTemplate(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** A template with a connection cannot be cloned, so nothing may connect to it, autovacuum included. */
async function closeTemplate(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const sql = connectPostgres(maintenance.href, { max: 1 });
  await sql`alter database adtrobot with allow_connections false is_template true`;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'adtrobot'`;
  await sql.end({ timeout: 5 });
}
