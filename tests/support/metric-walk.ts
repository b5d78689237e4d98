import { METRIC_PREFIX, type MetricDefinition } from '#server/metrics/definition.ts';

/** One sample of a text exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The values of labels that are closed only by the configuration, by label; a pattern where ids are given at run time. */
export type ConfiguredValues = Readonly<Record<string, readonly string[] | RegExp>>;

const SAMPLE_LINE = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/i;
const LABEL = /([a-z_]\w*)="((?:[^"\\]|\\.)*)"/gi;
const HISTOGRAM_PARTS = ['_bucket', '_sum', '_count'];

/** The samples of a text exposition 0.0.4. */
export function readSamples(text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name, labels = '', value] = SAMPLE_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', written = '']) => [label, written.replace(/\\(["\\])/g, '$1')]);
    return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
  });
}

function samplesOf({ name, type }: MetricDefinition, samples: readonly Sample[]): Sample[] {
  const names = type === 'histogram' ? HISTOGRAM_PARTS.map((part) => METRIC_PREFIX + name + part) : [METRIC_PREFIX + name];
  return samples.filter((sample) => names.includes(sample.name));
}

/** The metrics that nothing has moved: counters and histograms without a single event, gauges without a value. */
export function findUnmoved(definitions: readonly MetricDefinition[], samples: readonly Sample[]): string[] {
  const isMoved = (definition: MetricDefinition): boolean => {
    const own = samplesOf(definition, samples);
    if (definition.type === 'gauge') return own.length > 0;
    return own.some(({ name, value }) => value > 0 && (definition.type === 'counter' || name.endsWith('_count')));
  };
  return definitions.filter((definition) => !isMoved(definition)).map(({ name }) => METRIC_PREFIX + name);
}

/** What is exposed and not defined: a metric, a label, or a value of a label outside its closed list. */
export function findForeign(definitions: readonly MetricDefinition[], samples: readonly Sample[], configured: ConfiguredValues): string[] {
  const known = definitions.flatMap((definition) => samplesOf(definition, samples).map((sample) => ({ sample, definition })));
  const defined = new Set(known.map(({ sample }) => sample));
  const strangers = samples.filter((sample) => sample.name.startsWith(METRIC_PREFIX) && !defined.has(sample)).map(({ name }) => name);
  const values = known.flatMap(({ sample, definition }) => {
    const labels = Object.entries(sample.labels).filter(([label]) => label !== 'le' || definition.type !== 'histogram');
    return labels.filter(([label, value]) => !isListed(definition.labels[label], configured[label], value)).map(([label, value]) => `${sample.name}{${label}="${value}"}`);
  });
  return [...new Set([...strangers, ...values])];
}

function isListed(closed: MetricDefinition['labels'][string] | undefined, configured: readonly string[] | RegExp | undefined, value: string): boolean {
  const list = closed === 'configured' ? configured : closed;
  return list instanceof RegExp ? list.test(value) : (list?.includes(value) ?? false);
}
