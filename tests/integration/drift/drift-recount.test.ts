import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aiUsage, driftChecks } from '#db/schema/index.ts';
import { DRIFT_PERIODS } from '#server/contracts/drift.ts';
import { getDrift } from '#server/services/drift/get-drift.ts';
import { measureDrift } from '#server/services/drift/measure-drift.ts';
import { startOfPeriod } from '#server/services/drift/start-of-period.ts';
import { startDriftRig, type DriftRig } from '#tests/support/drift.ts';
import { fromPico, toPico } from '#tests/support/naive-overview.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-25T12:00:00.000Z');
let rig: DriftRig;
beforeAll(async () => {
  rig = await startDriftRig(NOW.toISOString());
});
afterAll(() => rig.close());

const call = fc.record({
  ageMs: fc.integer({ min: 0, max: 30 * 86_400_000 }),
  pico: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  status: fc.constantFrom('settled', 'unknown', 'reserved', 'void'),
  isImported: fc.boolean(),
});
const spends = fc.record({ day: fc.bigInt({ min: 0n, max: 10n ** 14n }), week: fc.bigInt({ min: 0n, max: 10n ** 14n }), month: fc.bigInt({ min: 0n, max: 10n ** 14n }) });

test('each difference is the provider’s figure less the plain sum of our own settled attempts, whatever they were', async () => {
  const { db } = rig.database.handle;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 25 }), spends, spends, async (calls, charged, byok) => {
      await db.delete(aiUsage);
      await db.delete(driftChecks);
      for (const { ageMs, pico, status, isImported } of calls) {
        const known = status === 'settled' ? { costUsd: fromPico(pico) } : { costUsd: null, costSource: 'none' as const };
        await seedGeneration(db, { startedAt: new Date(NOW.getTime() - ageMs), status, importedFrom: isImported ? 'trace.csv' : null, ...known });
      }
      const spend = (of: typeof charged) => ({ totalUsd: null, dailyUsd: fromPico(of.day), weeklyUsd: fromPico(of.week), monthlyUsd: fromPico(of.month) });
      const llm = { listActivity: null, getKey: async () => ({ limitRemainingUsd: null, charged: spend(charged), byok: spend(byok) }) };
      await measureDrift({ ...rig.deps, source: { ...rig.deps.source, llm } });
      const { latest } = await getDrift({ ...rig.deps, reportingTimeZone: 'UTC' }, true);
      const measured = latest?.comparisons.map(({ period, differenceUsd, unknownCount, reservedCount }) => ({ period, pico: toPico(differenceUsd), unknownCount, reservedCount }));
      expect(measured).toEqual(
        DRIFT_PERIODS.map((period) => {
          const within = calls.filter(({ ageMs, isImported }) => !isImported && NOW.getTime() - ageMs >= startOfPeriod(NOW, period).getTime());
          const settled = within.filter(({ status }) => status === 'settled').reduce((sum, { pico }) => sum + pico, 0n);
          const count = (wanted: string) => within.filter(({ status }) => status === wanted).length;
          return { period, pico: charged[period] + byok[period] - settled, unknownCount: count('unknown'), reservedCount: count('reserved') };
        }),
      );
    }),
    { numRuns: 25 },
  );
});
