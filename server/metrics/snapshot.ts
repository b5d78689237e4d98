import { AggregatorRegistry, type Registry } from 'prom-client';
import { z } from 'zod';
import { METRIC_PREFIX } from './definition.ts';
import { METRIC_DEFINITIONS } from './definitions.ts';

/** Any number, those that JSON has no word for included. */
const AnyNumber = z.custom<number>((value) => typeof value === 'number');

/** The metrics of one process at one moment, as they travel to another one. */
export const MetricSnapshot = z.array(
  z.object({
    name: z.string(),
    help: z.string(),
    type: z.string(),
    aggregator: z.string(),
    values: z.array(z.object({ value: AnyNumber, labels: z.record(z.string(), z.union([z.string(), AnyNumber])), metricName: z.string().optional() })),
  }),
);
export type MetricSnapshot = z.infer<typeof MetricSnapshot>;

const LASTING_NAMES = METRIC_DEFINITIONS.filter(({ type }) => type !== 'gauge').map(({ name }) => METRIC_PREFIX + name);

/** Everything in a registry. Node's event-loop percentiles begin anew with each call. */
export async function takeSnapshot(registry: Registry): Promise<MetricSnapshot> {
  return MetricSnapshot.parse(await registry.getMetricsAsJSON());
}

/** What must outlive its process: our counters and histograms. Resets nothing. */
export async function takeLastingSnapshot(registry: Registry): Promise<MetricSnapshot> {
  const metrics = LASTING_NAMES.map((name) => registry.getSingleMetric(name)).filter((metric) => metric !== undefined);
  return MetricSnapshot.parse(await Promise.all(metrics.map((metric) => metric.get())));
}

/**
 * What stays of a process that has ended: its counters and histograms as last told, so that the sum over all processes never
 * falls; its gauges went with it. `newer` replaces what `older` says under the same name.
 */
export function keepLasting(older: MetricSnapshot, newer: MetricSnapshot): MetricSnapshot {
  const names = new Set(newer.map(({ name }) => name));
  return [...older.filter(({ name }) => !names.has(name)), ...newer].filter(({ type }) => type === 'counter' || type === 'histogram');
}

/** One snapshot of many: counters and histograms add up, each gauge is combined as its definition says. The first is the main process. */
export async function combineSnapshots(snapshots: readonly MetricSnapshot[]): Promise<MetricSnapshot> {
  return takeSnapshot(AggregatorRegistry.aggregate([...snapshots]));
}

/** The same as text 0.0.4. */
export async function renderSnapshots(snapshots: readonly MetricSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}
