import type { HealthCheckName } from '#server/contracts/vocabulary.ts';
import { FRESH_MS } from './fresh.ts';
import type { HealthSample, SampledMinute } from './types.ts';

const MINUTE_MS = 60_000;
/** What is kept of a check while Postgres takes nothing: a day. */
const MINUTES_MAX = 1_440;

export interface SampleBook {
  /** Notes a sample that was taken now. */
  add(sample: HealthSample, atMs: number): void;
  /** All that was noted since the last time. */
  take(): SampledMinute[];
}

/**
 * Turns samples into time per state and minute: a sample stands for the time since the one before it, up to the limit
 * from which it would not be believed any more. The first one stands for no time.
 */
export function createSampleBook(): SampleBook {
  const lastAtMs = new Map<HealthCheckName, number>();
  const minutes = new Map<HealthCheckName, Map<number, SampledMinute>>();

  const minuteOf = (check: HealthCheckName, atMs: number): SampledMinute => {
    const own = minutes.get(check) ?? new Map<number, SampledMinute>();
    minutes.set(check, own);
    const minuteAt = atMs - (atMs % MINUTE_MS);
    const minute = own.get(minuteAt) ?? { check, minuteAt, healthyMs: 0, unhealthyMs: 0, disabledMs: 0, sampleCount: 0, latencySumMs: 0, latencyMaxMs: 0 };
    own.set(minuteAt, minute);
    const [oldest] = own.keys();
    if (own.size > MINUTES_MAX && oldest !== undefined) own.delete(oldest);
    return minute;
  };

  return {
    add(sample, atMs) {
      const { check, state } = sample;
      const sinceMs = Math.max(lastAtMs.get(check) ?? atMs, atMs - FRESH_MS[check]);
      lastAtMs.set(check, atMs);
      for (let fromMs = sinceMs; fromMs < atMs; ) {
        const minute = minuteOf(check, fromMs);
        const toMs = Math.min(minute.minuteAt + MINUTE_MS, atMs);
        minute[`${state}Ms`] += toMs - fromMs;
        fromMs = toMs;
      }
      if (state === 'disabled') return;
      const minute = minuteOf(check, atMs);
      const latencyMs = Math.round(sample.latencyMs);
      minute.sampleCount += 1;
      minute.latencySumMs += latencyMs;
      minute.latencyMaxMs = Math.max(minute.latencyMaxMs, latencyMs);
    },
    take() {
      const taken = [...minutes.values()].flatMap((own) => [...own.values()]);
      minutes.clear();
      return taken;
    },
  };
}
