import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { startEmbeddedPostgres, THROWAWAY_SETTINGS } from '#db/embedded.ts';
import { findRunningPostgres } from '#db/embedded/find-running.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-running-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('a Postgres is found while it runs, at the address that its owner uses, and not after', async () => {
  const server = await startEmbeddedPostgres({ dataDir, settings: THROWAWAY_SETTINGS });
  const url = await findRunningPostgres(dataDir);
  expect(url).toBe(server.url);
  const sql = connectPostgres(url ?? '', { max: 1 });
  expect(await sql`select current_database() as name`).toEqual([{ name: 'adtrobot' }]);
  await sql.end();
  await server.stop();
  expect(await findRunningPostgres(dataDir)).toBeNull();
});

test.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', socketDir: '/nowhere' })],
  ['of another process with the same number', JSON.stringify({ pid: process.pid, startTime: 'never', socketDir: '/nowhere' })],
  ['that is torn', '{"pid":'],
  ['that is no claim', '"x"'],
  ['with a socket that is none', JSON.stringify({ pid: process.pid, startTime: null, socketDir: 7 })],
])('a claim %s is nobody\'s', async (_name, text) => {
  await writeFile(join(dataDir, 'postgres.claim'), text);
  expect(await findRunningPostgres(dataDir)).toBeNull();
});

test('where nobody ever ran one, none is found', async () => {
  expect(await findRunningPostgres(join(dataDir, 'absent'))).toBeNull();
});
