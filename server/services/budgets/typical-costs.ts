import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import type { TypicalCostOf } from './effects.ts';

/** The latest generations that say what one costs. */
const SAMPLE_SIZE = 1_000;

const Row = z.object({ operation: z.string(), model: z.string(), average_usd: z.string() });

/** What each operation cost lately with each model, by the latest settled generations. One bounded query. */
export async function readTypicalCosts(executor: Executor): Promise<TypicalCostOf> {
  const rows = await executor.execute(sql`
    select operation, model, round(avg(cost_usd), 12)::text as average_usd
    from (select operation, model, cost_usd from ai_usage where status = 'settled' order by started_at desc limit ${SAMPLE_SIZE}) latest
    group by 1, 2`);
  const byKey = new Map(z.array(Row).parse([...rows]).map((row) => [`${row.operation} ${row.model}`, row.average_usd]));
  return (operation, model) => byKey.get(`${operation} ${model}`) ?? null;
}
