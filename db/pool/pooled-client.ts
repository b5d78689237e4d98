import type postgres from 'postgres';
import { connectOnce } from '../connect.ts';
import { ConnectionPool, type ConnectionPoolOptions } from './connection-pool.ts';
import type { PooledConnection } from './pooled-connection.ts';
import { runInTransaction, type TransactionClient } from './transaction.ts';

/** The arguments of the driver's `unsafe`, by which drizzle sends every statement. */
export type Statement = Parameters<postgres.Sql['unsafe']>;

type Shape = (client: postgres.Sql) => PromiseLike<unknown>;

/**
 * One statement on whatever connection; rows as objects when awaited itself, as arrays when its `values` are. Either is
 * sent only when awaited, as the driver does it: statements that a transaction awaits together go in the order of its words.
 */
class PooledQuery implements PromiseLike<unknown> {
  readonly #ask: (shape: Shape) => Promise<unknown>;
  readonly #statement: Statement;
  readonly #shape: Shape;

  constructor(ask: (shape: Shape) => Promise<unknown>, statement: Statement, shape: Shape = (client) => client.unsafe(...statement)) {
    this.#ask = ask;
    this.#statement = statement;
    this.#shape = shape;
  }

  then<Ok = unknown, Failed = never>(onOk?: ((rows: unknown) => Ok | PromiseLike<Ok>) | null, onFailed?: ((error: unknown) => Failed | PromiseLike<Failed>) | null): Promise<Ok | Failed> {
    return this.#ask(this.#shape).then(onOk, onFailed);
  }

  values(): PooledQuery {
    return new PooledQuery(this.#ask, this.#statement, (client) => client.unsafe(...this.#statement).values());
  }
}

export interface PooledClient {
  /** What drizzle gets: it looks like the driver's client, and its statements go through the pool. */
  readonly client: postgres.Sql;
  readonly pool: ConnectionPool;
}

/** A pool behind the part of the driver's interface that drizzle uses: `unsafe`, `begin`, and in a transaction `savepoint`. */
export function createPooledClient(options: Omit<ConnectionPoolOptions, 'onOpened'>): PooledClient {
  // Never connects: it lends its type to ours, and its parsers, which drizzle changes, to every connection.
  const model = connectOnce(options.url, options.driver);
  const pool = new ConnectionPool({ ...options, onOpened: (connection) => connection.shareTypes(model.options) });
  const inTransaction = (connection: PooledConnection): TransactionClient<postgres.Sql> => ({
    createClient: (run, savepoint) => standIn(model, { unsafe: (...statement: Statement) => new PooledQuery(run, statement), savepoint }),
    connection,
  });
  const client = standIn(model, {
    unsafe: (...statement: Statement) => new PooledQuery((shape) => pool.use((connection) => connection.run(shape)), statement),
    begin: (work: (client: postgres.Sql) => Promise<unknown>) => pool.use((connection) => runInTransaction(inTransaction(connection), work)),
  });
  return { client, pool };
}

/** The model with some of its functions replaced. */
function standIn(model: postgres.Sql, replaced: Readonly<Record<string, unknown>>): postgres.Sql {
  return new Proxy(model, {
    get: (target, key): unknown => (typeof key === 'string' && Object.hasOwn(replaced, key) ? replaced[key] : Reflect.get(target, key)),
  });
}
