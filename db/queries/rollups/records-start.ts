import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';

/** The start of the oldest five minutes with a request to the web site, or with a run of a schedule or job, on record; null where there are none. */
export async function findRecordsStart(executor: Executor, kind: 'http' | 'job'): Promise<Date | null> {
  const table = (suffix: string) => sql.identifier(`${kind}_${suffix}`);
  const [row] = await executor.execute<{ ms: string | null }>(sql`
    select extract(epoch from least((select min(starts_at) from ${table('rollups')} where level = 0), (select rollup_slot(min(at)) from ${table('deltas')}))) * 1000 as ms`);
  return row?.ms == null ? null : new Date(Number(row.ms));
}
