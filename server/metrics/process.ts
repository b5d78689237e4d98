import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** Gauges named like counters, which `promtool check metrics` refuses. */
const MISNAMED_METRICS = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];
/** prom-client leaves it out where several processes are combined; the start of the main one is the start of all. */
const START_TIME = { name: 'process_start_time_seconds', help: 'Start time of the process since unix epoch in seconds.' };

/** Node's own metrics, under their usual names. Once per registry. */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of [...MISNAMED_METRICS, START_TIME.name]) registry.removeSingleMetric(name);
  new Gauge({ ...START_TIME, registers: [registry], aggregator: 'first' }).set(Math.round(performance.timeOrigin / 1_000));
}
