import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { METRIC_PREFIX, type MetricDefinition } from '#server/metrics/definition.ts';
import { createHttpMetrics } from '#server/metrics/http.ts';
import { SeriesHistogram } from '#server/metrics/series-histogram.ts';
import { renderSnapshots, takeSnapshot } from '#server/metrics/snapshot.ts';
import { parseSamples } from './sample-metrics.ts';

const BUCKETS = [0.1, 1, 2.5, 10];
const DEFINITION: MetricDefinition = { name: 'a_seconds', type: 'histogram', help: 'A "thing".', unit: 'seconds', labels: { handler: 'configured', method: 'configured' }, buckets: BUCKETS };
const LABELS = [{ handler: '/', method: 'GET' }, { handler: '/users/:id', method: 'GET' }, { handler: 'odd "\\\n', method: 'POST' }] as const;

/** The same observations in ours and in prom-client's own. */
function observe(observations: readonly (readonly [number, number])[]) {
  const [ours, theirs] = [new Registry(), new Registry()];
  const histogram = new SeriesHistogram(ours, DEFINITION);
  const peer = new Histogram({ name: METRIC_PREFIX + DEFINITION.name, help: DEFINITION.help, labelNames: ['handler', 'method'], buckets: BUCKETS, registers: [theirs] });
  const series = LABELS.map((labels) => {
    peer.zero(labels);
    return histogram.startSeries(labels);
  });
  for (const [index, value] of observations) {
    series[index]?.observe(value);
    peer.observe(LABELS[index] ?? {}, value);
  }
  return { ours, theirs };
}

const value = fc.oneof(fc.constantFrom(...BUCKETS, 0, -1, 1e9), fc.double({ noNaN: true, noDefaultInfinity: true, min: -10, max: 100 }));
const observations = fc.array(fc.tuple(fc.nat({ max: LABELS.length - 1 }), value), { maxLength: 60 });

describe('a histogram of kept series', () => {
  it('renders what the one of prom-client renders, to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(observations, async (all) => {
        const { ours, theirs } = observe(all);
        expect(await ours.metrics()).toBe(await theirs.metrics());
      }),
      { numRuns: 100 },
    );
  });

  it('travels to another process as the one of prom-client does, and adds up there', async () => {
    await fc.assert(
      fc.asyncProperty(observations, observations, async (some, more) => {
        const [one, other] = [observe(some), observe(more)];
        expect(await takeSnapshot(one.ours)).toEqual(await takeSnapshot(one.theirs));
        const sum = async (registries: readonly Registry[]) => renderSnapshots(await Promise.all(registries.map(takeSnapshot)));
        expect(await sum([one.ours, other.ours])).toBe(await sum([one.theirs, other.theirs]));
      }),
      { numRuns: 30 },
    );
  });

  it('is read as often as one likes, without a change', async () => {
    const { ours } = observe([[0, 0.5], [1, 3]]);
    const first = await ours.metrics();
    await takeSnapshot(ours);
    expect(await ours.metrics()).toBe(first);
  });

  it('leaves out what is no number', async () => {
    const { ours } = observe([]);
    const histogram = new SeriesHistogram(new Registry(), DEFINITION);
    const series = histogram.startSeries(LABELS[0]);
    for (const none of [Number.NaN, Infinity, -Infinity]) series.observe(none);
    const { values } = await histogram.getForPromString();
    expect(values.every((sample) => sample.value === 0)).toBe(true);
    expect(parseSamples(await ours.metrics()).size).toBe(LABELS.length * (BUCKETS.length + 3));
  });
});

describe('the metrics of requests', () => {
  it('agree with a plain count of what was recorded, for any mixture of requests', async () => {
    const handler = fc.constantFrom('/', '/users/:id', '/not-declared');
    const request = fc.record({
      handler,
      method: fc.constantFrom('GET', 'POST', 'BREW'),
      status: fc.constantFrom('2xx' as const, '5xx' as const, 'aborted' as const),
      durationMs: fc.option(fc.integer({ min: 0, max: 20_000 })),
      requestSizeBytes: fc.nat(10_000),
      responseSizeBytes: fc.nat(2_000_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
        const registry = new Registry();
        const http = createHttpMetrics(registry);
        http.declareHandlers(['/', '/users/:id']);
        const ends = requests.map(({ handler: name, method }) => http.recordStarted(name, method));
        requests.forEach((each) => http.recordFinished(each));
        const samples = parseSamples(await registry.metrics());
        const sumOf = (name: string) => [...samples].filter(([key]) => key.startsWith(`adtrobot_${name}{`)).reduce((sum, [, count]) => sum + Number(count), 0);
        const timed = requests.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
        expect(sumOf('requests_total')).toBe(requests.length);
        expect(sumOf('requests_in_progress')).toBe(requests.length);
        expect(sumOf('request_duration_seconds_count')).toBe(timed.length);
        expect(sumOf('request_duration_seconds_sum')).toBeCloseTo(timed.reduce((sum, ms) => sum + ms / 1_000, 0), 6);
        expect(sumOf('response_size_bytes_sum')).toBe(requests.reduce((sum, each) => sum + each.responseSizeBytes, 0));
        expect(Number(samples.get('adtrobot_requests_total{handler="other",method="other",status="5xx"}') ?? 0)).toBe(
          requests.filter((each) => each.handler === '/not-declared' && each.method === 'BREW' && each.status === '5xx').length,
        );
        ends.forEach((end) => {
          end();
          end();
        });
        const after = parseSamples(await registry.metrics());
        expect([...after].filter(([key, count]) => key.startsWith('adtrobot_requests_in_progress{') && count !== '0')).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('start the series of a declared handler at 0, and keep what was counted when it is declared again', async () => {
    const registry = new Registry();
    const http = createHttpMetrics(registry);
    http.declareHandlers(['/']);
    http.recordFinished({ handler: '/', method: 'GET', status: '2xx', durationMs: 1, requestSizeBytes: 0, responseSizeBytes: 1 });
    http.declareHandlers(['/', '/login']);
    const samples = parseSamples(await registry.metrics());
    expect(samples.get('adtrobot_requests_total{handler="/",method="GET",status="2xx"}')).toBe('1');
    expect(samples.get('adtrobot_requests_total{handler="/login",method="GET",status="5xx"}')).toBe('0');
    expect(samples.get('adtrobot_request_duration_seconds_count{handler="/login",method="GET"}')).toBe('0');
    expect(samples.get('adtrobot_requests_in_progress{handler="/login",method="GET"}')).toBe('0');
    expect(samples.has('adtrobot_requests_total{handler="/login",method="GET",status="aborted"}')).toBe(false);
  });
});
