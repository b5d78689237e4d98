import Big from 'big.js';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { BOT_HANDLERS, JOBS } from '#server/contracts/vocabulary.ts';
import { createAiMetrics } from '#server/metrics/ai.ts';
import { ERROR_TYPES } from '#server/metrics/errors.ts';
import { ExactSums } from '#server/metrics/exact-sum.ts';
import { HTTP_METHODS, UNMATCHED_HANDLER } from '#server/metrics/http.ts';
import { closedSet, OTHER, withOther } from '#server/metrics/labels.ts';
import { MODEL, parseSamples, renderSamples, sampleMetrics } from './sample-metrics.ts';

/** What a stranger may send where a label value comes from. */
const hostile = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'a"} 1\nadtrobot_forged{x="', '\\', '\u0000', 'GET ', 'get', ''));

describe('a closed set', () => {
  it('gives back its own values, and other for everything else', () => {
    const known = ['tarot', 'start'];
    const label = closedSet(known);
    fc.assert(fc.property(fc.oneof(hostile, fc.constantFrom(...known)), (value) => label(value) === (known.includes(value) ? value : OTHER)));
  });

  it('names other once, also when it is among its values', () => {
    expect(withOther(['a', OTHER, 'a'])).toEqual(['a', OTHER]);
  });
});

describe('the number of series', () => {
  it('does not grow by what strangers send, and no line is forged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 30 }), async (pairs) => {
        const metrics = sampleMetrics();
        metrics.http.declareHandlers(['/login']);
        for (const [one, other] of pairs) {
          metrics.http.recordStarted(one, other)();
          metrics.http.recordFinished({ handler: one, method: other, status: '4xx', durationMs: 1, requestSizeBytes: 0, responseSizeBytes: 0 });
          metrics.errors.recordError(one, other);
          metrics.bot.recordUpdate({ handler: one, outcome: 'failed', errorType: other, durationMs: 1, updateAgeMs: 1 });
          metrics.telegram.recordRequest({ method: one, outcome: 'ok', durationMs: 1 });
          metrics.ai.recordGeneration({ operation: one, model: other, status: 'void', durationMs: 1, usage: null, costUsd: null, costSource: 'none' });
          metrics.scheduler.recordRun({ schedule: one, outcome: 'failed', finishedAt: new Date(0) });
        }
        const { body } = await metrics.render(null);
        const values = (label: string) => new Set([...body.matchAll(new RegExp(`[{,]${label}="([^"]*)"`, 'g'))].map(([, value]) => value));
        const handlers = ['/login', UNMATCHED_HANDLER, 'refresh_prices', ...BOT_HANDLERS, ...JOBS];
        expect([...values('handler')].filter((value) => !handlers.includes(value ?? ''))).toEqual([]);
        expect([...values('error_type')].filter((value) => !ERROR_TYPES.includes(value ?? ''))).toEqual([]);
        expect([...values('schedule')].sort()).toEqual(['other', 'refresh_prices']);
        expect([...values('model')].filter((value) => value !== MODEL && value !== OTHER)).toEqual([]);
        expect(body).not.toContain('adtrobot_forged');
      }),
      { numRuns: 30 },
    );
  });

  it('of methods is that of the closed list, in the spelling of HTTP', async () => {
    const metrics = sampleMetrics();
    metrics.http.declareHandlers(['/login']);
    for (const method of [...HTTP_METHODS, 'get', 'PROPFIND']) metrics.http.recordStarted('/login', method);
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_requests_in_progress{handler="/login",method="GET"}')).toBe('1');
    expect(samples.get('adtrobot_requests_in_progress{handler="/login",method="other"}')).toBe('3');
  });
});

describe('a cost that is corrected after its attempt has ended', () => {
  const cost = { operation: 'tarot_card', model: MODEL };
  const late = { ...cost, deltaPromptTokens: 0, deltaCompletionTokens: 0 };
  const sample = `adtrobot_ai_cost_dollars_total{operation="tarot_card",model="${MODEL}"}`;
  function start() {
    const registry = new Registry();
    const ai = createAiMetrics(registry, [MODEL], () => 0);
    ai.recordGeneration({ ...cost, status: 'settled', durationMs: 1, usage: null, costUsd: '0.5', costSource: 'estimated' });
    return { ai, shown: async () => parseSamples(await registry.metrics()).get(sample) };
  }

  it('is added when it became known or rose', async () => {
    const { ai, shown } = start();
    ai.recordResolvedCost({ ...late, deltaUsd: '0.000000000001' });
    expect([await shown(), ai.costUsd(cost.operation, cost.model)]).toEqual(['0.500000000001', '0.500000000001']);
  });

  it('lowers the sum at once, and holds the counter, which may not fall, until the sum has caught up', async () => {
    const { ai, shown } = start();
    expect(await shown()).toBe('0.5');
    ai.recordResolvedCost({ ...late, deltaUsd: '-0.2' });
    expect([await shown(), ai.costUsd(cost.operation, cost.model)]).toEqual(['0.5', '0.300000000000']);
    ai.recordResolvedCost({ ...late, deltaUsd: '0.1' });
    expect(await shown()).toBe('0.5');
    ai.recordResolvedCost({ ...late, deltaUsd: '0.25' });
    expect([await shown(), ai.costUsd(cost.operation, cost.model)]).toEqual(['0.65', '0.650000000000']);
  });

  it('never lets the counter fall, and ends at the exact sum once that is the highest', async () => {
    const delta = fc.integer({ min: -1_000, max: 1_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(delta, { maxLength: 20 }), async (deltas) => {
        const { ai, shown } = start();
        const seen: number[] = [];
        const sums = [new Big('0.5')];
        for (const each of deltas) {
          const deltaUsd = new Big(each).div(1_000).toFixed();
          ai.recordResolvedCost({ ...late, deltaUsd });
          sums.push((sums.at(-1) ?? new Big(0)).plus(deltaUsd));
          seen.push(Number(await shown()));
        }
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        expect(ai.costUsd(cost.operation, cost.model)).toBe((sums.at(-1) ?? new Big(0)).toFixed(12));
        const highest = sums.slice(deltas.length > 0 ? 1 : 0).reduce((best, sum) => (sum.gt(best) ? sum : best), new Big(0));
        expect(Number(await shown())).toBe(highest.toNumber());
      }),
      { numRuns: 50 },
    );
  });
});

describe('ExactSums', () => {
  it('keeps its keys apart, and nothing for a key that it does not know', () => {
    const sums = new ExactSums();
    sums.add('a', '0.000000000001');
    sums.correct('b', '-1');
    expect(['a', 'b', 'c'].map((key) => sums.get(key))).toEqual(['0.000000000001', '-1.000000000000', '0.000000000000']);
    expect(() => sums.correct('a', 'much')).toThrow();
    expect(sums.get('a')).toBe('0.000000000001');
  });
});
