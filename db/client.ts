import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { connectPostgres } from './connect.ts';
import * as schema from './schema/index.ts';

/** The pool behind drizzle, or a transaction on it: what services take. */
export type Database = PostgresJsDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** Either of both, for verbs that join a caller's transaction. */
export type Executor = Database | Transaction;

export interface DatabaseOptions {
  /** A `postgres://` URL; a socket directory may be given as `?host=/dir`. */
  readonly url: string;
  readonly maxConnections?: number;
  readonly applicationName?: string;
  /** Longest run of one statement before Postgres cancels it. */
  readonly statementTimeoutMs?: number;
  /** False for histories laid down in bulk: a crash may lose the last commits, never tear one. */
  readonly isCommitDurable?: boolean;
}

export interface DatabaseHandle {
  readonly db: Database;
  /** A client of its own for raw SQL (drizzle changes the parsers of the one it gets) and for probes: one connection, never behind a busy pool. */
  readonly sql: postgres.Sql;
  /** Ends all connections; waits at most five seconds for running statements. Idempotent. */
  close(): Promise<void>;
}

/** Opens the pool. Connects on first use; importing this module opens nothing. */
export function openDatabase(options: DatabaseOptions): DatabaseHandle {
  const connection = {
    application_name: options.applicationName ?? 'adtrobot',
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    idle_in_transaction_session_timeout: 10_000,
    ...(options.isCommitDurable === false ? { synchronous_commit: 'off' } : {}),
  };
  const shared = { connect_timeout: 3, onnotice: () => undefined, connection };
  const pool = connectPostgres(options.url, { ...shared, max: options.maxConnections ?? 10 });
  const raw = connectPostgres(options.url, { ...shared, max: 1 });
  let closing: Promise<void> | undefined;
  return {
    db: drizzle({ client: pool, schema }),
    sql: raw,
    close: () => (closing ??= Promise.all([pool.end({ timeout: 5 }), raw.end({ timeout: 5 })]).then(() => undefined)),
  };
}
