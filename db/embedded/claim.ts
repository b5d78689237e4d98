import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#server/errors.ts';
import { isAlive, readStartTime, readWorkingDir, signal, waitUntil } from './processes.ts';
import { removeLeftSocketDir } from './socket-dir.ts';

const CLAIM_FILE = 'postgres.claim';
const FAST_STOP_TIMEOUT_MS = 15_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 5_000;
/** A predecessor whose npm was killed notices it and stops by itself. */
const HANDOVER_TIMEOUT_MS = 5_000;

/** Says which process of ours uses a data directory, and where its socket is. */
interface Claim {
  readonly pid: number;
  readonly startTime: string | null;
  readonly socketDir: string;
}

/**
 * Claims a data directory for this process. Waits a little for another living process that has it, then throws. Takes over from a process that
 * died, and removes the socket directory that it left in the temp directory. Returns how to give it up.
 */
export async function claimDataDir(dataDir: string, socketDir: string): Promise<() => void> {
  const path = join(dataDir, CLAIM_FILE);
  const previous = await readClaim(path);
  if (previous !== null) {
    if (isHeld(previous) && !(await waitUntil(() => !isHeld(previous) || !existsSync(path), HANDOVER_TIMEOUT_MS))) {
      throw new AppError(
        'unavailable',
        `The data directory ${dataDir} is in use by another AdtroBot (process ${previous.pid}). ` +
          'Stop that one first, or set DATA_DIR to another directory.',
      );
    }
    removeLeftSocketDir(previous.socketDir);
    rmSync(path, { force: true });
  }
  const claim: Claim = { pid: process.pid, startTime: readStartTime(process.pid), socketDir };
  await writeFile(path, JSON.stringify(claim), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    throw new AppError('unavailable', `Another AdtroBot is starting on the data directory ${dataDir}.`, error);
  });
  return () => rmSync(path, { force: true });
}

/**
 * Stops a Postgres that an earlier run left behind in this cluster (where the kernel could not do it for us). Call only
 * with the claim in hand: what runs here then belongs to nobody. Returns whether there was one.
 */
export async function stopOrphan(clusterDir: string): Promise<boolean> {
  const pid = readPostmasterPid(clusterDir);
  if (pid === null || !isAlive(pid) || readWorkingDir(pid) !== realpathSync(clusterDir)) return false;
  signal(pid, 'SIGINT');
  if (await waitUntil(() => !isAlive(pid), FAST_STOP_TIMEOUT_MS)) return true;
  signal(pid, 'SIGQUIT');
  if (await waitUntil(() => !isAlive(pid), IMMEDIATE_STOP_TIMEOUT_MS)) return true;
  throw new AppError('unavailable', `A Postgres left by an earlier run (process ${pid}) does not stop. End it, then start again.`);
}

/** The pid in `postmaster.pid`, which Postgres removes on a clean stop. */
export function readPostmasterPid(clusterDir: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isHeld(claim: Claim): boolean {
  return isAlive(claim.pid) && readStartTime(claim.pid) === claim.startTime;
}

async function readClaim(path: string): Promise<Claim | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isClaim(value) ? value : null;
  } catch {
    // No claim, or one torn by a crash while it was written: nobody holds it.
    rmSync(path, { force: true });
    return null;
  }
}

function isClaim(value: unknown): value is Claim {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' && 'socketDir' in value;
}
