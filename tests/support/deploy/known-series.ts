import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { METRIC_PREFIX, type LabelValues } from '#server/metrics/definition.ts';
import { METRIC_DEFINITIONS } from '#server/metrics/definitions.ts';
import { sampleMetrics } from '#tests/unit/metrics/sample-metrics.ts';
import type { Query, Selector } from './promql.ts';
import { readRules } from './rules.ts';

/** What every series of a scrape carries. */
const TARGET_LABELS = ['job', 'instance'];
/** Made by Prometheus itself. */
const OWN_OF_PROMETHEUS: Readonly<Record<string, readonly string[]>> = { up: [], ALERTS: ['alertname', 'alertstate', 'severity'] };

/** Printed only after the first collection of garbage. */
const LATE_OF_NODE: readonly (readonly [string, Labels])[] = ['bucket', 'sum', 'count'].map((part) => [`nodejs_gc_duration_seconds_${part}`, anyValue(['kind'])]);

/** By label, its values. */
type Labels = Readonly<Record<string, LabelValues>>;

/** What may be asked for, by the name of its series. */
export type KnownSeries = ReadonlyMap<string, Labels>;

/** A label named like one of the target is renamed by Prometheus, whose own wins. */
const exported = (label: string) => (TARGET_LABELS.includes(label) ? `exported_${label}` : label);

function anyValue(labels: readonly string[]): Labels {
  return Object.fromEntries([...TARGET_LABELS, ...labels].map((label) => [label, 'configured' as const]));
}

function seriesOf({ name, type, labels }: (typeof METRIC_DEFINITIONS)[number]): readonly (readonly [string, Labels])[] {
  const own = Object.entries(labels).map(([label, values]) => [exported(label), label === 'schedule' ? SCHEDULE_NAMES : values] as const);
  const all: Labels = { ...anyValue([]), ...Object.fromEntries(own) };
  const full = METRIC_PREFIX + name;
  if (type !== 'histogram') return [[full, all]];
  return [[`${full}_bucket`, { ...all, le: 'configured' }], [`${full}_sum`, all], [`${full}_count`, all]];
}

/** Metrics of ours by their definitions, those of Node as they are printed, rules by their level, and Prometheus' own. */
export async function listKnownSeries(): Promise<KnownSeries> {
  const { body } = await sampleMetrics().render(null);
  const ofNode = [...body.matchAll(/^((?:process|nodejs)_\w+)(?:\{([^}]*)\})? /gm)].map(
    ([, name = '', labels = '']) => [name, anyValue([...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label))] as const,
  );
  const recorded = readRules().recordings.map(({ record }) => [record, recordedLabels(record)] as const);
  const ofPrometheus = Object.entries(OWN_OF_PROMETHEUS).map(([name, labels]) => [name, anyValue(labels)] as const);
  return new Map([...METRIC_DEFINITIONS.flatMap(seriesOf), ...ofNode, ...LATE_OF_NODE, ...recorded, ...ofPrometheus]);
}

/** The level of `level:metric:operations` names the labels that are kept. */
function recordedLabels(record: string): Labels {
  const [level = ''] = record.split(':');
  return Object.fromEntries(level.split('_').map((label) => [label, label === 'schedule' ? SCHEDULE_NAMES : ('configured' as const)]));
}

function findSelectorFaults({ metric, matchers }: Selector, known: KnownSeries): readonly string[] {
  const labels = known.get(metric);
  if (!labels) return [`no series is named ${metric}`];
  return matchers.flatMap(({ label, operator, value }) => {
    const values = labels[label];
    if (!values) return [`${metric} has no label ${label}`];
    if (values === 'configured') return [];
    const asked = operator.endsWith('~') ? value.split('|') : [value];
    return asked.filter((one) => !values.includes(one)).map((one) => `${metric} has no ${label}="${one}"`);
  });
}

/** Names, labels and label values that a query asks for and that nothing exports; `labels` are used elsewhere, such as in a legend. */
export function findUnknown(query: Query, known: KnownSeries, labels: readonly string[] = []): readonly string[] {
  const carried = new Set(query.selectors.flatMap(({ metric }) => Object.keys(known.get(metric) ?? {})));
  const strange = [...query.groupedLabels, ...labels].filter((label) => !carried.has(label)).map((label) => `none of its series has the label ${label}`);
  return [...query.selectors.flatMap((selector) => findSelectorFaults(selector, known)), ...strange];
}

/** The metric of ours behind a series: a histogram has three. */
export function metricOf(series: string): string {
  return METRIC_DEFINITIONS.map(({ name }) => METRIC_PREFIX + name).find((name) => new RegExp(`^${name}(_bucket|_sum|_count)?$`).test(series)) ?? series;
}
