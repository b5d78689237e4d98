import { randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The kernel holds the path of a socket in 108 bytes, the closing zero included. */
const SOCKET_PATH_BYTES_MAX = 107;
const SOCKET_NAME = '.s.PGSQL.5432.lock';
const TEMPORARY_PREFIX = 'adtrobot-socket-';
const PRIVATE_MODE = 0o700;

/** The place for the socket: in the data directory, or in the temp directory when that path is too long for a socket. */
export function chooseSocketDir(dataDir: string): string {
  const preferred = join(dataDir, 'run');
  if (Buffer.byteLength(join(preferred, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX) return preferred;
  return join(tmpdir(), `${TEMPORARY_PREFIX}${randomUUID()}`);
}

/** Makes the directory so that only its owner may enter: that is what protects the socket. */
export function prepareSocketDir(socketDir: string, owner: { uid: number; gid: number } | undefined): void {
  rmSync(socketDir, { recursive: true, force: true });
  mkdirSync(socketDir, { mode: PRIVATE_MODE });
  if (owner !== undefined) chownSync(socketDir, owner.uid, owner.gid);
}

/** Removes a socket directory that a killed run left in the temp directory; touches nothing else. */
export function removeLeftSocketDir(socketDir: string): void {
  const isOurs = dirname(socketDir) === tmpdir() && basename(socketDir).startsWith(TEMPORARY_PREFIX);
  if (isOurs) rmSync(socketDir, { recursive: true, force: true });
}
