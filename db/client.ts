import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { connectPostgres } from './connect.ts';
import { ConnectionPool, type PoolCounts } from './pool/connection-pool.ts';
import { createPooledClient } from './pool/pooled-client.ts';
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
  /** Longest wait for a free connection; without it, as long as it takes. */
  readonly waitMs?: number;
  /** False for histories laid down in bulk: a crash may lose the last commits, never tear one. */
  readonly isCommitDurable?: boolean;
}

export interface DatabaseHandle {
  /** No statement of it waits for ever, whatever becomes of Postgres: it rejects with `DatabaseUnavailable` in the end. */
  readonly db: Database;
  /** A client of its own for raw SQL (drizzle changes the parsers of the one it gets): one connection. */
  readonly sql: postgres.Sql;
  /** Asks Postgres for a sign of life on a connection of its own, never behind a busy pool; rejects within about two seconds. */
  probe(): Promise<void>;
  /** The connections of `db`, and what waits for one. Memory only. */
  countConnections(): PoolCounts;
  /** Whether at least half of the connections are free and nobody waits for one: what may be taken for speed alone. Memory only. */
  hasSpare(): boolean;
  /** Postgres is known not to answer: what has waited for an answer since before that is given up now, and not at its own limit. */
  cutSilent(): void;
  /** Probes and cuts by itself from now on: for a stop, at which nobody else does it any more and everybody has to end. */
  watchUntilClosed(): void;
  /** Ends all connections; waits at most five seconds for running statements. Idempotent. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_SECONDS = 1.5;
/** Postgres itself ends a statement in time; this much later nothing is to be hoped from it. */
const ANSWER_MARGIN_MS = 2_000;
/** Readiness turns within three seconds both ways, so a probe on a dead connection must not hold the next one up for longer. */
const PROBE_ANSWER_MS = 1_800;
const WATCH_INTERVAL_MS = 500;
/** No statement of ours is that slow while Postgres answers nobody else. */
const SILENT_MS = 1_500;

/** Opens the pool. Connects on first use; importing this module opens nothing. */
export function openDatabase(options: DatabaseOptions): DatabaseHandle {
  const { url } = options;
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000;
  const connection = {
    application_name: options.applicationName ?? 'adtrobot',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 10_000,
    ...(options.isCommitDurable === false ? { synchronous_commit: 'off' } : {}),
  };
  const driver = { connect_timeout: CONNECT_TIMEOUT_SECONDS, onnotice: () => undefined, connection };
  const connectionsMax = options.maxConnections ?? 10;
  const { client, pool } = createPooledClient({ url, driver, connectionsMax, answerMs: statementTimeoutMs + ANSWER_MARGIN_MS, waitMs: options.waitMs ?? Infinity });
  const probes = new ConnectionPool({ url, driver: { ...driver, fetch_types: false }, connectionsMax: 1, answerMs: PROBE_ANSWER_MS, waitMs: PROBE_ANSWER_MS });
  const raw = connectPostgres(url, { ...driver, max: 1 });
  const probe = () => probes.use((held) => held.run((sql) => sql.unsafe('select 1'))).then(() => undefined);
  let watching: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  return {
    db: drizzle({ client, schema }),
    sql: raw,
    probe,
    countConnections: () => pool.counts(),
    hasSpare: () => {
      const { active, waiting } = pool.counts();
      return waiting === 0 && active * 2 <= connectionsMax;
    },
    cutSilent: () => pool.cutSilent(SILENT_MS),
    watchUntilClosed: () => {
      if (!closing) watching ??= setInterval(() => void probe().catch(() => pool.cutSilent(SILENT_MS)), WATCH_INTERVAL_MS);
    },
    close: () => {
      const ended = () => clearInterval(watching);
      return (closing ??= Promise.all([pool.close().finally(ended), probes.close(), raw.end({ timeout: 5 })]).then(() => undefined));
    },
  };
}
