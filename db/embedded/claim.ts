import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#server/errors.ts';
import { isAlive, readStartTime, readWorkingDir, signal, waitUntil } from './processes.ts';
import { removeLeftSocketDir } from './socket-dir.ts';

const CLAIM_FILE = 'postgres.claim';
const FAST_STOP_TIMEOUT_MS = 15_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 5_000;
/** A predecessor whose npm was killed notices it and stops by itself. */
const HANDOVER_TIMEOUT_MS = 5_000;
const CLAIM_POLL_INTERVAL_MS = 20;

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
  const claim: Claim = { pid: process.pid, startTime: readStartTime(process.pid), socketDir };
  const deadline = performance.now() + HANDOVER_TIMEOUT_MS;
  while (!placeClaim(path, JSON.stringify(claim))) {
    const text = readClaimText(path);
    if (text === null) continue;
    const previous = parseClaim(text);
    if (previous === null || !isHeld(previous)) {
      if (removeLeftClaim(path, text) && previous !== null) removeLeftSocketDir(previous.socketDir);
    } else if (performance.now() > deadline) {
      throw new AppError(
        'unavailable',
        `The data directory ${dataDir} is in use by another AdtroBot (process ${previous.pid}). ` +
          'Stop that one first, or set DATA_DIR to another directory.',
      );
    } else {
      await sleep(CLAIM_POLL_INTERVAL_MS);
    }
  }
  let isOurs = true;
  return () => {
    if (isOurs) rmSync(path, { force: true });
    isOurs = false;
  };
}

/** Puts a claim where there is none; whole at once, so that nobody who starts meanwhile takes it for a torn one. */
function placeClaim(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a claim that nobody holds; whoever was faster and has put another in its place keeps that one. */
function removeLeftClaim(path: string, text: string): boolean {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  const isTheOne = readClaimText(aside) === text;
  if (!isTheOne) linkSync(aside, path);
  rmSync(aside, { force: true });
  return isTheOne;
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

/** Null for a file that is gone. */
function readClaimText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new AppError('unavailable', `The file ${path}, which says who uses this data directory, cannot be read. Was AdtroBot started as another user?`, error);
  }
}

/** Null for what is no claim, such as one torn by a crash: nobody holds it. */
function parseClaim(text: string): Claim | null {
  try {
    const value: unknown = JSON.parse(text);
    return isClaim(value) ? value : null;
  } catch {
    return null;
  }
}

function isClaim(value: unknown): value is Claim {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' && 'socketDir' in value && typeof value.socketDir === 'string';
}
