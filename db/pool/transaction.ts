import postgres from 'postgres';
import { DatabaseUnavailable } from './database-unavailable.ts';
import type { PooledConnection } from './pooled-connection.ts';

type Ask = (shape: (client: postgres.Sql) => PromiseLike<unknown>) => Promise<unknown>;
type Savepoint<Client> = (work: (client: Client) => Promise<unknown>) => Promise<unknown>;

export interface TransactionClient<Client> {
  readonly connection: PooledConnection;
  /** Makes what the work gets to send its statements by. */
  readonly createClient: (ask: Ask, savepoint: Savepoint<Client>) => Client;
}

interface Words {
  readonly enter: string;
  /** Null: nothing needs to be said. */
  readonly leave: string | null;
  readonly undo: string;
}

/** SQLSTATE of every statement after a failed one: it says nothing of the failure itself. */
const ALREADY_FAILED = '25P02';

/**
 * Runs the work between `begin` and `commit` on one connection; when it, or one of its statements, fails, between `begin`
 * and `rollback`. What the work sends after its end, or after the connection was lost, is refused: it would belong to nothing.
 */
export function runInTransaction<Client>(parts: TransactionClient<Client>, work: (client: Client) => Promise<unknown>): Promise<unknown> {
  let savepointCount = 0;
  const runScope = async (words: Words, scoped: (client: Client) => Promise<unknown>): Promise<unknown> => {
    const { connection } = parts;
    const say = (text: string): Promise<unknown> => connection.run((client) => client.unsafe(text));
    let isOver = false;
    let failure: unknown = null;
    const ask: Ask = async (shape) => {
      if (isOver) throw new DatabaseUnavailable('CONNECTION_ENDED');
      return connection.run(shape).catch((error: unknown) => {
        failure ??= error;
        throw error;
      });
    };
    const savepoint: Savepoint<Client> = (inner) => {
      savepointCount += 1;
      const name = `s${savepointCount}`;
      return runScope({ enter: `savepoint ${name}`, leave: null, undo: `rollback to ${name}` }, inner);
    };
    await say(words.enter);
    try {
      const result = await scoped(parts.createClient(ask, savepoint));
      // Postgres answers a commit after a failed statement with a rollback, and without an error.
      if (failure !== null) throw failure;
      isOver = true;
      if (words.leave !== null) await say(words.leave);
      return result;
    } catch (error) {
      isOver = true;
      // A connection whose transaction cannot be ended must not be used by others.
      if (!connection.isLost) await say(words.undo).catch((undoing: unknown) => connection.lose(undoing));
      throw error instanceof postgres.PostgresError && error.code === ALREADY_FAILED ? (failure ?? error) : error;
    }
  };
  return runScope({ enter: 'begin', leave: 'commit', undo: 'rollback' }, work);
}
