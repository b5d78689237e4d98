import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';

export const EXPOSITION_METRICS = {
  // Not `exposition_age_seconds`: an instant stays true however late it is read.
  rendered: {
    name: 'rendered_timestamp_seconds',
    type: 'gauge',
    help: 'When this exposition was rendered: at most a second ago, longer while the main loop does not answer.',
    unit: 'unix seconds',
    labels: {},
    combine: 'max',
  },
} as const;

/** Every rendering carries its own time. `nowMs` is wall time in milliseconds. */
export function registerRenderedTimestamp(registry: Registry, nowMs: () => number): void {
  createGauge(registry, EXPOSITION_METRICS.rendered, function collect() {
    this.set(nowMs() / 1_000);
  });
}
