import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Gauges named like counters, which `promtool check metrics` refuses. */
const MISNAMED_METRICS = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Node's own metrics, under their usual names. Once per registry. */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED_METRICS) registry.removeSingleMetric(name);
}
