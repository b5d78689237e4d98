import { Histogram, type Registry } from 'prom-client';
import { histogramOptions, METRIC_PREFIX, type MetricDefinition } from './definition.ts';

/** One combination of label values, counted without a look-up. */
export interface HistogramSeries {
  observe(value: number): void;
}

type Labels = Readonly<Record<string, string>>;

class Series implements HistogramSeries {
  readonly labels: Labels;
  /** Values up to each bound and above the one before it; the last: above all. */
  readonly counts: number[];
  readonly #bounds: readonly number[];
  sum = 0;

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** What is no number is not counted. */
  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += value;
  }
}

/**
 * A histogram whose series are kept by those who count: prom-client makes a key of all label values for each value that is
 * observed, which costs more than all else that is done for a request.
 */
export class SeriesHistogram extends Histogram {
  readonly #definition: MetricDefinition;
  readonly #series: Series[] = [];
  readonly #bounds: readonly number[];

  constructor(registry: Registry, definition: MetricDefinition) {
    super(histogramOptions(registry, definition));
    this.#definition = definition;
    this.#bounds = definition.buckets ?? [];
  }

  /** Begins a series at 0. To be called once for each combination of label values. */
  startSeries(labels: Labels): HistogramSeries {
    const series = new Series(labels, this.#bounds);
    this.#series.push(series);
    return series;
  }

  /** What prom-client reads all of its histograms by, for text and for snapshots alike; in the place of its own. */
  getForPromString() {
    const { name, help, type, combine = 'sum' } = this.#definition;
    const values = this.#series.flatMap((series) => this.#valuesOf(METRIC_PREFIX + name, series));
    return Promise.resolve({ name: METRIC_PREFIX + name, help, type, aggregator: combine, values });
  }

  #valuesOf(name: string, { labels: sharedLabels, counts, sum }: Series) {
    const bucket = `${name}_bucket`;
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      return { metricName: bucket, labels: { le: this.#bounds[index] ?? '+Inf' }, sharedLabels, value: total };
    });
    return [...buckets, { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sum }, { metricName: `${name}_count`, labels: {}, sharedLabels, value: total }];
  }
}
