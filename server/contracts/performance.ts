import { z } from 'zod';
import { Count } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';
import { HTTP_STATUS_CLASSES } from './vocabulary.ts';

/** What is timed: calls to the models, handlers of the bot, what a user waited for an answer, requests to the web site. */
export const LATENCY_FAMILIES = ['generation', 'interaction', 'update_age', 'http'] as const;
export const LatencyFamily = z.enum(LATENCY_FAMILIES, { error: `must be one of ${LATENCY_FAMILIES.join(', ')}` });
export type LatencyFamily = z.infer<typeof LatencyFamily>;
/** Of what the development over time is shown unless something else is asked for. */
export const DEFAULT_LATENCY_FAMILY: LatencyFamily = 'generation';

/** What can be picked out of a family, as URLs name it. */
export const LATENCY_KEYS = ['operation', 'model', 'handler'] as const;
export type LatencyKeyName = (typeof LATENCY_KEYS)[number];
const FAMILIES_OF_KEY: Record<LatencyKeyName, readonly LatencyFamily[]> = { operation: ['generation'], model: ['generation'], handler: ['interaction', 'http'] };

const NAME = /^[\w~/][\w.:/~@*?$-]{0,199}$/;
const Name = z.string().regex(NAME, { error: 'must be a name of at most 200 letters, digits and the signs . : / ~ @ - _ * ? $' });

/** A range, and whose development over time is shown: of a family, or of what it is narrowed to. */
export const PerformanceInput = RangeInput.safeExtend({
  family: LatencyFamily.optional(),
  operation: Name.optional(),
  model: Name.optional(),
  /** A feature of the bot, or a route template or procedure of the web site. */
  handler: Name.optional(),
}).superRefine((input, context) => {
  for (const key of LATENCY_KEYS) {
    const families = FAMILIES_OF_KEY[key];
    if (input[key] === undefined || families.includes(input.family ?? DEFAULT_LATENCY_FAMILY)) continue;
    context.addIssue({ code: 'custom', path: [key], message: `can only be given with the family ${families.join(' or ')}` });
  }
});
export type PerformanceInput = z.infer<typeof PerformanceInput>;

const Ms = z.number().nonnegative().nullable();

/** Percentiles of durations, within 3 %; null without any. */
export const Latency = z.object({ count: Count, p50Ms: Ms, p95Ms: Ms, p99Ms: Ms });
export type Latency = z.infer<typeof Latency>;

const Bucket = z.object({
  startsAt: z.iso.datetime(),
  /** Its time, or a part of it, is to come. */
  isUnfinished: z.boolean(),
});

/** Per minute of the time that has passed since anything is on record; null where there is none. */
const Rate = z.number().nonnegative().nullable();
const Throughput = z.object({
  /** Attempts at generations, by their start, however they ended. */
  generationCount: Count,
  generationsPerMinute: Rate,
  /** Updates that the bot handled to their end. */
  updateCount: Count,
  updatesPerMinute: Rate,
  /** Requests to the web site, by their end, in whole five minutes. */
  requestCount: Count,
  requestsPerMinute: Rate,
});
export type Throughput = z.infer<typeof Throughput>;

/** How fast things were in a range. Lists name the most used and hold the rest in a last entry whose names are null, so they add up to their family. */
export const PerformanceFigures = z.object({
  latencies: z.record(LatencyFamily, Latency),
  generations: z.array(Latency.extend({ operation: z.string().nullable(), model: z.string().nullable() })),
  handlers: z.array(Latency.extend({ handler: z.string().nullable() })),
  requests: z.array(Latency.extend({ handler: z.string().nullable() })),
  /** Every class of status, those without a request included. */
  requestsByStatus: z.array(z.object({ status: z.enum(HTTP_STATUS_CLASSES), count: Count })),
  /** What the development over time is of. */
  chosen: z.object({ family: LatencyFamily, operation: z.string().nullable(), model: z.string().nullable(), handler: z.string().nullable() }),
  /** Every bucket of the range, empty ones included. */
  overTime: z.array(Bucket.extend(Latency.shape)),
  throughput: Throughput,
  throughputOverTime: z.array(Bucket.extend(Throughput.shape)),
  /** Since when requests to the web site are on record; null: there are none. */
  requestsFrom: z.iso.datetime().nullable(),
});
export type PerformanceFigures = z.infer<typeof PerformanceFigures>;

/** The figures of a compared range; of requests to the web site they are null, and not listed, where it begins before those are on record. */
const ComparedLatency = Latency.extend({ count: Count.nullable() });
const ComparedThroughput = Throughput.extend({ requestCount: Count.nullable() });
const ComparedPerformance = PerformanceFigures.extend({
  latencies: z.record(LatencyFamily, ComparedLatency),
  overTime: z.array(Bucket.extend(ComparedLatency.shape)),
  throughput: ComparedThroughput,
  throughputOverTime: z.array(Bucket.extend(ComparedThroughput.shape)),
});
export type ComparedPerformance = z.infer<typeof ComparedPerformance>;

/** The performance of a range, and of the range that it is compared with. */
export const PerformanceReport = ReportHead.extend(PerformanceFigures.shape).extend({ compared: ComparedPerformance.nullable() });
export type PerformanceReport = z.infer<typeof PerformanceReport>;
