import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { aiCostCorrections, aiUsage, type AiUsage } from '#db/schema/index.ts';
import { correctCost } from '#server/services/generations/correct-cost.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterEach(() => rig.openRouter.clearFaults());
afterAll(() => rig.close());

async function readWith(mode: Parameters<LedgerRig['openRouter']['addFault']>[0]['mode']): Promise<AiUsage> {
  await rig.openRouter.addFault({ mode });
  // A client of its own: no breaker remembers the reading before.
  const [row] = (await rig.read({ deps: { llm: rig.openRouter.client({ attemptsMax: 1, timeoutMs: 800 }) } })).rows;
  if (!row) throw new Error('no row');
  return row;
}

const makeDue = (requestId: string) => rig.deps.db.update(aiUsage).set({ nextLookupAt: new Date(0) }).where(eq(aiUsage.requestId, requestId));
const correctionsOf = (requestId: string) => rig.deps.db.select().from(aiCostCorrections).where(eq(aiCostCorrections.requestId, requestId));
const billedOf = async (row: AiUsage) => (await rig.openRouter.journal()).entries.find(({ generationId }) => generationId === row.generationId)?.costUsd;

test('an answer that was lost after it was billed is settled by look-up, to the last digit', async () => {
  const row = await readWith('bill_then_hang');
  expect(row).toMatchObject({ status: 'unknown', costUsd: null });
  await makeDue(row.requestId);
  expect(await rig.lookUp()).toBe(1);
  const settled = await rig.row(row.requestId);
  expect(settled).toMatchObject({ status: 'settled', costSource: 'lookup', disposition: 'undelivered', nextLookupAt: null, errorType: 'timeout' });
  expect(Number(settled.costUsd)).toBe(Number(await billedOf(row)));
  expect(settled.promptTokens).toBeGreaterThan(0);
  expect(rig.resolved.at(-1)).toMatchObject({ deltaUsd: settled.costUsd?.replace(/0+$/, '') });
});

test('an answer without usage is delivered, unknown at first, and settled by look-up', async () => {
  const row = await readWith('missing_usage');
  await makeDue(row.requestId);
  await rig.lookUp();
  expect(await rig.row(row.requestId)).toMatchObject({ status: 'settled', costSource: 'lookup', errorType: null });
});

test('an estimate is corrected by look-up: the change is a row, the old cost stays readable', async () => {
  const row = await readWith('missing_cost');
  expect(row).toMatchObject({ status: 'settled', costSource: 'estimated' });
  await makeDue(row.requestId);
  await rig.lookUp();
  const corrected = await rig.row(row.requestId);
  expect(corrected.costSource).toBe('lookup');
  expect(Number(corrected.costUsd)).toBe(Number(await billedOf(row)));
  expect(await correctionsOf(row.requestId)).toMatchObject([{ oldCostUsd: row.costUsd, newCostUsd: corrected.costUsd, oldSource: 'estimated', newSource: 'lookup' }]);
});

test('what the provider does not know yet is asked for again, later each time', async () => {
  const row = await readWith('bill_then_hang');
  await rig.openRouter.addFault({ mode: '404', target: 'generation', times: 3 });
  const waits: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await makeDue(row.requestId);
    await rig.lookUp();
    const { nextLookupAt, status } = await rig.row(row.requestId);
    expect(status).toBe('unknown');
    waits.push((nextLookupAt?.getTime() ?? 0) - Date.now());
  }
  expect(waits[0]).toBeLessThan(waits[1] ?? 0);
  expect(waits[1]).toBeLessThan(waits[2] ?? 0);
  await makeDue(row.requestId);
  await rig.lookUp();
  expect((await rig.row(row.requestId)).status).toBe('settled');
});

test.each(['401', '429', '500', 'html200', 'destroy_before_headers'] as const)('a look-up that fails (%s) loses nothing and is made again', async (mode) => {
  const row = await readWith('bill_then_hang');
  await rig.openRouter.addFault({ mode, target: 'generation' });
  await makeDue(row.requestId);
  await rig.lookUp();
  const left = await rig.row(row.requestId);
  expect(left.status).toBe('unknown');
  expect(left.nextLookupAt?.getTime()).toBeGreaterThan(Date.now());
  await makeDue(row.requestId);
  await rig.lookUp();
  expect((await rig.row(row.requestId)).status).toBe('settled');
});

test('after a day nobody asks any more, and the row stays unknown', async () => {
  const row = await readWith('bill_then_hang');
  await rig.openRouter.addFault({ mode: '404', target: 'generation' });
  await rig.deps.db.update(aiUsage).set({ finishedAt: new Date(Date.now() - 25 * 3_600_000) }).where(eq(aiUsage.requestId, row.requestId));
  await makeDue(row.requestId);
  await rig.lookUp();
  expect(await rig.row(row.requestId)).toMatchObject({ status: 'unknown', nextLookupAt: null, costUsd: null });
});

test('processes that look up at once settle a row once', async () => {
  const row = await readWith('bill_then_hang');
  await makeDue(row.requestId);
  const counts = await Promise.all([rig.lookUp(), rig.lookUp(), rig.lookUp()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect((await rig.row(row.requestId)).status).toBe('settled');
});

test('a cost that is told twice changes nothing, one that changed is another correction', async () => {
  const row = await readWith('missing_cost');
  const correct = (costUsd: string) => correctCost(rig.deps.db, { requestId: row.requestId, costUsd, source: 'lookup', at: new Date(), reportingTimeZone: 'UTC' });
  expect(await correct('0.5')).toMatchObject({ deltaUsd: expect.any(String) as string });
  expect(await correct('0.500')).toBeNull();
  expect(await correct('0.25')).toMatchObject({ deltaUsd: '-0.25' });
  expect((await correctionsOf(row.requestId)).map(({ newCostUsd }) => Number(newCostUsd))).toEqual([0.5, 0.25]);
});

test('the database refuses a change of a settled cost without its correction, and any change of a correction', async () => {
  const row = await readWith('missing_cost');
  const { sql } = rig.database.handle;
  await expect(sql`update ai_usage set cost_usd = 9 where request_id = ${row.requestId}`).rejects.toThrow('by a correction only');
  await expect(sql`update ai_usage set status = 'void', cost_usd = null where request_id = ${row.requestId}`).rejects.toThrow('by a correction only');
  await correctCost(rig.deps.db, { requestId: row.requestId, costUsd: '0.1', source: 'lookup', at: new Date(), reportingTimeZone: 'UTC' });
  await expect(sql`update ai_cost_corrections set new_cost_usd = 0`).rejects.toThrow('append-only');
  await expect(sql`delete from ai_cost_corrections`).rejects.toThrow('append-only');
});

test('a reservation that its process left is settled by the id that was kept', async () => {
  const row = await readWith('bill_then_hang');
  await rig.deps.db.update(aiUsage).set({ status: 'reserved', errorType: null, finishedAt: null, nextLookupAt: null, leaseUntil: new Date(0) }).where(eq(aiUsage.requestId, row.requestId));
  expect(await reconcileGenerations(rig.deps.db, new Date())).toBe(1);
  expect(await rig.row(row.requestId)).toMatchObject({ status: 'unknown', errorType: 'interrupted' });
  await makeDue(row.requestId);
  await rig.lookUp();
  expect(await rig.row(row.requestId)).toMatchObject({ status: 'settled', costSource: 'lookup', errorType: 'interrupted' });
});
