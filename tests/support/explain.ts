import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Executor } from '#db/client.ts';
import { READER_SETTINGS } from '#db/snapshot.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly 'Actual Rows'?: number | undefined;
  readonly 'Actual Loops'?: number | undefined;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly Plans?: readonly Plan[] | undefined;
}

const Plan: z.ZodType<Plan> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number().optional(),
  'Actual Loops': z.number().optional(),
  'Rows Removed by Filter': z.number().optional(),
  Plans: z.lazy(() => z.array(Plan)).optional(),
});

/** How a statement read one table. */
export interface TableRead {
  readonly table: string;
  readonly by: string;
  /** Rows that were looked at, found or not. */
  readonly rows: number;
}

/** A database that notes the statements which reports send by `execute`, within transactions too. */
function recordStatements(db: Database, statements: SQL[]): Database {
  const wrap = <Target extends Executor>(target: Target): Target =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        if (key === 'execute') {
          return (statement: SQL) => {
            statements.push(statement);
            return object.execute(statement);
          };
        }
        if (key === 'transaction') {
          return (work: (tx: Executor) => Promise<unknown>, options?: Parameters<Database['transaction']>[1]) => db.transaction((tx) => work(wrap(tx)), options);
        }
        return typeof value === 'function' ? value.bind(object) : value;
      },
    });
  return wrap(db);
}

/** Has a report read, then Postgres tell how it carries out each of the statements: every table that was read, and how. */
export async function explainReads(db: Database, read: (db: Database) => Promise<unknown>): Promise<TableRead[]> {
  const statements: SQL[] = [];
  await read(recordStatements(db, statements));
  const reads: TableRead[] = [];
  await db.transaction(async (tx) => {
    await tx.execute(sql`select ${READER_SETTINGS}`);
    for (const statement of statements) {
      const [row] = await tx.execute(sql`explain (analyze, format json) ${statement}`);
      const [plan] = z.array(z.object({ Plan })).parse(row?.['QUERY PLAN']);
      if (plan) collect(plan.Plan, reads);
    }
  });
  return reads;
}

function collect(plan: Plan, reads: TableRead[]): void {
  const loops = plan['Actual Loops'] ?? 0;
  const table = plan['Relation Name'];
  if (table !== undefined && loops > 0) {
    reads.push({ table, by: plan['Node Type'], rows: Math.round(((plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0)) * loops) });
  }
  for (const child of plan.Plans ?? []) collect(child, reads);
}
