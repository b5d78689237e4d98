import { expect, test } from 'vitest';
import { METRIC_DEFINITIONS } from '#server/metrics/definitions.ts';
import { findForeign, findUnmoved, readSamples } from '#tests/support/metric-walk.ts';
import { MODEL, sampleMetrics } from './sample-metrics.ts';

const CONFIGURED = { model: [MODEL], schedule: ['refresh_prices'], handler: /^[a-z_]+$/, version: ['1.2.3'], commit: ['abc'], node: ['v24.21.0'], budget: /^\d+$/ };
const generation = { operation: 'tarot_card', model: MODEL, status: 'settled', durationMs: 5, usage: null, costUsd: '0.1', costSource: 'billed' } as const;

async function walk(move: (metrics: ReturnType<typeof sampleMetrics>) => void = () => undefined) {
  const metrics = sampleMetrics();
  move(metrics);
  const { body } = await metrics.render(null);
  return { body, samples: readSamples(body) };
}

test('the walk reads names, labels with escapes, and values', () => {
  expect(readSamples('# HELP a b\n# TYPE a counter\na{b="c\\"d\\\\",e="f,g=}"} 1.5e-7\n\nh_bucket{le="+Inf"} 2\n')).toEqual([
    { name: 'a', labels: { b: 'c"d\\', e: 'f,g=}' }, value: 1.5e-7 },
    { name: 'h_bucket', labels: { le: '+Inf' }, value: 2 },
  ]);
  expect(() => readSamples('a b c d')).toThrow('not a sample');
});

test('the walk finds every metric that nothing has moved, and no other', async () => {
  const names = (definitions: typeof METRIC_DEFINITIONS) => definitions.map(({ name }) => `adtrobot_${name}`);
  const fresh = findUnmoved(METRIC_DEFINITIONS, (await walk()).samples);
  expect(fresh).toEqual(expect.arrayContaining(names(METRIC_DEFINITIONS.filter(({ type }) => type !== 'gauge'))));
  expect(fresh).not.toContain('adtrobot_build_info');
  expect(fresh).toContain('adtrobot_active_users');
  const moved = findUnmoved(METRIC_DEFINITIONS, (await walk((metrics) => metrics.ai.recordGeneration(generation))).samples);
  expect(fresh.filter((name) => !moved.includes(name)).sort()).toEqual([
    'adtrobot_ai_cost_dollars_total', 'adtrobot_ai_cost_source_total', 'adtrobot_ai_request_duration_seconds', 'adtrobot_ai_requests_total',
  ]);
});

test('the walk finds nothing foreign in metrics as they are', async () => {
  const { samples } = await walk((metrics) => {
    metrics.ai.recordGeneration(generation);
    metrics.budgets.setRatios([{ budgetId: 7, ratio: 0.5 }]);
  });
  expect(findForeign(METRIC_DEFINITIONS, samples, { ...CONFIGURED, model: [MODEL, 'other'] })).toEqual([]);
});

test('the walk finds a value outside its closed list, one outside what is configured, a label and a metric that nobody defined', async () => {
  const { samples, body } = await walk((metrics) => {
    metrics.ai.recordGeneration({ ...generation, model: 'somebody/else' });
    metrics.budgets.setRatios([{ budgetId: 7, ratio: 0.5 }]);
  });
  expect(findForeign(METRIC_DEFINITIONS, samples, { ...CONFIGURED, budget: ['8'] })).toEqual(expect.arrayContaining([
    'adtrobot_ai_cost_dollars_total{model="other"}',
    'adtrobot_budget_spent_ratio{budget="7"}',
  ]) as string[]);
  const told = `${body}adtrobot_health_check_status{check="the moon"} 1\nadtrobot_active_users{period="24h",user="7"} 1\nadtrobot_secret_total 1\n`;
  expect(findForeign(METRIC_DEFINITIONS, readSamples(told), { ...CONFIGURED, model: /./ })).toEqual([
    'adtrobot_secret_total', 'adtrobot_active_users{user="7"}', 'adtrobot_health_check_status{check="the moon"}',
  ]);
});
