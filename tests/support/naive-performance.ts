import type postgres from 'postgres';
import { z } from 'zod';
import type { PerformanceInput, PerformanceReport } from '#server/contracts/performance.ts';
import type { NaiveRequest } from './performance-histories.ts';

const SLOT_MS = 300_000;

const UsageRow = z.object({ started_at: z.date(), operation: z.string(), model: z.string(), duration_ms: z.number().nullable() });
const InteractionRow = z.object({ at: z.date(), handler: z.string(), duration_ms: z.number(), update_age_ms: z.number() });

/** Something that took a time, under the names it is listed by. */
interface Timed {
  readonly atMs: number;
  readonly names: readonly string[];
  readonly ms: number | null;
}

export interface NaiveFacts {
  readonly generation: readonly Timed[];
  readonly interaction: readonly Timed[];
  readonly update_age: readonly Timed[];
  readonly http: readonly Timed[];
  readonly statuses: readonly { readonly atMs: number; readonly status: string }[];
}

/** All that happened, one by one, from plain reads of the tables. A request counts for the five minutes in which it ended, and for at least a millisecond. */
export async function readFacts(sql: postgres.Sql, requests: readonly NaiveRequest[]): Promise<NaiveFacts> {
  const usage = UsageRow.array().parse([...(await sql`select * from ai_usage`)]);
  const interactions = InteractionRow.array().parse([...(await sql`select * from interactions`)]);
  const startOfSlot = (at: Date) => Math.floor(at.getTime() / SLOT_MS) * SLOT_MS;
  return {
    generation: usage.map((row) => ({ atMs: row.started_at.getTime(), names: [row.operation, row.model], ms: row.duration_ms })),
    interaction: interactions.map((row) => ({ atMs: row.at.getTime(), names: [row.handler], ms: row.duration_ms })),
    update_age: interactions.map((row) => ({ atMs: row.at.getTime(), names: [], ms: row.update_age_ms })),
    http: requests.map(({ at, handler, durationMs }) => ({ atMs: startOfSlot(at), names: [handler], ms: durationMs === null ? null : Math.max(1, durationMs) })),
    statuses: requests.map(({ at, status }) => ({ atMs: startOfSlot(at), status })),
  };
}

/** The value at a share of the way through the sorted ones, between its two neighbours; null of none. */
function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

export function naiveLatency(facts: readonly Timed[]) {
  const values = facts.flatMap(({ ms }) => ms ?? []);
  return { count: values.length, p50Ms: percentile(values, 0.5), p95Ms: percentile(values, 0.95), p99Ms: percentile(values, 0.99) };
}

type Range = Pick<PerformanceReport, 'range'>['range'];

/** The instants of a range, in ms; of requests they are whole five minutes. */
export function spanOf({ from, to }: Pick<Range, 'from' | 'to'>, isHttp: boolean): { readonly fromMs: number; readonly toMs: number } {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  return isHttp ? { fromMs: fromMs - (fromMs % SLOT_MS), toMs: toMs + ((SLOT_MS - (toMs % SLOT_MS)) % SLOT_MS) } : { fromMs, toMs };
}

const within = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => ({ atMs }: { readonly atMs: number }) => atMs >= fromMs && atMs < toMs;

/** The parts of a family in a range by their names, as they come. */
function naiveList(facts: readonly Timed[]) {
  const timed = facts.filter(({ ms }) => ms !== null);
  return new Map([...Map.groupBy(timed, ({ names }) => names.join(' '))].map(([name, group]) => [name, naiveLatency(group)]));
}

/** Every figure of a report, counted one by one, for the buckets whose starts it told. */
export function recountPerformance(facts: NaiveFacts, input: PerformanceInput, range: Range, starts: readonly string[], now: Date) {
  const inRange = <Fact extends { readonly atMs: number }>(list: readonly Fact[], isHttp = false) => list.filter(within(spanOf(range, isHttp)));
  const family = input.family ?? 'generation';
  const wanted = [input.operation, input.model, input.handler].filter((name) => name !== undefined);
  const chosen = facts[family].filter(({ names }) => wanted.every((name) => names.includes(name)));
  const bucketSpan = (index: number, isHttp: boolean) => {
    const whole = spanOf(range, isHttp);
    const [start, end] = [starts[index], starts[index + 1]];
    return { fromMs: index === 0 ? whole.fromMs : Date.parse(start ?? ''), toMs: end === undefined ? whole.toMs : Date.parse(end) };
  };
  // What is known begins with the five minutes of the first record.
  const firstOf = (...lists: readonly (readonly { readonly atMs: number }[])[]) => Math.floor(Math.min(...lists.flat().map(({ atMs }) => atMs)) / SLOT_MS) * SLOT_MS;
  const [workFromMs, requestsFromMs] = [firstOf(facts.generation, facts.interaction), firstOf(facts.statuses)];
  const rate = (count: number, { fromMs, toMs }: { fromMs: number; toMs: number }, knownFromMs: number) => {
    const passedMs = Math.min(toMs, now.getTime()) - Math.max(fromMs, knownFromMs);
    return passedMs > 0 ? (60_000 * count) / passedMs : null;
  };
  const throughput = (spanFor: (isHttp: boolean) => { fromMs: number; toMs: number }) => {
    const count = (list: readonly { readonly atMs: number }[], isHttp: boolean) => list.filter(within(spanFor(isHttp))).length;
    const counts = { generationCount: count(facts.generation, false), updateCount: count(facts.interaction, false), requestCount: count(facts.statuses, true) };
    return {
      ...counts,
      generationsPerMinute: rate(counts.generationCount, spanFor(false), workFromMs),
      updatesPerMinute: rate(counts.updateCount, spanFor(false), workFromMs),
      requestsPerMinute: rate(counts.requestCount, spanFor(true), requestsFromMs),
    };
  };
  return {
    latencies: {
      generation: naiveLatency(inRange(facts.generation)),
      interaction: naiveLatency(inRange(facts.interaction)),
      update_age: naiveLatency(inRange(facts.update_age)),
      http: naiveLatency(inRange(facts.http, true)),
    },
    generations: naiveList(inRange(facts.generation)),
    handlers: naiveList(inRange(facts.interaction)),
    requests: naiveList(inRange(facts.http, true)),
    statuses: Map.groupBy(inRange(facts.statuses, true), ({ status }) => status),
    overTime: starts.map((_, index) => naiveLatency(chosen.filter(within(bucketSpan(index, family === 'http'))))),
    chosenCount: naiveLatency(inRange(chosen, family === 'http')).count,
    throughput: throughput((isHttp) => spanOf(range, isHttp)),
    throughputOverTime: starts.map((_, index) => throughput((isHttp) => bucketSpan(index, isHttp))),
  };
}
