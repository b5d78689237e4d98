import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import { type RunningAt, runningAccounts } from './running-accounts.ts';

const Row = z.object({ budget_id: z.coerce.number(), ratio: z.coerce.number() });

/** What each active budget has committed of its limit, 0 to 1 and beyond; of a budget for each user that of the user with the most. */
export async function readRatios(executor: Executor, at: RunningAt): Promise<readonly { readonly budgetId: number; readonly ratio: number }[]> {
  const rows = await executor.execute(sql`
    with ${runningAccounts(at)}
    select r.id as budget_id, coalesce(max(a.committed_usd), 0) / r.limit_usd as ratio
    from running r left join accounts a on a.budget_id = r.id
    group by r.id, r.limit_usd
    order by r.id`);
  return z.array(Row).parse([...rows]).map(({ budget_id: budgetId, ratio }) => ({ budgetId, ratio }));
}
