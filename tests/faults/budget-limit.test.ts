import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';

/*
 * Three processes on one database, each with readings of its own at once: together they never pass a hard limit.
 */
const PROCESSES = 3;
const RUNS = Number(process.env['LEDGER_LIMIT_RUNS'] ?? 2);

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterAll(() => rig.close());

async function readInAProcess(readings: number, userId: number): Promise<{ readonly answered: number; readonly limited: number }> {
  const flags = ['--database-url', rig.database.url, '--openrouter-url', rig.openRouter.url, '--readings', String(readings), '--user-id', String(userId)];
  const child = spawn(process.execPath, [join('tests', 'support', 'ledger-process.ts'), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
  const count = (status: string) => output.split('\n').filter((line) => line === status).length;
  return { answered: count('answered'), limited: count('limited') };
}

test('property: no number of processes and parallel calls passes a hard limit by even one call', async () => {
  const cases = fc.record({ readings: fc.integer({ min: 2, max: 20 }), limitUsd: fc.integer({ min: 1, max: 40 }).map((steps) => (steps * 0.0002).toFixed(4)) });
  await fc.assert(
    fc.asyncProperty(cases, async ({ readings, limitUsd }) => {
      const { sql } = rig.database.handle;
      await sql`truncate ai_usage, budget_periods, budget_deltas, budget_events, budgets cascade`;
      await rig.addBudget({ limitUsd, steps: [{ percent: 100, action: 'stop' }] });
      const ends = await Promise.all(Array.from({ length: PROCESSES }, (_, index) => readInAProcess(readings, index + 1)));
      expect(ends.reduce((sum, { answered, limited }) => sum + answered + limited, 0)).toBe(PROCESSES * readings);
      const [books] = await sql`
        select (select coalesce(sum(cost_usd), 0) from ai_usage) as spent,
          (select coalesce(sum(committed_usd), 0) from budget_periods) + (select coalesce(sum(amount_usd), 0) from budget_deltas) as counted,
          (select count(*) from budget_events where action = 'stop') as events`;
      expect(new Big(String(books?.['spent'])).lte(limitUsd)).toBe(true);
      expect(new Big(String(books?.['counted'])).eq(String(books?.['spent']))).toBe(true);
      const limitedCount = ends.reduce((sum, { limited }) => sum + limited, 0);
      expect(Number(books?.['events'])).toBe(limitedCount > 0 ? 1 : 0);
    }),
    { numRuns: RUNS },
  );
}, 120_000);
