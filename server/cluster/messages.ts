import { z } from 'zod';
import { HealthReport } from '#server/contracts/health.ts';
import { Parity } from '#server/contracts/parity.ts';
import { MetricSnapshot } from '#server/metrics/snapshot.ts';

/** What a web process must know that is not in its environment. */
export const WebBrief = z.object({
  databaseUrl: z.string(),
  port: z.number(),
  secret: z.string(),
  /** Null outside the sandbox. */
  sandbox: z
    .object({ openRouterBaseUrl: z.string(), openRouterApiKey: z.string(), openRouterManagementKey: z.string(), telegramControlUrl: z.string() })
    .nullable(),
});
export type WebBrief = z.infer<typeof WebBrief>;

/** What the main process knows of the installation's health; web processes answer from it. */
export const SharedHealth = z.object({
  /** False once the main process is stopping, or is not ready for a reason that holds for all. */
  isServing: z.boolean(),
  /** False once a loop of the main process does not go on: only a restart of all helps. */
  isLive: z.boolean(),
  report: HealthReport,
  /** The last comparison of counters with tables; null before the first. */
  parity: Parity.nullable(),
});
export type SharedHealth = z.infer<typeof SharedHealth>;

/** From the main process to a web process. */
export const ToWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('brief'), brief: WebBrief, health: SharedHealth }),
  z.object({ type: z.literal('health'), health: SharedHealth }),
  z.object({ type: z.literal('collect'), id: z.number() }),
  z.object({ type: z.literal('rendered'), id: z.number(), text: z.string().nullable() }),
  z.object({ type: z.literal('drain') }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

/** From a web process to the main process. */
export const FromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening') }),
  z.object({ type: z.literal('beat') }),
  /** All metrics, asked for. */
  z.object({ type: z.literal('collected'), id: z.number(), snapshot: MetricSnapshot }),
  /** Counters and histograms, told of without being asked. */
  z.object({ type: z.literal('lasting'), snapshot: MetricSnapshot }),
  z.object({ type: z.literal('render'), id: z.number() }),
  z.object({ type: z.literal('updates_stored') }),
]);
export type FromWorker = z.infer<typeof FromWorker>;
