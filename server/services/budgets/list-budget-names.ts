import type { Executor } from '#db/client.ts';
import { budgets } from '#db/schema/index.ts';

/** The names of all budgets that are or ever were. */
export async function listBudgetNames(executor: Executor): Promise<ReadonlySet<string>> {
  return new Set((await executor.select({ name: budgets.name }).from(budgets)).map(({ name }) => name));
}
