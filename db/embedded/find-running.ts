import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isAlive, readStartTime } from './processes.ts';

/**
 * The URL of the embedded Postgres that another living process runs in this data directory, by the claim that it laid down
 * there; null when nobody runs one.
 */
export async function findRunningPostgres(dataDir: string): Promise<string | null> {
  const claim = await readClaim(join(resolve(dataDir), 'postgres.claim'));
  if (claim === null || !isAlive(claim.pid) || readStartTime(claim.pid) !== claim.startTime) return null;
  return `postgres://postgres@localhost/adtrobot?host=${encodeURIComponent(claim.socketDir)}`;
}

async function readClaim(path: string): Promise<{ pid: number; startTime: unknown; socketDir: string } | null> {
  try {
    const claim: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof claim !== 'object' || claim === null || !('pid' in claim) || !('socketDir' in claim)) return null;
    const { pid, socketDir } = claim;
    if (typeof pid !== 'number' || typeof socketDir !== 'string') return null;
    return { pid, socketDir, startTime: 'startTime' in claim ? claim.startTime : null };
  } catch {
    // No claim, or one that is being written.
    return null;
  }
}
