import { expect, test } from 'vitest';
import { assessCost } from '#server/services/imports/assess-cost.ts';

const entry = {
  at: '2024-01-01T00:00:00Z', atMs: 0, promptTokens: 1_000, completionTokens: 200, model: null, operation: null, user: null, costUsd: null,
};
const price = { promptUsd: '0.0000003', completionUsd: '0.0000025', requestUsd: '0.01', cachedPromptUsd: '0.00000001' };

test('what the log says that a call cost was billed, whatever the price', () => {
  const expected = { status: 'settled', costUsd: '0.000000000000', costSource: 'billed', disposition: 'delivered' };
  expect(assessCost({ ...entry, costUsd: '0.000000000000' }, price)).toEqual(expected);
});

test('without a cost the tokens are priced in full, the request fee included', () => {
  expect(assessCost(entry, price)).toEqual({ status: 'settled', costUsd: '0.010800000000', costSource: 'estimated', disposition: 'delivered' });
});

test('without cost and price the cost is unknown, which is not 0', () => {
  expect(assessCost(entry, null)).toEqual({ status: 'unknown', costUsd: null, costSource: 'none', disposition: null });
});
