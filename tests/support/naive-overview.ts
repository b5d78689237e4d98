import type postgres from 'postgres';
import { z } from 'zod';
import type { Overview } from '#server/contracts/overview.ts';

const PICO_PLACES = 12;
const DAY_MS = 86_400_000;

const Id = z.coerce.number();
const UsageRow = z.object({
  user_id: Id.nullable(), operation: z.string(), status: z.string(), cost_usd: z.string().nullable(), cost_source: z.string(), started_at: z.date(),
  error_type: z.string().nullable(), duration_ms: z.number().nullable(), prompt_tokens: z.number().nullable(), completion_tokens: z.number().nullable(),
  cached_prompt_tokens: z.number().nullable(), reasoning_tokens: z.number().nullable(),
});
const InteractionRow = z.object({ user_id: Id, at: z.date(), outcome: z.string(), duration_ms: z.number() });
const PaymentRow = z.object({ user_id: Id, paid_at: z.date(), period_ends_at: z.date(), refunded_at: z.date().nullable() });
type UsageRow = z.infer<typeof UsageRow>;
type InteractionRow = z.infer<typeof InteractionRow>;

export interface NaiveRange {
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
}

/** Dollars as the ledger prints them, in whole millionths of a millionth. */
export const toPico = (usd: string): bigint => BigInt(usd.replace('.', ''));

export function fromPico(pico: bigint): string {
  const digits = pico.toString().padStart(PICO_PLACES + 1, '0');
  return `${digits.slice(0, -PICO_PLACES)}.${digits.slice(-PICO_PLACES)}`;
}

const average = (pico: bigint, count: number) => (count === 0 ? null : fromPico((2n * pico + BigInt(count)) / (2n * BigInt(count))));
const add = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
const costOf = (rows: readonly UsageRow[]) => add(rows.map((row) => (row.cost_usd === null ? 0n : toPico(row.cost_usd))));
const countDifferent = (rows: readonly { readonly user_id: number }[]) => new Set(rows.map((row) => row.user_id)).size;

/** The 95th percentile between the two values that are next to it; null of none. */
export function percentile95(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = 0.95 * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

/** The overview's figures, counted row by row in whole numbers from plain reads of the tables: as slow as it is simple. */
export async function recountOverview(sql: postgres.Sql, range: NaiveRange) {
  const isInRange = (at: Date) => at >= range.from && at < range.to;
  const allUsage = UsageRow.array().parse([...(await sql`select * from ai_usage`)]);
  const allInteractions = InteractionRow.array().parse([...(await sql`select * from interactions`)]);
  const payments = PaymentRow.array().parse([...(await sql`select * from payments`)]);
  const usage = allUsage.filter((row) => isInRange(row.started_at));
  const interactions = allInteractions.filter((row) => isInRange(row.at));
  const overlaps = payments.filter((row) => row.refunded_at === null && row.paid_at < range.to && row.period_ends_at > range.from);
  const paying = new Set(overlaps.map((row) => row.user_id));
  const failedCount = interactions.filter((row) => row.outcome === 'failed').length;
  return {
    activeUsers: countActive(allInteractions, range.now),
    cost: recountCost(usage, interactions, paying),
    generations: recountStatuses(usage),
    tokens: recountTokens(usage),
    interactions: {
      totalCount: interactions.length,
      failedCount,
      errorRatio: interactions.length === 0 ? null : failedCount / interactions.length,
      p95Ms: percentile95(interactions.map((row) => row.duration_ms)),
    },
    generationP95Ms: percentile95(usage.flatMap((row) => row.duration_ms ?? [])),
    costByOperation: recountOperations(usage),
    usage,
  };
}

function countActive(interactions: readonly InteractionRow[], now: Date) {
  const within = (days: number) => countDifferent(interactions.filter(({ at }) => at <= now && at.getTime() > now.getTime() - days * DAY_MS));
  return { dau: within(1), wau: within(7), mau: within(30) };
}

function recountCost(usage: readonly UsageRow[], interactions: readonly InteractionRow[], paying: ReadonlySet<number>): Overview['cost'] {
  const ofSource = (source: string) => fromPico(costOf(usage.filter((row) => row.cost_source === source)));
  const activeUserCount = countDifferent(interactions);
  const payingUserCount = countDifferent(interactions.filter((row) => paying.has(row.user_id)));
  return {
    totalUsd: fromPico(costOf(usage)),
    billedUsd: ofSource('billed'),
    lookupUsd: ofSource('lookup'),
    estimatedUsd: ofSource('estimated'),
    averageUsd: average(costOf(usage), usage.filter((row) => row.status === 'settled').length),
    perActiveUserUsd: average(costOf(usage.filter((row) => row.user_id !== null)), activeUserCount),
    perPayingUserUsd: average(costOf(usage.filter((row) => row.user_id !== null && paying.has(row.user_id))), payingUserCount),
    activeUserCount,
    payingUserCount,
  };
}

function recountStatuses(usage: readonly UsageRow[]): Overview['generations'] {
  const ofStatus = (status: string) => usage.filter((row) => row.status === status).length;
  return {
    totalCount: usage.length,
    settledCount: ofStatus('settled'),
    voidCount: ofStatus('void'),
    reservedCount: ofStatus('reserved'),
    unknownCount: ofStatus('unknown'),
  };
}

function recountTokens(usage: readonly UsageRow[]): Overview['tokens'] {
  const sum = (pick: (row: UsageRow) => number | null) => usage.reduce((total, row) => total + (pick(row) ?? 0), 0);
  const [prompt, completion] = [sum((row) => row.prompt_tokens), sum((row) => row.completion_tokens)];
  const [cachedPrompt, reasoning] = [sum((row) => row.cached_prompt_tokens), sum((row) => row.reasoning_tokens)];
  return { prompt, completion, cachedPrompt, reasoning, total: prompt + completion };
}

function recountOperations(usage: readonly UsageRow[]): Record<string, Omit<Overview['costByOperation'][number], 'operation'>> {
  const byOperation = Map.groupBy(usage, (row) => row.operation);
  const entries = [...byOperation].map(([operation, rows]) => {
    const tokens = recountTokens(rows);
    const counts = { generationCount: rows.length, failedCount: rows.filter((row) => row.error_type !== null).length, tokenCount: tokens.total };
    return [operation, { costUsd: fromPico(costOf(rows)), ...counts, averageUsd: average(costOf(rows), recountStatuses(rows).settledCount) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Cost and attempts by the local hour or day in which they started, named as the zone's own calendar names it. */
export function recountByLocalTime(usage: readonly UsageRow[], nameOf: (at: Date) => string): ReadonlyMap<string, { costUsd: string; generationCount: number }> {
  const byName = Map.groupBy(usage, (row) => nameOf(row.started_at));
  return new Map([...byName].map(([name, rows]) => [name, { costUsd: fromPico(costOf(rows)), generationCount: rows.length }]));
}
