import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPostgres } from '#db/connect.ts';
import { THROWAWAY_SETTINGS } from '#db/embedded.ts';
import { findPostgresBinaries } from '#db/embedded/binaries.ts';
import { createCluster } from '#db/embedded/cluster.ts';
import { chooseIsolation } from '#db/embedded/isolation.ts';
import { startServer, type ServerProcess, stopServer } from '#db/embedded/server-process.ts';
import { prepareSocketDir } from '#db/embedded/socket-dir.ts';

/** A Postgres that a test may stop, kill and freeze as it likes. */
export interface OwnPostgres {
  /** Its socket, for a proxy. */
  readonly socketPath: string;
  readonly url: string;
  start(): Promise<void>;
  /** Ends it on the spot, as a crash of the machine would. */
  stopImmediately(): Promise<void>;
  /** Every process of it stands still; connections stay as they are. Only the first one: who has a connection keeps it. */
  freeze(which: 'all' | 'postmaster'): void;
  thaw(): void;
  /** How many connections carry this name. */
  countConnections(applicationName: string): Promise<number>;
  close(): Promise<void>;
}

function listChildren(parentPid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === parentPid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Makes and starts one, with an empty database `adtrobot`. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'adtrobot-own-'));
  const [clusterDir, socketDir] = [join(dir, 'postgres'), join(dir, 'run')];
  const [binaries, isolation] = [await findPostgresBinaries(), chooseIsolation()];
  await createCluster(clusterDir, { binaries, isolation, isDurable: false });
  prepareSocketDir(socketDir, isolation.owner);
  const urlOf = (database: string) => `postgres://postgres@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
  const settings = { ...THROWAWAY_SETTINGS, listen_addresses: '', unix_socket_directories: socketDir, max_connections: '100', timezone: 'UTC' };
  const spec = { clusterDir, socketDir, logFile: join(dir, 'log'), postgres: binaries.postgres, isolation, settings, probeUrl: urlOf('postgres'), onProgress: () => undefined };
  const ask = async <T>(database: string, work: (sql: ReturnType<typeof connectPostgres>) => Promise<T>): Promise<T> => {
    const sql = connectPostgres(urlOf(database), { max: 1, onnotice: () => undefined });
    return work(sql).finally(() => sql.end({ timeout: 1 }));
  };

  let server: ServerProcess = await startServer(spec);
  let frozen: number[] = [];
  await ask('postgres', (sql) => sql`create database adtrobot`);
  const thaw = (): void => {
    for (const pid of frozen.splice(0).reverse()) process.kill(pid, 'SIGCONT');
  };
  return {
    socketPath: join(socketDir, '.s.PGSQL.5432'),
    url: urlOf('adtrobot'),
    start: async () => {
      server = await startServer(spec);
    },
    stopImmediately: async () => {
      process.kill(server.pid, 'SIGQUIT');
      await server.exited;
    },
    freeze: (which) => {
      process.kill(server.pid, 'SIGSTOP');
      frozen = [server.pid, ...(which === 'all' ? listChildren(server.pid) : [])];
      for (const pid of frozen.slice(1)) process.kill(pid, 'SIGSTOP');
    },
    thaw,
    countConnections: async (name) => (await ask('postgres', (sql) => sql`select 1 from pg_stat_activity where application_name = ${name}`)).length,
    close: async () => {
      thaw();
      await stopServer(server);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
