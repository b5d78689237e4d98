import type postgres from 'postgres';
import { ConnectionPool } from './pool/connection-pool.ts';
import type { PooledConnection } from './pool/pooled-connection.ts';

const CONNECTIONS_MAX = 2;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Postgres itself ends a statement in time; this much later nothing is to be hoped from it. */
const ANSWER_MARGIN_MS = 2_000;
const WAIT_MS = 10_000;

/** Runs SQL as the job queue writes it: `$1` placeholders, or scripts of several statements with their own transaction. */
export interface QueueClient {
  /** Rejects in bounded time, whatever becomes of Postgres. */
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Passes on what is a string already: the queue makes its own JSON and its own instants. */
const asGiven = {
  json: { to: 114, from: [114, 3802], serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)), parse: (text: string): unknown => JSON.parse(text) },
  date: { to: 1184, from: [1082, 1114, 1184], serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : String(value)), parse: (text: string) => new Date(text) },
};

/**
 * A small pool for the job queue, on the one driver that this program has. Nothing in it lives longer than a transaction, so
 * it works behind a pooler too. Connects on first use.
 */
export function openQueueClient(url: string): QueueClient {
  const connection = { application_name: 'adtrobot-queue', statement_timeout: STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: 10_000 };
  const driver = { connect_timeout: 3, prepare: false, onnotice: () => undefined, types: asGiven, connection };
  const pool = new ConnectionPool({ url, driver, connectionsMax: CONNECTIONS_MAX, answerMs: STATEMENT_TIMEOUT_MS + ANSWER_MARGIN_MS, waitMs: WAIT_MS });
  return {
    executeSql: async (text, values = []) => ({ rows: rowsOf(await pool.use((held) => (values.length > 0 ? runStatement(held, text, values) : runScript(held, text)))) }),
    close: () => pool.close(),
  };
}

function runStatement(held: PooledConnection, text: string, values: readonly unknown[]): Promise<unknown[]> {
  // The driver takes what has a serializer, which is all that the queue binds.
  const parameters = values.map((value) => value ?? null) as postgres.ParameterOrJSON<never>[];
  return held.run((client) => client.unsafe(text, parameters));
}

/** One that failed leaves no open transaction behind. */
async function runScript(held: PooledConnection, text: string): Promise<unknown[]> {
  try {
    return await held.run((client) => client.unsafe(text));
  } catch (error) {
    if (!held.isLost) await held.run((client) => client.unsafe('rollback')).catch((undoing: unknown) => held.lose(undoing));
    throw error;
  }
}

/** A script answers with one list of rows per statement. */
function rowsOf(result: readonly unknown[]): unknown[] {
  return result.some(Array.isArray) ? result.flat() : [...result];
}
