import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { startEmbeddedPostgres, THROWAWAY_SETTINGS } from '#db/embedded.ts';
import { readPostmasterPid } from '#db/embedded/claim.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-start-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function read(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const sql = connectPostgres(url, { max: 1, connect_timeout: 3 });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

test('a start that fails when Postgres is up already leaves no Postgres behind, and the next start works', async () => {
  // Then the database cannot be created.
  const settings = { ...THROWAWAY_SETTINGS, default_transaction_read_only: 'on' };
  await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow('read-only transaction');
  expect(readPostmasterPid(join(dataDir, 'postgres'))).toBeNull();
  expect(existsSync(join(dataDir, 'postgres.claim'))).toBe(false);
  const server = await startEmbeddedPostgres({ dataDir, settings: THROWAWAY_SETTINGS });
  expect(server.wasRecovered).toBe(false);
  expect(await read(server.url, 'select current_database() as name')).toEqual([{ name: 'adtrobot' }]);
  await server.stop();
});

test('a start tells what takes long, and a stop leaves nothing that runs, listens or claims', async () => {
  const lines: string[] = [];
  const server = await startEmbeddedPostgres({ dataDir, settings: THROWAWAY_SETTINGS, onProgress: (line) => lines.push(line) });
  expect(lines).toEqual([`Creating a Postgres 18 database in ${dataDir}…`]);
  await server.stop();
  for (const name of ['postgres.claim', 'run', 'postgres/postmaster.pid']) expect(existsSync(join(dataDir, name)), name).toBe(false);
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  await expect(read(server.url, 'select 1')).rejects.toThrow();
});

test('settings that are given replace the defaults, and the others stay', async () => {
  const server = await startEmbeddedPostgres({ dataDir, settings: { ...THROWAWAY_SETTINGS, max_connections: '17' } });
  const [row] = await read(server.url, `select current_setting('max_connections') as connections, current_setting('timezone') as zone, current_setting('fsync') as fsync`);
  expect(row).toEqual({ connections: '17', zone: 'UTC', fsync: 'off' });
  await server.stop();
});
