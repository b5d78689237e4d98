import type { Executor } from '#db/client.ts';
import { budgets } from '#db/schema/index.ts';

/** Whether there is or ever was a budget. */
export async function hasBudgets(executor: Executor): Promise<boolean> {
  return (await executor.select({ id: budgets.id }).from(budgets).limit(1)).length > 0;
}
