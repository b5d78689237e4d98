import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Budget, BudgetStep } from '#db/schema/index.ts';
import { compareUsd, sumUsd } from '#server/lib/money.ts';
import { decide } from '#server/services/budgets/decide.ts';
import type { Account, ReservationAsk } from '#server/services/budgets/types.ts';

const at = new Date('2026-11-25T12:00:00Z');
const budget = (steps: readonly BudgetStep[], overrides: Partial<Budget> = {}): Budget => ({
  id: 1, name: 'test', period: 'day', scope: 'all', scopeValue: null, limitUsd: '1', steps, createdAt: at, updatedAt: at, archivedAt: null, ...overrides,
});
const account = (committedUsd: string, steps: readonly BudgetStep[], overrides: Partial<Budget> = {}, lifted: string[] = []): Account => ({
  budget: budget(steps, overrides), periodDate: '2026-11-25', userId: 0, committedUsd, lifted: new Set(lifted),
});
const ask: ReservationAsk = { operation: 'tarot_card', model: 'v/dear', plan: 'free', userId: 7, startedAt: at, promptTokensMax: 100, completionTokensMax: 1_000 };
/** A thousandth of a dollar for 1,000 tokens of the dear model, a tenth of that for the cheap one. */
const PRICE: Record<string, number> = { 'v/dear': 1e-6, 'v/cheap': 1e-7 };
const boundOf = (model: string, tokens: number) => (PRICE[model] === undefined ? null : (PRICE[model] * tokens).toFixed(12));
const options = { boundOf, cheaperModel: 'v/cheap' };
const decideWith = (...accounts: readonly Account[]) => decide(ask, accounts, options);

test('without a budget in the way an attempt is granted as asked', () => {
  expect(decideWith(account('0', [{ percent: 50, action: 'warn' }, { percent: 100, action: 'stop' }]))).toMatchObject({
    kind: 'granted', model: 'v/dear', completionTokensMax: 1_000, boundUsd: '0.001000000000', reached: [],
  });
});

describe('a stop', () => {
  const stop = [{ percent: 100, action: 'stop' }] as const;
  test('lets an attempt pass that may just reach the limit, and none that may pass it', () => {
    expect(decideWith(account('0.999', stop)).kind).toBe('granted');
    expect(decideWith(account('0.999000000001', stop))).toMatchObject({ kind: 'refused', action: 'stop' });
  });
  test('is in force at its share of the limit', () => {
    expect(decideWith(account('0.49', [{ percent: 50, action: 'stop' }])).kind).toBe('granted');
    expect(decideWith(account('0.4999', [{ percent: 50, action: 'stop' }])).kind).toBe('refused');
  });
  test('that was lifted has no effect, and a further one has', () => {
    const steps = [{ percent: 80, action: 'stop' }, { percent: 100, action: 'stop' }] as const;
    expect(decideWith(account('0.9', steps, {}, ['80:stop'])).kind).toBe('granted');
    expect(decideWith(account('1', steps, {}, ['80:stop'])).kind).toBe('refused');
  });
  test('refuses what has no price, for nobody can say that it fits', () => {
    expect(decide({ ...ask, model: 'v/unknown' }, [account('0', stop)], options)).toMatchObject({ kind: 'refused' });
    expect(decide({ ...ask, model: 'v/unknown' }, [account('0', [{ percent: 1, action: 'warn' }])], options)).toMatchObject({ kind: 'granted', boundUsd: null });
  });
});

test('a pause for free users lets those pass who pay', () => {
  const paused = account('1', [{ percent: 100, action: 'pause_free' }]);
  expect(decide(ask, [paused], options)).toMatchObject({ kind: 'refused', action: 'pause_free' });
  expect(decide({ ...ask, plan: 'premium' }, [paused], options).kind).toBe('granted');
});

