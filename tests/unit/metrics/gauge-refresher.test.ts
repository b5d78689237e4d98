import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#server/lib/logger.ts';
import { createGaugeRefresher, type GaugeReadings } from '#server/metrics/gauge-refresher.ts';
import { renderSamples, sampleMetrics } from './sample-metrics.ts';

const READINGS: GaugeReadings = {
  activeUsers: { '24h': 3, '7d': 8, '30d': 21 },
  pendingUpdateCount: 2,
  unsettled: { reservedCount: 1, unknownCount: 0, oldestStartedAt: null },
  ledgerDriftUsd: '-0.25',
  budgetRatios: [{ budgetId: 7, ratio: 0.5 }],
  queueDepths: { inbox: { pending: 2, active: 1, failed: 4, completed: 90 }, deliver_alerts: { pending: 0, active: 0, failed: 0, completed: 0 } },
};

function start(read: () => Promise<GaugeReadings>) {
  const metrics = sampleMetrics();
  const clock = { now: () => new Date(1_700_000_000_000) };
  const refresher = createGaugeRefresher({ metrics, read, intervalMs: 1_000, clock, logger: createLogger('silent') });
  refresher.start();
  return { metrics, refresher };
}

describe('createGaugeRefresher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('fills the gauges at once and says when', async () => {
    const { metrics, refresher } = start(() => Promise.resolve(READINGS));
    await refresher.stop();
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_active_users{period="30d"}')).toBe('21');
    expect(samples.get('adtrobot_telegram_pending_updates')).toBe('2');
    expect(samples.get('adtrobot_ai_unsettled{status="reserved"}')).toBe('1');
    expect(samples.get('adtrobot_ai_ledger_drift_dollars')).toBe('-0.25');
    expect(samples.get('adtrobot_budget_spent_ratio{budget="7"}')).toBe('0.5');
    expect(samples.get('adtrobot_queue_depth{queue="inbox",status="completed"}')).toBe('90');
    expect(samples.get('adtrobot_refresh_timestamp_seconds{gauge="active_users"}')).toBe('1700000000');
  });

  it('never reads at a scrape, and never twice at a time', async () => {
    let reads = 0;
    let finish: (readings: GaugeReadings) => void = () => undefined;
    const { metrics, refresher } = start(() => {
      reads += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    refresher.start();
    await metrics.render(null);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toBe(1);
    finish(READINGS);
    await vi.advanceTimersByTimeAsync(999);
    expect(reads).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(reads).toBe(2);
    finish(READINGS);
    await refresher.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps the last values and their time when a reading fails, and goes on', async () => {
    let reads = 0;
    const { metrics, refresher } = start(() => {
      reads += 1;
      return reads === 2 ? Promise.reject(new Error('database gone')) : Promise.resolve({ ...READINGS, pendingUpdateCount: reads });
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reads).toBe(2);
    expect((await renderSamples(metrics)).get('adtrobot_telegram_pending_updates')).toBe('1');
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await renderSamples(metrics)).get('adtrobot_telegram_pending_updates')).toBe('3');
    await refresher.stop();
  });
});
