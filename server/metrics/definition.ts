import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric of ours carries it; Node's own keep their names. */
export const METRIC_PREFIX = 'adtrobot_';

/** A closed list of values, or `configured`: closed when the registry is made or the routes are known, never later. */
export type LabelValues = readonly string[] | 'configured';

/** One metric as README documents it and as the registry creates it. */
export interface MetricDefinition<Label extends string = string> {
  /** Without the prefix. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: 'count' | 'ratio' | 'seconds' | 'bytes' | 'dollars' | 'tokens' | 'unix seconds' | 'state' | 'info';
  readonly labels: Readonly<Record<Label, LabelValues>>;
  /** Of a gauge: how the values of several processes become one. Counters and histograms add up. */
  readonly combine?: 'sum' | 'max' | 'first';
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

function options<Label extends string>(registry: Registry, definition: MetricDefinition<Label>) {
  return {
    name: METRIC_PREFIX + definition.name,
    help: definition.help,
    labelNames: Object.keys(definition.labels) as Label[],
    registers: [registry],
    aggregator: definition.combine ?? 'sum',
  };
}

/** Registers a counter. `collect` runs at each render and must only use memory. */
export function createCounter<Label extends string>(
  registry: Registry,
  definition: MetricDefinition<Label>,
  collect?: (this: Counter<Label>) => void,
): Counter<Label> {
  return new Counter<Label>({ ...options(registry, definition), ...(collect ? { collect } : {}) });
}

/** Registers a gauge. `collect` runs at each render and must only use memory. */
export function createGauge<Label extends string>(
  registry: Registry,
  definition: MetricDefinition<Label>,
  collect?: (this: Gauge<Label>) => void,
): Gauge<Label> {
  return new Gauge<Label>({ ...options(registry, definition), ...(collect ? { collect } : {}) });
}

/** What prom-client is told of a histogram. */
export function histogramOptions<Label extends string>(registry: Registry, definition: MetricDefinition<Label>) {
  return { ...options(registry, definition), buckets: [...(definition.buckets ?? [])] };
}

export function createHistogram<Label extends string>(registry: Registry, definition: MetricDefinition<Label>): Histogram<Label> {
  return new Histogram<Label>(histogramOptions(registry, definition));
}