test('a cheaper model is taken when its step is reached, if it is cheaper and known', () => {
  const step = [{ percent: 80, action: 'cheaper_model' }] as const;
  expect(decideWith(account('0.79', step))).toMatchObject({ model: 'v/dear' });
  expect(decideWith(account('0.8', step))).toMatchObject({ model: 'v/cheap', askedUsd: '0.001000000000', boundUsd: '0.000100000000' });
  expect(decide({ ...ask, model: 'v/cheap' }, [account('0.8', step)], { boundOf, cheaperModel: 'v/dear' })).toMatchObject({ model: 'v/cheap' });
  expect(decide(ask, [account('0.8', step)], { boundOf, cheaperModel: 'v/unknown' })).toMatchObject({ model: 'v/dear' });
  expect(decide(ask, [account('0.8', step)], { boundOf, cheaperModel: null })).toMatchObject({ model: 'v/dear' });
});

test('a shorter answer is half as long at most, and both steps work together', () => {
  const steps = [{ percent: 50, action: 'shorter_answer' }, { percent: 50, action: 'cheaper_model' }] as const;
  expect(decideWith(account('0.5', steps))).toMatchObject({ model: 'v/cheap', completionTokensMax: 500, boundUsd: '0.000050000000' });
});

test('what makes an attempt cheaper may make it fit', () => {
  const steps = [{ percent: 80, action: 'cheaper_model' }, { percent: 100, action: 'stop' }] as const;
  expect(decideWith(account('0.9995', steps))).toMatchObject({ kind: 'granted', model: 'v/cheap' });
});

test('a budget of a model counts for the model that is really taken', () => {
  const dear = account('1', [{ percent: 100, action: 'stop' }], { scope: 'model', scopeValue: 'v/dear' });
  const all = account('0.9', [{ percent: 80, action: 'cheaper_model' }], { id: 2 });
  expect(decideWith(dear).kind).toBe('refused');
  expect(decideWith(dear, all)).toMatchObject({ kind: 'granted', model: 'v/cheap' });
});

test.each([
  ['operation', 'horoscope'], ['model', 'v/other'], ['plan', 'premium'],
] as const)('a budget of another %s is none of its business', (scope, scopeValue) => {
  expect(decideWith(account('9', [{ percent: 100, action: 'stop' }], { scope, scopeValue })).kind).toBe('granted');
});

test('every step that is reached is told, the lifted ones as such, each once', () => {
  const steps = [{ percent: 50, action: 'warn' }, { percent: 80, action: 'warn' }, { percent: 100, action: 'warn' }] as const;
  const { reached } = decideWith(account('0.85', steps, {}, ['50:warn']));
  expect(reached.map(({ step, isLifted }) => [step.percent, isLifted])).toEqual([[50, true], [80, false]]);
});

test('property: however many attempts are asked for, what is granted never passes a hard limit', () => {
  const asks = fc.array(fc.record({ tokens: fc.integer({ min: 1, max: 400_000 }), model: fc.constantFrom('v/dear', 'v/cheap') }), { maxLength: 60 });
  const percents = fc.record({ stop: fc.integer({ min: 1, max: 100 }), cheaper: fc.integer({ min: 1, max: 100 }), shorter: fc.integer({ min: 1, max: 100 }) });
  fc.assert(
    fc.property(asks, percents, (wanted, { stop, cheaper, shorter }) => {
      const own = account('0', [{ percent: cheaper, action: 'cheaper_model' }, { percent: shorter, action: 'shorter_answer' }, { percent: stop, action: 'stop' }]);
      const granted: string[] = [];
      for (const { tokens, model } of wanted) {
        const decision = decide({ ...ask, model, completionTokensMax: tokens }, [own], options);
        if (decision.kind === 'refused') continue;
        granted.push(decision.boundUsd ?? '0');
        own.committedUsd = sumUsd(granted);
      }
      expect(compareUsd(sumUsd(granted), (stop / 100).toFixed(2))).toBeLessThanOrEqual(0);
    }),
  );
});
