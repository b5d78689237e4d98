import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#server/errors.ts';
import { connectPostgres } from '../connect.ts';
import type { Isolation } from './isolation.ts';
import { signal, waitUntil } from './processes.ts';

const LOG_SIZE_BYTES_MAX = 10_000_000;
const READY_TIMEOUT_MS = 120_000;
const SLOW_START_NOTICE_MS = 3_000;
const PROBE_INTERVAL_MS = 25;
/** A killed postmaster may count as alive until it is reaped, and its children hold the shared memory a moment longer. */
const LEFTOVER_TIMEOUT_MS = 10_000;
const LEFTOVER_RETRY_MS = 100;
const LEFTOVER_PATTERN = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;
const FAST_STOP_TIMEOUT_MS = 15_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 5_000;

export interface ServerSpec {
  readonly clusterDir: string;
  readonly socketDir: string;
  readonly logFile: string;
  readonly postgres: string;
  readonly isolation: Isolation;
  readonly settings: Readonly<Record<string, string>>;
  /** Any database of the cluster that certainly exists. */
  readonly probeUrl: string;
  readonly onProgress: (line: string) => void;
}

export interface ServerProcess {
  readonly pid: number;
  /** False once it has ended: the pid may be another's by then. */
  isRunning(): boolean;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
}

/** Starts Postgres and waits until it answers, patiently while leftovers of a killed one go away. */
export async function startServer(spec: ServerSpec): Promise<ServerProcess> {
  const deadline = performance.now() + LEFTOVER_TIMEOUT_MS;
  for (;;) {
    const logOffset = rotateLog(spec.logFile);
    const server = spawnServer(spec);
    if (await becomesReady(server, spec)) return server;
    const log = readLog(spec.logFile, logOffset);
    if (!LEFTOVER_PATTERN.test(log) || performance.now() > deadline) throw startFailure(spec, log);
    await sleep(LEFTOVER_RETRY_MS);
  }
}

/** Stops Postgres: connections are cut and everything is written; after the time limit without the last courtesy. */
export async function stopServer(server: ServerProcess): Promise<void> {
  const hasEnded = (): boolean => !server.isRunning();
  if (hasEnded()) return;
  signal(server.pid, 'SIGINT');
  if (await waitUntil(hasEnded, FAST_STOP_TIMEOUT_MS)) return;
  signal(server.pid, 'SIGQUIT');
  if (await waitUntil(hasEnded, IMMEDIATE_STOP_TIMEOUT_MS)) return;
  signal(server.pid, 'SIGKILL');
  await server.exited;
}

function spawnServer(spec: ServerSpec): ServerProcess {
  const flags = Object.entries(spec.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [program, ...args] = spec.isolation.command(spec.postgres, ['-D', spec.clusterDir, ...flags]);
  const log = openSync(spec.logFile, 'a', 0o600);
  // In a process group of its own: Ctrl-C in the terminal must reach us only, so that we drain before the database stops.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], cwd: spec.socketDir });
  closeSync(log);
  let isRunning = true;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      isRunning = false;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  if (child.pid === undefined) throw new AppError('unavailable', `Postgres could not be run: ${program} did not start.`);
  return { pid: child.pid, isRunning: () => isRunning, exited };
}

async function becomesReady(server: ServerProcess, spec: ServerSpec): Promise<boolean> {
  const startedAt = performance.now();
  let wasToldSlow = false;
  while (server.isRunning()) {
    if (await answers(spec.probeUrl)) return true;
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > SLOW_START_NOTICE_MS && !wasToldSlow) {
      wasToldSlow = true;
      spec.onProgress('Postgres is still starting; after a crash it first replays its log…');
    }
    if (elapsedMs > READY_TIMEOUT_MS) {
      await stopServer(server);
      return false;
    }
    await sleep(PROBE_INTERVAL_MS);
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  const sql = connectPostgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Keeps one old log, and returns the size of the present one. */
function rotateLog(logFile: string): number {
  if (!existsSync(logFile)) return 0;
  const sizeBytes = statSync(logFile).size;
  if (sizeBytes < LOG_SIZE_BYTES_MAX) return sizeBytes;
  rmSync(`${logFile}.1`, { force: true });
  renameSync(logFile, `${logFile}.1`);
  return 0;
}

function readLog(logFile: string, offset: number): string {
  return readFileSync(logFile).subarray(offset).toString('utf8');
}

function startFailure(spec: ServerSpec, log: string): AppError {
  const reason = log.split('\n').findLast((line) => /FATAL|PANIC|error|refused|denied/.test(line)) ?? 'it said nothing';
  const hint = LEFTOVER_PATTERN.test(log) ? ' Another Postgres runs on this data directory.' : '';
  return new AppError('unavailable', `Postgres did not start.${hint} Its last words: ${reason.trim()} (log: ${spec.logFile})`);
}
