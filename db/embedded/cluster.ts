import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#server/errors.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { Isolation } from './isolation.ts';

/** The major version of the binaries; a cluster of another cannot be opened. */
const POSTGRES_MAJOR = '18';
const PRIVATE_MODE = 0o700;

/** Whether a cluster stands in this directory; throws when it was made by another major version. */
export async function hasCluster(clusterDir: string): Promise<boolean> {
  const versionFile = join(clusterDir, 'PG_VERSION');
  if (!existsSync(versionFile)) return false;
  const version = (await readFile(versionFile, 'utf8')).trim();
  if (version === POSTGRES_MAJOR) return true;
  throw new AppError(
    'unavailable',
    `The data in ${clusterDir} was written by Postgres ${version}, and this is Postgres ${POSTGRES_MAJOR}. ` +
      'Export it with the old version, or set DATA_DIR to another directory.',
  );
}

/**
 * Makes a cluster: UTF-8, order by code point with Unicode letter case, data checksums. It is made beside its place and
 * then renamed, so a crash in between leaves nothing that looks finished.
 */
export async function createCluster(
  clusterDir: string,
  tools: { binaries: PostgresBinaries; isolation: Isolation; isDurable: boolean },
): Promise<void> {
  const unfinishedDir = `${clusterDir}.new`;
  await rm(unfinishedDir, { recursive: true, force: true });
  await mkdir(unfinishedDir, { mode: PRIVATE_MODE });
  if (tools.isolation.owner !== undefined) await chown(unfinishedDir, tools.isolation.owner.uid, tools.isolation.owner.gid);
  await runInitdb(unfinishedDir, tools);
  await rename(unfinishedDir, clusterDir);
}

async function runInitdb(
  dir: string,
  tools: { binaries: PostgresBinaries; isolation: Isolation; isDurable: boolean },
): Promise<void> {
  const args = ['--pgdata', dir, '--username', 'postgres', '--encoding', 'UTF8', '--data-checksums'];
  args.push('--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8');
  // Only the socket is open, in a directory that only its owner may enter: that is the lock.
  args.push('--auth-local', 'trust', '--auth-host', 'reject', '--no-instructions');
  if (!tools.isDurable) args.push('--no-sync');
  const [program, ...rest] = tools.isolation.command(tools.binaries.initdb, args);
  const output = await new Promise<string | null>((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? null : text));
  });
  if (output === null) return;
  throw new AppError('unavailable', `The database could not be created in ${dir}: ${lastLine(output)}`, new Error(output));
}

function lastLine(text: string): string {
  return text.trim().split('\n').findLast((line) => line.includes('error') || line.includes('could not')) ?? 'initdb failed';
}
