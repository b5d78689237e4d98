import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { METRIC_PREFIX } from '#server/metrics/definition.ts';
import { METRIC_DEFINITIONS } from '#server/metrics/definitions.ts';
import { parseSamples, renderSamples, sampleMetrics, MODEL } from './sample-metrics.ts';

describe('createMetrics', () => {
  it('passes promtool check metrics without a word, before and after use', async () => {
    const used = sampleMetrics();
    used.ai.recordGeneration({ operation: 'tarot_card', model: MODEL, status: 'settled', durationMs: 900, usage: null, costUsd: '0.00000001', costSource: 'billed' });
    used.ai.setUnsettled({ reservedCount: 1, unknownCount: 0, oldestStartedAt: new Date(0) });
    used.health.recordSample({ check: 'database', state: 'healthy', latencyMs: 3 });
    used.activity.setActiveUsers({ '24h': 1, '7d': 2, '30d': 3 });
    used.drift.setLedgerDrift('-0.000000000001');
    used.refresh.recordRefreshed(new Date(0));
    used.http.declareHandlers(['/login', '/health/:check', 'trpc.overview.get']);
    for (const metrics of [sampleMetrics(), used]) {
      const { body } = await metrics.render(null);
      const result = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
      expect(result.error, 'promtool must be on the PATH: apt-get install --no-install-recommends prometheus').toBeUndefined();
      expect(result.stdout + result.stderr).toBe('');
      expect(result.status).toBe(0);
    }
  });

  it('registers exactly the metrics that are defined, each with its help and its type', async () => {
    const { body } = await sampleMetrics().render(null);
    const types = [...body.matchAll(/^# TYPE (adtrobot_\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(types.sort()).toEqual(METRIC_DEFINITIONS.map(({ name, type }) => `${METRIC_PREFIX}${name} ${type}`).sort());
    for (const { name, help } of METRIC_DEFINITIONS) expect(body).toContain(`# HELP ${METRIC_PREFIX}${name} ${help}`);
  });

  it('starts every label that is known in advance at 0', async () => {
    const samples = await renderSamples(sampleMetrics());
    expect(samples.get(`adtrobot_ai_requests_total{operation="natal_chart",model="${MODEL}",status="void"}`)).toBe('0');
    expect(samples.get(`adtrobot_ai_cost_dollars_total{operation="horoscope",model="${MODEL}"}`)).toBe('0');
    expect(samples.get('adtrobot_bot_updates_total{handler="tarot",outcome="failed"}')).toBe('0');
    expect(samples.get('adtrobot_scheduler_runs_total{schedule="refresh_prices",outcome="failed"}')).toBe('0');
    expect(samples.get('adtrobot_errors_total{handler="start",error_type="ai_failed"}')).toBe('0');
    expect(samples.get('adtrobot_ai_request_duration_seconds_count{operation="horoscope",model="google/gemini-2.5-flash"}')).toBe('0');
  });

  it('draws nothing for what was never read: unknown is not 0', async () => {
    const samples = await renderSamples(sampleMetrics());
    const names = [...samples.keys()].join('\n');
    for (const name of ['active_users', 'telegram_pending_updates', 'ai_unsettled', 'ai_unsettled_age_seconds', 'ai_ledger_drift_dollars', 'health_check_status', 'scheduler_last_success_timestamp_seconds', 'refresh_timestamp_seconds']) {
      expect(names).not.toMatch(new RegExp(`^adtrobot_${name}(\\{|$)`, 'm'));
    }
  });

  it('says which program runs', async () => {
    expect((await renderSamples(sampleMetrics())).get('adtrobot_build_info{version="1.2.3",commit="abc",node="v24.21.0"}')).toBe('1');
  });

  it('keeps the names of Node and shares nothing between two registries', async () => {
    const [one, other] = [sampleMetrics(), sampleMetrics()];
    one.scheduler.recordRun({ schedule: 'refresh_prices', outcome: 'ok', finishedAt: new Date(5_000) });
    expect((await renderSamples(one)).get('adtrobot_scheduler_last_success_timestamp_seconds{schedule="refresh_prices"}')).toBe('5');
    const { body } = await other.render(null);
    expect(body).not.toContain('last_success_timestamp_seconds{');
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  it('folds poison of any kind into other, so that the number of series stands still', async () => {
    const seriesAfterPoison = async (doses: number) => {
      const metrics = sampleMetrics();
      for (let index = 0; index < doses; index += 1) {
        const text = `x${index}"\n\\`;
        metrics.http.recordFinished({ handler: text, method: text, status: '2xx', durationMs: 1, requestSizeBytes: 1, responseSizeBytes: 1 });
        metrics.http.recordStarted(text, text)();
        metrics.errors.recordError(text, text);
        metrics.bot.recordUpdate({ handler: text, outcome: 'failed', errorType: text, durationMs: 1, updateAgeMs: -5 });
        metrics.telegram.recordRequest({ method: text, outcome: 'ok', durationMs: 1 });
        metrics.ai.recordGeneration({ operation: text, model: text, status: 'settled', durationMs: 1, usage: null, costUsd: '1', costSource: 'billed' });
        metrics.scheduler.recordRun({ schedule: text, outcome: 'failed', finishedAt: new Date(0) });
      }
      return [...(await renderSamples(metrics)).keys()].filter((name) => name.startsWith('adtrobot_'));
    };
    const series = await seriesAfterPoison(1_000);
    expect(series).toEqual(await seriesAfterPoison(1));
    expect(series.filter((name) => name.includes('x1'))).toEqual([]);
  });

  it('uses only label values of the closed lists', async () => {
    const metrics = sampleMetrics();
    metrics.telegram.recordRequest({ method: 'sendPoll', outcome: 'ok', durationMs: 1 });
    metrics.ai.recordGeneration({ operation: 'x', model: 'x', status: 'void', durationMs: 1, usage: null, costUsd: null, costSource: 'none' });
    metrics.errors.recordError('start', 'x');
    const { body } = await metrics.render(null);
    const definitions = new Map(METRIC_DEFINITIONS.map((definition) => [METRIC_PREFIX + definition.name, definition]));
    let checked = 0;
    for (const sample of parseSamples(body).keys()) {
      const definition = definitions.get((sample.split('{')[0] ?? '').replace(/_(bucket|sum|count)$/, ''));
      if (!definition) continue;
      for (const [, label = '', value = ''] of sample.matchAll(/(\w+)="([^"]*)"/g)) {
        const values = label === 'le' ? 'configured' : definition.labels[label];
        expect(values, `${sample} has a label that is not defined`).toBeDefined();
        if (values !== 'configured') expect(values).toContain(value);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(500);
  });
});
