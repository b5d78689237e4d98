import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkerMetrics, type WorkerMetrics } from '#server/cluster/worker-metrics.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import { parseSamples, sampleMetrics } from '../metrics/sample-metrics.ts';

const HANDLER = '/login';
const SERIES = `adtrobot_requests_total{handler="${HANDLER}",method="GET",status="2xx"}`;

function processMetrics(): Metrics {
  const metrics = sampleMetrics();
  metrics.http.declareHandlers([HANDLER]);
  return metrics;
}

function answer(metrics: Metrics, count = 1): void {
  for (let index = 0; index < count; index += 1) {
    metrics.http.recordFinished({ handler: HANDLER, method: 'GET', status: '2xx', durationMs: 7, requestSizeBytes: 0, responseSizeBytes: 900 });
  }
}

async function page(all: WorkerMetrics, main: Metrics): Promise<Map<string, string>> {
  return parseSamples(await all.render(await main.snapshot()));
}

describe('the metrics of several processes', () => {
  it('adds up counters and histograms of all processes', async () => {
    const [main, one, other] = [processMetrics(), processMetrics(), processMetrics()];
    const all = createWorkerMetrics();
    answer(main, 1);
    answer(one, 2);
    answer(other, 4);
    all.noteCollected(1, await one.snapshot());
    all.noteCollected(2, await other.snapshot());
    const samples = await page(all, main);
    expect(samples.get(SERIES)).toBe('7');
    expect(samples.get(`adtrobot_request_duration_seconds_count{handler="${HANDLER}",method="GET"}`)).toBe('7');
    expect(samples.get(`adtrobot_request_duration_seconds_bucket{le="+Inf",handler="${HANDLER}",method="GET"}`)).toBe('7');
  });

  it('keeps the cost of the main process to the last digit', async () => {
    const [main, one] = [processMetrics(), processMetrics()];
    main.ai.recordGeneration({ operation: 'horoscope', model: 'a/b', status: 'settled', durationMs: 1, usage: null, costUsd: '0.100000000003', costSource: 'billed' });
    const all = createWorkerMetrics();
    all.noteCollected(1, await one.snapshot());
    expect((await page(all, main)).get('adtrobot_ai_cost_dollars_total{operation="horoscope",model="other"}')).toBe('0.100000000003');
  });

  it('combines each gauge as its definition says', async () => {
    const [main, one] = [processMetrics(), processMetrics()];
    main.activity.setActiveUsers({ '24h': 5, '7d': 6, '30d': 7 });
    main.pool.observePool(() => ({ active: 1, idle: 2, waiting: 0 }));
    one.pool.observePool(() => ({ active: 3, idle: 4, waiting: 5 }));
    main.http.recordStarted(HANDLER, 'GET');
    one.http.recordStarted(HANDLER, 'GET');
    const all = createWorkerMetrics();
    all.noteCollected(1, await one.snapshot());
    const samples = await page(all, main);
    expect(samples.get('adtrobot_active_users{period="24h"}')).toBe('5');
    expect(samples.get('adtrobot_db_pool_connections{state="active"}')).toBe('4');
    expect(samples.get('adtrobot_db_pool_connections{state="waiting"}')).toBe('5');
    expect(samples.get(`adtrobot_requests_in_progress{handler="${HANDLER}",method="GET"}`)).toBe('2');
    expect(samples.get('adtrobot_build_info{version="1.2.3",commit="abc",node="v24.21.0"}')).toBe('1');
    expect(Number(samples.get('process_start_time_seconds'))).toBeCloseTo(performance.timeOrigin / 1_000, -1);
  });

  it('draws nothing for a gauge that no process has read', async () => {
    const all = createWorkerMetrics();
    all.noteCollected(1, await processMetrics().snapshot());
    const names = [...(await page(all, processMetrics())).keys()];
    expect(names.filter((name) => /^adtrobot_(active_users|queue_depth|parity_difference|health_check_status)\b/.test(name))).toEqual([]);
  });

  it('prefers what was told last, whichever way it came', async () => {
    const [main, one] = [processMetrics(), processMetrics()];
    const all = createWorkerMetrics();
    answer(one);
    all.noteCollected(1, await one.snapshot());
    answer(one);
    all.noteLasting(1, await one.lastingSnapshot());
    expect((await page(all, main)).get(SERIES)).toBe('2');
    answer(one);
    all.noteCollected(1, await one.snapshot());
    expect((await page(all, main)).get(SERIES)).toBe('3');
  });

  it('keeps the counters of a process that has ended, and forgets its gauges', async () => {
    const [main, one] = [processMetrics(), processMetrics()];
    const all = createWorkerMetrics();
    answer(one, 3);
    one.http.recordStarted(HANDLER, 'GET');
    all.noteCollected(1, await one.snapshot());
    all.retire(1);
    const samples = await page(all, main);
    expect(samples.get(SERIES)).toBe('3');
    expect(samples.get(`adtrobot_requests_in_progress{handler="${HANDLER}",method="GET"}`)).toBe('0');
    expect(Number(samples.get('process_cpu_user_seconds_total'))).toBeGreaterThan(0);
  });

  it('passes over a process that ended before it told anything', async () => {
    const main = processMetrics();
    answer(main);
    const all = createWorkerMetrics();
    all.retire(9);
    expect((await page(all, main)).get(SERIES)).toBe('1');
  });

  it('never lets the sum fall or miss a request, whatever the order of requests, tellings and ends', async () => {
    const step = fc.record({ worker: fc.integer({ min: 1, max: 3 }), what: fc.constantFrom('answer', 'collect', 'tell', 'end', 'render') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const main = processMetrics();
        const all = createWorkerMetrics();
        const living = new Map<number, Metrics>();
        const told = new Map<number, number>();
        let [answered, highest] = [0, 0];
        for (const { worker, what } of steps) {
          const metrics = living.get(worker) ?? processMetrics();
          living.set(worker, metrics);
          if (what === 'answer') {
            answer(metrics);
            told.set(worker, (told.get(worker) ?? 0) + 1);
          } else if (what === 'collect') all.noteCollected(worker, await metrics.snapshot());
          else if (what === 'tell') all.noteLasting(worker, await metrics.lastingSnapshot());
          else if (what === 'end') {
            all.noteLasting(worker, await metrics.lastingSnapshot());
            all.retire(worker);
            living.delete(worker);
            answered += told.get(worker) ?? 0;
            told.delete(worker);
          } else {
            const sum = Number((await page(all, main)).get(SERIES));
            expect(sum).toBeGreaterThanOrEqual(highest);
            highest = sum;
          }
        }
        for (const [worker, metrics] of living) all.noteCollected(worker, await metrics.snapshot());
        const open = [...told.values()].reduce((sum, count) => sum + count, 0);
        expect((await page(all, main)).get(SERIES)).toBe(String(answered + open));
      }),
      { numRuns: 25 },
    );
  });
});
