import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COST_LIMIT_USD, computeBill, isCharged } from '#server/ai/compute-bill.ts';
import { addUsd, toDecimalString } from '#server/lib/money.ts';

const picoUsd = fc.integer({ min: 0, max: 900_000_000 }).map((nano) => Number(`${nano}e-9`));

describe('computeBill', () => {
  it("takes `cost` alone when the key is not one's own, although the upstream cost repeats it", () => {
    const usage = { cost: 0.00000537, is_byok: false, cost_details: { upstream_inference_cost: 0.00000537 } };
    expect(computeBill(usage)).toEqual({ bill: { costUsd: '0.00000537', isByok: false }, problem: null });
  });

  it("adds the upstream cost to the fee with a key of one's own", () => {
    const usage = { cost: 0.0001, is_byok: true, cost_details: { upstream_inference_cost: 0.0000063 } };
    expect(computeBill(usage).bill).toEqual({ costUsd: '0.0001063', isByok: true });
    expect(computeBill({ ...usage, cost: 0 }).bill).toEqual({ costUsd: '0.0000063', isByok: true });
  });

  it('tells an absent cost from a cost of nothing', () => {
    expect(computeBill({ prompt_tokens: 1 }).bill).toEqual({ costUsd: null, isByok: false });
    expect(computeBill({ cost: null }).bill).toEqual({ costUsd: null, isByok: false });
    expect(computeBill({ is_byok: true }).bill).toEqual({ costUsd: null, isByok: true });
    expect(computeBill({ cost: 0 }).bill).toEqual({ costUsd: '0', isByok: false });
    expect(computeBill(undefined)).toEqual({ bill: null, problem: null });
    expect(computeBill(null)).toEqual({ bill: null, problem: null });
  });

  it.each([-0.1, '0.1', 1e308, COST_LIMIT_USD, Number.NaN, Number.POSITIVE_INFINITY, {}, [], true])(
    'does not believe a cost of %j and says so',
    (cost) => {
      expect(computeBill({ cost })).toEqual({ bill: { costUsd: null, isByok: false }, problem: 'cost is not an amount' });
    },
  );

  it('does not add up a fee and an upstream cost that cannot be believed', () => {
    const usage = { cost: 0.1, is_byok: true, cost_details: { upstream_inference_cost: -5 } };
    expect(computeBill(usage)).toEqual({ bill: { costUsd: null, isByok: true }, problem: 'upstream cost is not an amount' });
  });

  it('is exact for every amount, and never counts the upstream cost twice', () => {
    fc.assert(
      fc.property(picoUsd, picoUsd, fc.boolean(), (cost, upstream, isByok) => {
        const { bill } = computeBill({ cost, is_byok: isByok, cost_details: { upstream_inference_cost: upstream } });
        expect(bill?.costUsd).toBe(isByok ? addUsd(cost, upstream) : toDecimalString(cost));
      }),
    );
  });

  it('gives a plain decimal or nothing for whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (cost, is_byok, cost_details) => {
        const { bill } = computeBill({ cost, is_byok, cost_details });
        expect(bill?.costUsd ?? '0').toMatch(/^\d+(\.\d+)?$/);
      }),
    );
  });

  it('calls a bill charged only when it holds money', () => {
    expect(isCharged(null)).toBe(false);
    expect(isCharged({ costUsd: null, isByok: false })).toBe(false);
    expect(isCharged({ costUsd: '0', isByok: false })).toBe(false);
    expect(isCharged({ costUsd: '0.000000000001', isByok: false })).toBe(true);
  });
});
