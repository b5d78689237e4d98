import { and, gt, gte, lt, lte, max, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { interactions } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

const HOUR_MS = 3_600_000;
/** Whoever blocks or unblocks the bot does not use it. */
const isUse = sql`${interactions.handler} <> 'chat_member'`;

/** Users who did something themselves in (now − w, now], for w = 24 h, 7 × 24 h and 30 × 24 h. */
export async function countActiveUsers(executor: Executor, now: Date) {
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
  // One pass by user, then three counts: `count(distinct …)` would sort all interactions for each window.
  const lastSeen = executor
    .select({ at: max(interactions.at).as('last_seen_at') })
    .from(interactions)
    .where(and(gt(interactions.at, hoursAgo(30 * 24)), lte(interactions.at, now), isUse))
    .groupBy(interactions.userId)
    .as('last_seen');
  const activeSince = (hours: number) => sql`count(*) filter (where ${lastSeen.at} > ${hoursAgo(hours).toISOString()}::timestamptz)`.mapWith(Number);
  const [row] = await executor.select({ dau: activeSince(24), wau: activeSince(7 * 24), mau: sql`count(*)`.mapWith(Number) }).from(lastSeen);
  return row ?? { dau: 0, wau: 0, mau: 0 };
}

/** Interactions of a range: how many, how many failed, by how many users, and the 95th percentile of their duration. */
export async function summarizeInteractions(executor: Executor, { from, to }: InstantRange) {
  const [row] = await executor
    .select({
      totalCount: sql`count(*)`.mapWith(Number),
      failedCount: sql`count(*) filter (where ${interactions.outcome} = 'failed')`.mapWith(Number),
      userCount: sql`count(distinct ${interactions.userId}) filter (where ${isUse})`.mapWith(Number),
      p95Ms: sql<number | null>`percentile_cont(0.95) within group (order by ${interactions.durationMs})`,
    })
    .from(interactions)
    .where(and(gte(interactions.at, from), lt(interactions.at, to)));
  return row ?? { totalCount: 0, failedCount: 0, userCount: 0, p95Ms: null };
}
