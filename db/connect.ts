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
