import { createConnection, type Socket } from 'node:net';
import postgres from 'postgres';

/** The options that our code sets; postgres.js knows more. */
export type ConnectOptions = postgres.Options<Record<string, postgres.PostgresType>>;

const DEFAULT_PORT = '5432';

/**
 * Makes a postgres.js client for a URL, also for one that names a socket directory as libpq does (`?host=/dir`), which
 * postgres.js alone would send to the server as a setting. Connects on first use.
 */
export function connectPostgres(url: string, options: ConnectOptions = {}): postgres.Sql {
  const parsed = new URL(url);
  const socketDir = parsed.searchParams.get('host');
  if (socketDir === null || !socketDir.startsWith('/')) return postgres(url, options);
  parsed.searchParams.delete('host');
  const path = `${socketDir}/.s.PGSQL.${parsed.port || DEFAULT_PORT}`;
  return postgres(parsed.href, { ...options, path });
}

/** What the driver tells the maker of a socket. */
interface Target {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

export interface SocketEvents {
  readonly onSocket?: (socket: Socket) => void;
  /** The driver wants to connect a second time; it will get an error. */
  readonly onSecond?: () => void;
}

/**
 * A client of one connection that never connects a second time: a statement on a lost connection fails. The driver alone
 * would connect again and again, without a pause and without an end, to a server that hangs up.
 */
export function connectOnce(url: string, options: ConnectOptions, { onSocket, onSecond }: SocketEvents = {}): postgres.Sql {
  let hasConnected = false;
  const socket = ({ host: [host = 'localhost'], port: [port = Number(DEFAULT_PORT)], path }: Target): Socket => {
    if (hasConnected) {
      onSecond?.();
      throw Object.assign(new Error('the connection to Postgres was lost'), { code: 'CONNECTION_LOST' });
    }
    hasConnected = true;
    const made = path === false ? createConnection({ host, port, noDelay: true }) : createConnection(path);
    onSocket?.(made);
    // The driver asks the socket for the name that a certificate must carry.
    return Object.assign(made, { host });
  };
  const once = { ...options, max: 1, max_lifetime: null, socket };
  return connectPostgres(url, once);
}
