import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '#server/errors.ts';
import { connectPostgres } from './connect.ts';
import { findPostgresBinaries } from './embedded/binaries.ts';
import { claimDataDir, readPostmasterPid, stopOrphan } from './embedded/claim.ts';
import { createCluster, hasCluster } from './embedded/cluster.ts';
import { chooseIsolation } from './embedded/isolation.ts';
import { type ServerProcess, type ServerSpec, startServer, stopServer } from './embedded/server-process.ts';
import { chooseSocketDir, prepareSocketDir } from './embedded/socket-dir.ts';

const DATABASE_NAME = 'adtrobot';
const RESTART_DELAY_MS = 500;

const BASE_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** Settings for data that may be lost: tests and benchmarks start and commit faster with them. */
export const THROWAWAY_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its log and its socket; made when absent, readable by its owner only. */
  readonly dataDir: string;
  /** Postgres settings that replace the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told in plain words what is happening. */
  readonly onProgress?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** For `openDatabase` and `connectPostgres`; names the database `adtrobot` over a socket. */
  readonly url: string;
  /** Pid of the postmaster; changes when Postgres had to be started again. */
  pid(): number;
  /** True when the last run did not stop in order, so Postgres replayed its log. */
  readonly wasRecovered: boolean;
  /** Stops Postgres and frees the data directory; at most about twenty seconds. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded Postgres 18 in `dataDir`: creates it on first use, takes over what a killed run left, starts it
 * again should it die, and has the kernel stop it should we die. Works as root and below directories that only their
 * owner may enter. Throws `unavailable` with public words when the directory is in use or Postgres does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const socketDir = chooseSocketDir(dataDir);
  const release = await claimDataDir(dataDir, socketDir);
  try {
    const { spec, wasRecovered } = await prepare(dataDir, socketDir, options);
    const supervisor = await supervise(spec);
    await createDatabase(spec.probeUrl).catch(async (error: unknown) => {
      await supervisor.stop();
      throw error;
    });
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await supervisor.stop();
      await rm(socketDir, { recursive: true, force: true });
      release();
    };
    return { url: urlOf(socketDir, DATABASE_NAME), pid: supervisor.pid, wasRecovered, stop: () => (stopping ??= stop()) };
  } catch (error) {
    release();
    throw error;
  }
}

async function prepare(
  dataDir: string,
  socketDir: string,
  options: EmbeddedPostgresOptions,
): Promise<{ spec: ServerSpec; wasRecovered: boolean }> {
  const onProgress = options.onProgress ?? (() => undefined);
  const clusterDir = join(dataDir, 'postgres');
  const settings: Record<string, string> = { ...BASE_SETTINGS, unix_socket_directories: socketDir, ...options.settings };
  const binaries = await findPostgresBinaries();
  const isolation = chooseIsolation();
  if (await hasCluster(clusterDir)) {
    if (await stopOrphan(clusterDir)) onProgress('Stopped a Postgres that an earlier run left behind.');
  } else {
    onProgress(`Creating a Postgres 18 database in ${dataDir}…`);
    await createCluster(clusterDir, { binaries, isolation, isDurable: settings['fsync'] !== 'off' });
  }
  const wasRecovered = readPostmasterPid(clusterDir) !== null;
  if (wasRecovered) onProgress('The last run was killed; Postgres recovers from its log…');
  prepareSocketDir(socketDir, isolation.owner);
  const spec: ServerSpec = {
    clusterDir,
    socketDir,
    logFile: join(dataDir, 'postgres.log'),
    postgres: binaries.postgres,
    isolation,
    settings,
    probeUrl: urlOf(socketDir, 'postgres'),
    onProgress,
  };
  return { spec, wasRecovered };
}

/** Keeps one Postgres running until told to stop; the pool reconnects by itself after a restart. */
async function supervise(spec: ServerSpec): Promise<{ pid(): number; stop(): Promise<void> }> {
  let server: ServerProcess = await startServer(spec);
  let isStopping = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await server.exited;
      if (isStopping) return;
      spec.onProgress('Postgres ended unexpectedly; starting it again…');
      await startServer(spec).then(
        (started) => (server = started),
        (error: unknown) => spec.onProgress(describeError(error)),
      );
      if (isStopping) return stopServer(server);
      await sleep(RESTART_DELAY_MS);
    }
  };
  const watching = watch();
  const stop = async (): Promise<void> => {
    isStopping = true;
    await stopServer(server);
    await watching;
  };
  return { pid: () => server.pid, stop };
}

async function createDatabase(maintenanceUrl: string): Promise<void> {
  const sql = connectPostgres(maintenanceUrl, { max: 1, onnotice: () => undefined });
  try {
    const found = await sql`select 1 from pg_database where datname = ${DATABASE_NAME}`;
    if (found.length === 0) await sql`create database ${sql(DATABASE_NAME)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function urlOf(socketDir: string, database: string): string {
  return `postgres://postgres@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
}
