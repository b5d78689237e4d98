import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { z } from 'zod';

/*
 * Counts every figure of the overview anew from the raw rows and prints them as JSON, to be held against what the pages, the API and the
 * exports say. It knows the tables and nothing else of the program:
 *
 *   node tests/scan/overview.ts --database postgres://… --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z --zone Europe/Moscow --now …
 *
 * The rows stream through, so that a ledger of any length takes little memory. Percentiles are exact.
 */
const { values } = parseArgs({
  options: { database: { type: 'string' }, host: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, zone: { type: 'string', default: 'UTC' }, now: { type: 'string' } },
});
const { database, host, from, to, zone, now } = z
  .object({ database: z.string(), host: z.string().optional(), from: z.coerce.date(), to: z.coerce.date(), zone: z.string(), now: z.coerce.date() })
  .parse({ ...values, now: values.now ?? values.to });

const PLACES = 12;
const ROWS_PER_READ = 5_000;
const HOUR_MS = 3_600_000;
const pico = (usd: unknown) => (typeof usd === 'string' ? BigInt(usd.replace('.', '')) : 0n);
const dollars = (amount: bigint) => {
  const digits = amount.toString().padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
};
const average = (amount: bigint, count: number) => (count === 0 ? null : dollars((2n * amount + BigInt(count)) / (2n * BigInt(count))));
const percentile95 = (durations: number[]) => {
  const sorted = durations.sort((a, b) => a - b);
  const rank = 0.95 * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (rank - Math.floor(rank));
};
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

class Sums {
  costUsd = 0n;
  count = 0;
  settled = 0;
  failed = 0;
  tokens = 0;
  add(row: postgres.Row): void {
    this.costUsd += pico(row['cost_usd']);
    this.count += 1;
    this.settled += row['status'] === 'settled' ? 1 : 0;
    this.failed += row['error_type'] === null ? 0 : 1;
    this.tokens += Number(row['prompt_tokens'] ?? 0) + Number(row['completion_tokens'] ?? 0);
  }
}

const sql = postgres(database, { max: 1, ...(host === undefined ? {} : { path: host }) });
const paying = new Set((await sql`select user_id from payments where refunded_at is null and paid_at < ${to} and period_ends_at > ${from}`).map((row) => Number(row['user_id'])));

const total = new Sums();
const [bySource, byStatus, byOperation, byDay] = [new Map<string, bigint>(), new Map<string, number>(), new Map<string, Sums>(), new Map<string, Sums>()];
const tokens = { prompt: 0, completion: 0, cachedPrompt: 0, reasoning: 0 };
const generationMs: number[] = [];
let [attributedUsd, payingUsd] = [0n, 0n];
const sumsOf = (map: Map<string, Sums>, key: string) => map.get(key) ?? map.set(key, new Sums()).get(key) ?? new Sums();
for await (const rows of sql`select * from ai_usage where started_at >= ${from} and started_at < ${to}`.cursor(ROWS_PER_READ)) {
  for (const row of rows) {
    total.add(row);
    sumsOf(byOperation, String(row['operation'])).add(row);
    sumsOf(byDay, dayFormat.format(z.date().parse(row['started_at']))).add(row);
    bySource.set(String(row['cost_source']), (bySource.get(String(row['cost_source'])) ?? 0n) + pico(row['cost_usd']));
    byStatus.set(String(row['status']), (byStatus.get(String(row['status'])) ?? 0) + 1);
    tokens.prompt += Number(row['prompt_tokens'] ?? 0);
    tokens.completion += Number(row['completion_tokens'] ?? 0);
    tokens.cachedPrompt += Number(row['cached_prompt_tokens'] ?? 0);
    tokens.reasoning += Number(row['reasoning_tokens'] ?? 0);
    if (row['duration_ms'] !== null) generationMs.push(Number(row['duration_ms']));
    if (row['user_id'] !== null) attributedUsd += pico(row['cost_usd']);
    if (row['user_id'] !== null && paying.has(Number(row['user_id']))) payingUsd += pico(row['cost_usd']);
  }
}

const windows = { dau: new Set<number>(), wau: new Set<number>(), mau: new Set<number>() };
const WINDOW_HOURS = { dau: 24, wau: 168, mau: 720 };
const active = new Set<number>();
const handledMs: number[] = [];
let failedCount = 0;
const earliest = new Date(Math.min(from.getTime(), now.getTime() - WINDOW_HOURS.mau * HOUR_MS));
for await (const rows of sql`select * from interactions where at >= ${earliest}`.cursor(ROWS_PER_READ)) {
  for (const row of rows) {
    const [at, userId, isUse] = [z.date().parse(row['at']), Number(row['user_id']), row['handler'] !== 'chat_member'];
    for (const name of ['dau', 'wau', 'mau'] as const) if (isUse && at <= now && at.getTime() > now.getTime() - WINDOW_HOURS[name] * HOUR_MS) windows[name].add(userId);
    if (at < from || at >= to) continue;
    handledMs.push(Number(row['duration_ms']));
    failedCount += row['outcome'] === 'failed' ? 1 : 0;
    if (isUse) active.add(userId);
  }
}
await sql.end();

const payingUserCount = [...active].filter((userId) => paying.has(userId)).length;
const statusOf = (status: string) => byStatus.get(status) ?? 0;
const sourceOf = (source: string) => dollars(bySource.get(source) ?? 0n);
const figures = {
  activeUsers: { dau: windows.dau.size, wau: windows.wau.size, mau: windows.mau.size },
  cost: {
    totalUsd: dollars(total.costUsd), billedUsd: sourceOf('billed'), lookupUsd: sourceOf('lookup'), estimatedUsd: sourceOf('estimated'), averageUsd: average(total.costUsd, total.settled),
    perActiveUserUsd: average(attributedUsd, active.size), perPayingUserUsd: average(payingUsd, payingUserCount), activeUserCount: active.size, payingUserCount,
  },
  generations: { totalCount: total.count, settledCount: statusOf('settled'), voidCount: statusOf('void'), reservedCount: statusOf('reserved'), unknownCount: statusOf('unknown') },
  tokens: { ...tokens, total: tokens.prompt + tokens.completion },
  costByDay: [...byDay].sort().map(([day, sums]) => ({ day, costUsd: dollars(sums.costUsd), generationCount: sums.count })),
  costByOperation: [...byOperation].sort().map(([operation, sums]) => ({
    operation, costUsd: dollars(sums.costUsd), generationCount: sums.count, failedCount: sums.failed, tokenCount: sums.tokens, averageUsd: average(sums.costUsd, sums.settled),
  })),
  interactions: { totalCount: handledMs.length, failedCount, errorRatio: handledMs.length === 0 ? null : failedCount / handledMs.length, p95Ms: percentile95(handledMs) },
  generationP95Ms: percentile95(generationMs),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
