import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { modelPrices } from '#db/schema/index.ts';
import type { ModelListing } from '#server/ai/types.ts';
import { compareUsd } from '#server/lib/money.ts';

/**
 * Appends the prices that differ from what is on record, valid from `at`; history is kept. Returns how many changed.
 * One statement, so that two replicas that refresh at once do no harm.
 */
export async function recordPrices(executor: Executor, listings: readonly ModelListing[], at: Date): Promise<number> {
  if (listings.length === 0) return 0;
  const latest = await executor
    .selectDistinctOn([modelPrices.model])
    .from(modelPrices)
    .orderBy(modelPrices.model, sql`${modelPrices.validFrom} desc`);
  const known = new Map(latest.map((price) => [price.model, price]));
  const changed = listings.filter((listing) => !isSamePrice(known.get(listing.model), listing));
  if (changed.length === 0) return 0;
  await executor
    .insert(modelPrices)
    .values(changed.map((listing) => ({ ...listing, validFrom: at })))
    .onConflictDoNothing();
  return changed.length;
}

function isSamePrice(known: typeof modelPrices.$inferSelect | undefined, listing: ModelListing): boolean {
  if (!known) return false;
  const same = (a: string | null, b: string | null) => (a === null || b === null ? a === b : compareUsd(a, b) === 0);
  return (
    same(known.promptUsd, listing.promptUsd) &&
    same(known.completionUsd, listing.completionUsd) &&
    same(known.requestUsd, listing.requestUsd) &&
    same(known.cachedPromptUsd, listing.cachedPromptUsd)
  );
}
