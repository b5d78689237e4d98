import { sql, type SQL } from 'drizzle-orm';
import type { Database, Executor, Transaction } from './client.ts';

const READ_ONLY = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;
/**
 * For the reader's transaction alone. Compiling costs a hundred times what statements over rollups take, starting workers ten times. How
 * many rows of a span there are can only be guessed, too high by far, and what is guessed not to fit is sorted before it is summed.
 */
export const READER_SETTINGS = sql`set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '16MB', true)`;

/**
 * Reads in one snapshot. Where `hasSpare` says that a second connection is free, it takes statements off the same list, in the same
 * snapshot (as `pg_dump --jobs` does it), so that what is asked for at once is answered by two. Nobody waits for the second one:
 * until it is there, and where it never is, the first does everything. Only what goes by `execute` is shared.
 */
export function inSnapshot<Result>(db: Database, read: (executor: Executor) => Promise<Result>, hasSpare: () => boolean = () => false): Promise<Result> {
  return db.transaction(async (tx) => {
    const shared = hasSpare() ? sql`, pg_export_snapshot() as snapshot` : sql``;
    const [row] = await tx.execute<{ snapshot?: string }>(sql`select ${READER_SETTINGS}${shared}`);
    return row?.snapshot === undefined ? read(tx) : readTogether(db, tx, row.snapshot, read);
  }, READ_ONLY);
}

async function readTogether<Result>(db: Database, tx: Transaction, snapshot: string, read: (executor: Executor) => Promise<Result>): Promise<Result> {
  const statements = createStatementList();
  const over = Promise.withResolvers<void>();
  let isOver = false;
  const help = async (other: Transaction): Promise<void> => {
    if (isOver) return;
    await other.execute(sql.raw(`set transaction snapshot '${snapshot}'`));
    await other.execute(sql`select ${READER_SETTINGS}`);
    statements.serve(other);
    await over.promise;
  };
  // What fails there has failed for whoever asked; a connection that cannot be had only leaves all to the first.
  void db.transaction(help, READ_ONLY).catch(() => undefined);
  statements.serve(tx);
  try {
    return await read(sharing(tx, statements.execute));
  } finally {
    isOver = true;
    over.resolve();
  }
}

/** A list of statements, and whoever serves them: each takes the next one when it is through with the one before. */
function createStatementList() {
  const waiting: ((by: Transaction) => Promise<void>)[] = [];
  const idle = new Set<Transaction>();
  const serve = async (by: Transaction): Promise<void> => {
    idle.delete(by);
    for (let ask = waiting.shift(); ask; ask = waiting.shift()) await ask(by);
    idle.add(by);
  };
  return {
    serve: (by: Transaction): void => void serve(by),
    execute: (statement: SQL): Promise<unknown> =>
      new Promise((resolve, reject) => {
        // Within `then`, so that a statement which cannot be written down fails for whoever asked, and not for whoever serves.
        waiting.push((by) => Promise.resolve().then(() => by.execute(statement)).then(resolve, reject));
        const [free] = idle;
        if (free) void serve(free);
      }),
  };
}

/** The transaction, but for statements that go to the list. */
function sharing(tx: Transaction, execute: (statement: SQL) => Promise<unknown>): Executor {
  return new Proxy(tx, { get: (target, key): unknown => (key === 'execute' ? execute : Reflect.get(target, key, target)) });
}
