import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asc } from 'drizzle-orm';
import { aiUsage } from '#db/schema/index.ts';
import { lookUpCosts } from '#server/services/generations/look-up-costs.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';

/*
 * Readings one after the other and at once, under any faults: the ledger has one row for each attempt, knows each cost
 * or says that it does not, and in the end says the same as the provider's own journal, to the last digit.
 */
const FAULTS = [
  ...(['503', '429', '400', 'error_in_200', 'choice_error', 'empty_choices', 'empty_content', 'missing_usage', 'missing_cost', 'byok'] as const),
  ...(['negative_usage', 'string_usage', 'huge_usage', 'null_usage', 'short_content', 'foreign_content', 'content_filter'] as const),
  ...(['truncated_json', 'destroy_after_headers', 'bill_then_hang', 'midstream_error', 'cut_stream', 'destroy_before_headers', 'html502'] as const),
];

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterAll(() => rig.close());

const ledger = () => rig.deps.db.select().from(aiUsage).orderBy(asc(aiUsage.startedAt));
const sumOf = (amounts: readonly (string | null)[]) => amounts.reduce((sum, amount) => sum.plus(amount ?? 0), new Big(0));

test('property: whatever befalls the calls, every attempt is one row, nothing is settled at 0 for lack of knowledge, and look-ups make the books balance', async () => {
  const days = fc.array(fc.record({ faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 4 }), readings: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(days, async (rounds) => {
      await rig.database.handle.sql`truncate ai_usage, ai_cost_corrections cascade`;
      const before = (await rig.openRouter.journal()).entries.at(-1)?.sequence ?? 0;
      let finished = rig.finished.length;
      for (const { faults, readings } of rounds) {
        await rig.openRouter.clearFaults();
        for (const mode of faults) await rig.openRouter.addFault({ mode });
        // A client of its own: no breaker remembers the round before.
        const llm = rig.openRouter.client({ timeoutMs: 700 });
        const ends = await Promise.all(Array.from({ length: readings }, (_, userId) => rig.read({ userId, deps: { llm } })));
        for (const { result, rows } of ends) {
          expect(rows.map(({ attempt }) => attempt)).toEqual(rows.map((_, index) => index + 1));
          expect(rows.filter(({ disposition, errorType }) => disposition === 'undelivered' && errorType === null)).toHaveLength(result.status === 'answered' ? 1 : 0);
        }
      }
      await rig.openRouter.clearFaults();
      const rows = await ledger();
      expect(rows.every(({ status }) => status !== 'reserved')).toBe(true);
      for (const { status, costUsd, costSource } of rows) {
        // A zero is settled only where the provider's own bill says so.
        expect(status === 'settled' ? new Big(costUsd ?? -1).gt(0) || costSource === 'billed' : costUsd === null).toBe(true);
      }
      finished = rig.finished.length - finished;
      expect(finished).toBe(rows.length);
      await expectBalance(before);
    }),
    { numRuns: 10 },
  );
}, 120_000);

/** Looks everything up that has an id, and holds the ledger against what the provider billed since an entry of its journal. */
async function expectBalance(after: number): Promise<void> {
  await rig.database.handle.sql`update ai_usage set next_lookup_at = now() - interval '1 second' where generation_id is not null and cost_source <> 'billed' and status <> 'void'`;
  while ((await lookUpCosts({ ...rig.deps, onCostResolved: () => undefined })) > 0);
  const rows = await ledger();
  const { entries } = await rig.openRouter.journal(after);
  const costs = new Map(entries.map(({ generationId, costUsd }) => [generationId, costUsd]));
  const billed = entries.filter(({ outcome }) => outcome === 'billed');
  for (const { generationId, status, costUsd } of rows) {
    if (status === 'settled') expect(new Big(costUsd ?? -1).eq(costs.get(generationId) ?? -1)).toBe(true);
  }
  // What the provider billed and we have no id of stays unknown, and is never a zero.
  const known = sumOf(rows.map(({ costUsd }) => costUsd));
  const nameless = billed.filter(({ generationId }) => !rows.some((row) => row.status === 'settled' && row.generationId === generationId));
  expect(known.plus(sumOf(nameless.map(({ costUsd }) => costUsd))).eq(sumOf(billed.map(({ costUsd }) => costUsd)))).toBe(true);
  expect(rows.filter(({ status }) => status === 'unknown').length).toBeGreaterThanOrEqual(nameless.length);
}
