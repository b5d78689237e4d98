import { and, inArray, isNull, min, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiUsage } from '../schema/index.ts';

/** A half-open range of instants: from ≤ t < to. */
export interface InstantRange {
  readonly from: Date;
  readonly to: Date;
}

const count = (filter: SQL) => sql`count(*) filter (where ${filter})`.mapWith(Number);
const isStatus = (status: string) => sql`${aiUsage.status} = ${status}`;

/** Attempts of our own that are not settled, whenever they started, and the start of the oldest; an imported log is nobody's open business. */
export async function readUnsettled(executor: Executor) {
  const [row] = await executor
    .select({
      reservedCount: count(isStatus('reserved')),
      unknownCount: count(isStatus('unknown')),
      oldestStartedAt: min(aiUsage.startedAt),
    })
    .from(aiUsage)
    .where(and(inArray(aiUsage.status, ['reserved', 'unknown']), isNull(aiUsage.importedFrom)));
  return row ?? { reservedCount: 0, unknownCount: 0, oldestStartedAt: null };
}
