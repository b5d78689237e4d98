import { describe, expect, it } from 'vitest';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import { UNMATCHED_HANDLER } from '#server/metrics/http.ts';
import { renderSamples, sampleMetrics } from './sample-metrics.ts';

describe('HTTP metrics', () => {
  it('count under the handler once it is declared, and under other before', async () => {
    const metrics = sampleMetrics();
    const request = { handler: '/login', method: 'GET', status: '2xx', durationMs: 20, requestSizeBytes: 0, responseSizeBytes: 512 } as const;
    metrics.http.recordFinished(request);
    metrics.http.declareHandlers(['/login']);
    metrics.http.recordFinished(request);
    metrics.http.recordFinished({ ...request, handler: UNMATCHED_HANDLER, status: '4xx', durationMs: null });
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_requests_total{handler="other",method="GET",status="2xx"}')).toBe('1');
    expect(samples.get('adtrobot_requests_total{handler="/login",method="GET",status="2xx"}')).toBe('1');
    expect(samples.get('adtrobot_requests_total{handler="/login",method="GET",status="5xx"}')).toBe('0');
    expect(samples.get('adtrobot_requests_total{handler="unmatched",method="GET",status="4xx"}')).toBe('1');
    expect(samples.get('adtrobot_request_duration_seconds_sum{handler="/login",method="GET"}')).toBe('0.02');
    expect(samples.get('adtrobot_request_duration_seconds_count{handler="unmatched",method="GET"}')).toBe('0');
    expect(samples.get('adtrobot_response_size_bytes_sum{handler="/login"}')).toBe('512');
  });

  it('come back to no request in progress, also when an end is told twice', async () => {
    const metrics = sampleMetrics();
    metrics.http.declareHandlers(['/login']);
    const end = metrics.http.recordStarted('/login', 'POST');
    metrics.http.recordStarted('/login', 'POST');
    end();
    end();
    expect((await renderSamples(metrics)).get('adtrobot_requests_in_progress{handler="/login",method="POST"}')).toBe('1');
  });
});

describe('bot metrics', () => {
  it('count a failed update by feature and by reason, and what the user waited', async () => {
    const metrics = sampleMetrics();
    metrics.bot.recordUpdate({ handler: 'tarot', outcome: 'failed', errorType: 'ai_failed', durationMs: 2_000, updateAgeMs: 3_500 });
    metrics.bot.recordUpdate({ handler: 'tarot', outcome: 'ok', errorType: null, durationMs: 1_000, updateAgeMs: -200 });
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_bot_updates_total{handler="tarot",outcome="failed"}')).toBe('1');
    expect(samples.get('adtrobot_errors_total{handler="tarot",error_type="ai_failed"}')).toBe('1');
    expect(samples.get('adtrobot_bot_update_duration_seconds_sum{handler="tarot"}')).toBe('3');
    expect(samples.get('adtrobot_bot_update_age_seconds_sum')).toBe('3.5');
  });
});

describe('Telegram metrics', () => {
  it('count each call, and methods that we never use as other', async () => {
    const metrics = sampleMetrics();
    metrics.telegram.recordRequest({ method: 'sendMessage', outcome: 'rate_limited', durationMs: 80 });
    metrics.telegram.recordRequest({ method: 'sendPoll', outcome: 'ok', durationMs: 80 });
    metrics.telegram.setPendingUpdates(4);
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_telegram_requests_total{method="sendMessage",outcome="rate_limited"}')).toBe('1');
    expect(samples.get('adtrobot_telegram_requests_total{method="other",outcome="ok"}')).toBe('1');
    expect(samples.get('adtrobot_telegram_pending_updates')).toBe('4');
  });
});

describe('retention metrics', () => {
  it('add up what went, part by part, and start at 0', async () => {
    const read = async (metrics: Metrics) => {
      const samples = await renderSamples(metrics);
      return [samples.get('adtrobot_retention_deleted_attempts_total'), samples.get('adtrobot_retention_dropped_partitions_total')];
    };
    expect(await read(sampleMetrics())).toEqual(['0', '0']);
    const metrics = sampleMetrics();
    metrics.retention.recordDeleted({ monthCount: 2, attemptCount: 0 });
    metrics.retention.recordDeleted({ monthCount: 0, attemptCount: 5_000 });
    metrics.retention.recordDeleted({ monthCount: 0, attemptCount: 12 });
    expect(await read(metrics)).toEqual(['5012', '2']);
  });
});

describe('scheduler and health metrics', () => {
  it('keep the time of the last success when a run fails, and count the failure as an error', async () => {
    const metrics = sampleMetrics();
    metrics.scheduler.recordRun({ schedule: 'refresh_prices', outcome: 'ok', finishedAt: new Date(1_700_000_000_000) });
    metrics.scheduler.recordRun({ schedule: 'refresh_prices', outcome: 'failed', finishedAt: new Date(1_800_000_000_000) });
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_scheduler_last_success_timestamp_seconds{schedule="refresh_prices"}')).toBe('1700000000');
    expect(samples.get('adtrobot_errors_total{handler="refresh_prices",error_type="internal"}')).toBe('1');
  });

  it.each([
    ['healthy', '1', '1'],
    ['unhealthy', '0', '1'],
    ['disabled', '-1', '0'],
  ] as const)('show a check that is %s as %s', async (state, value, observed) => {
    const metrics = sampleMetrics();
    metrics.health.recordSample({ check: 'telegram', state, latencyMs: 120 });
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_health_check_status{check="telegram"}')).toBe(value);
    expect(samples.get('adtrobot_health_check_duration_seconds_count{check="telegram"}')).toBe(observed);
  });
});
