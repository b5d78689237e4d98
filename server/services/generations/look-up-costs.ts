import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { aiUsage } from '#db/schema/index.ts';
import { describeError } from '#server/errors.ts';
import { correctCost } from './correct-cost.ts';
import { settleUnknown } from './settle-unknown.ts';
import type { GenerationDeps, ResolvedCost } from './types.ts';

export interface LookupDeps extends Pick<GenerationDeps, 'db' | 'llm' | 'clock' | 'logger' | 'reportingTimeZone' | 'processId'> {
  readonly onCostResolved: (resolved: ResolvedCost) => void;
}

/** Rows looked up by one call. */
const LOOKUPS_MAX = 20;
/** A process that died in the middle of a look-up delays it by no more. */
const CLAIM_MS = 60_000;
const SECOND_MS = 1_000;
const DELAY_MAX_MS = 3_600_000;
/** The provider's record appears within minutes; who has not found it after a day never will. */
const LOOKUP_AGE_MAX_MS = 24 * 3_600_000;

const Due = z.object({
  request_id: z.string(),
  generation_id: z.string(),
  status: z.enum(['unknown', 'settled', 'reserved', 'void']),
  lookup_count: z.coerce.number(),
  finished_at: z.coerce.date(),
});

/**
 * Asks the provider for costs that are not known yet, or only estimated, and that are due: settles the unknown, corrects
 * the estimated. What the provider does not know yet is asked for again, less and less often, for a day. Any number of
 * processes may do so at once. Returns how many were asked for.
 */
export async function lookUpCosts(deps: LookupDeps): Promise<number> {
  const { db, llm, clock, logger } = deps;
  if (!llm) return 0;
  const now = clock.now();
  const claimed = await db.execute(sql`
    update ai_usage set next_lookup_at = ${new Date(now.getTime() + CLAIM_MS).toISOString()}::timestamptz, lookup_count = lookup_count + 1
    where request_id in (
      select request_id from ai_usage where next_lookup_at <= ${now.toISOString()}::timestamptz and generation_id is not null
      order by next_lookup_at limit ${LOOKUPS_MAX} for update skip locked)
    returning request_id, generation_id, status, lookup_count, coalesce(finished_at, started_at) as finished_at`);
  const due = z.array(Due).parse([...claimed]);
  for (const row of due) {
    await lookUpOne(deps, row).catch((error: unknown) => logger.error({ requestId: row.request_id, cause: describeError(error) }, 'cost could not be looked up'));
  }
  return due.length;
}

async function lookUpOne(deps: LookupDeps, row: z.infer<typeof Due>): Promise<void> {
  const { db, llm, clock, logger, reportingTimeZone = 'UTC', processId } = deps;
  const found = await llm?.findGeneration(row.generation_id);
  const requestId = row.request_id;
  if (found?.kind !== 'found') {
    if (found?.kind === 'failed') logger.warn({ requestId, detail: found.detail }, 'cost could not be looked up');
    return postpone(deps, row);
  }
  const told = { requestId, at: clock.now(), reportingTimeZone, processId };
  const resolved = row.status === 'settled' ? await correctCost(db, { ...told, costUsd: found.costUsd, source: 'lookup' }) : await settleUnknown(db, { ...told, found });
  // At once: what is committed must be counted, whatever becomes of the rest.
  if (resolved) deps.onCostResolved(resolved);
  await db.update(aiUsage).set({ nextLookupAt: null }).where(eq(aiUsage.requestId, requestId));
}

/** 1, 2, 4, 8, 16 … seconds after each other, at most an hour, for a day. */
async function postpone({ db, clock }: LookupDeps, row: z.infer<typeof Due>): Promise<void> {
  const now = clock.now().getTime();
  const delayMs = Math.min(SECOND_MS * 2 ** row.lookup_count, DELAY_MAX_MS);
  const isHopeless = now + delayMs > row.finished_at.getTime() + LOOKUP_AGE_MAX_MS;
  await db
    .update(aiUsage)
    .set({ nextLookupAt: isHopeless ? null : new Date(now + delayMs) })
    .where(eq(aiUsage.requestId, row.request_id));
}
