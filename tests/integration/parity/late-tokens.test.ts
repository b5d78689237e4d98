import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { aiUsage } from '#db/schema/index.ts';
import { partedOf, startRun } from '#tests/support/parity.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';
import { parseSamples } from '../../unit/metrics/sample-metrics.ts';

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterEach(() => rig.openRouter.clearFaults());
afterAll(() => rig.close());

const patient = () => rig.openRouter.client({ attemptsMax: 1 });
/** Waits for what never comes no longer than it must. */
const impatient = () => rig.openRouter.client({ attemptsMax: 1, idleTimeoutMs: 500 });

test('the tokens of an answer that was lost are counted when a look-up tells them', async () => {
  const run = await startRun(rig);
  await rig.openRouter.addFault({ mode: 'bill_then_hang' });
  const [lost] = (await rig.read({ deps: { ...run.generations, llm: impatient() } })).rows;
  expect(lost).toMatchObject({ status: 'unknown', promptTokens: null, processId: run.processId });
  expect(run.metrics.ai.totals()).toMatchObject({ generations: 1, promptTokens: 0, completionTokens: 0 });
  await run.lookUp();
  const row = await rig.row(lost?.requestId ?? '');
  expect(row.promptTokens).toBeGreaterThan(0);
  expect(row.completionTokens).toBeGreaterThan(0);
  const { promptTokens, completionTokens } = row;
  expect(row).toMatchObject({ status: 'settled', resolvedByProcessId: run.processId, resolvedPromptTokens: promptTokens, resolvedCompletionTokens: completionTokens });
  expect(run.metrics.ai.totals()).toEqual({ generations: 1, promptTokens, completionTokens, costUsd: row.costUsd });
  const shown = parseSamples((await run.metrics.render(null)).body);
  expect(shown.get(`adtrobot_ai_tokens_total{operation="tarot_card",model="${row.model}",token_type="prompt"}`)).toBe(String(promptTokens));
});

test('tokens that an unpriced answer told are counted once, and a look-up that knows better adds only what is missing', async () => {
  const run = await startRun(rig);
  await rig.deps.db.execute('delete from model_prices');
  await rig.openRouter.addFault({ mode: 'missing_cost' });
  const [unpriced] = (await rig.read({ deps: { ...run.generations, llm: patient() } })).rows;
  expect(unpriced).toMatchObject({ status: 'unknown' });
  const promptTokens = unpriced?.promptTokens ?? 0;
  expect(promptTokens).toBeGreaterThan(0);
  await rig.deps.db.update(aiUsage).set({ promptTokens: promptTokens - 1 }).where(eq(aiUsage.requestId, unpriced?.requestId ?? ''));
  expect(partedOf(await run.check.compare())).toEqual({ prompt_tokens: '1' });
  await run.lookUp();
  const row = await rig.row(unpriced?.requestId ?? '');
  expect(row).toMatchObject({ status: 'settled', promptTokens, resolvedPromptTokens: 1, resolvedCompletionTokens: 0 });
  expect(run.metrics.ai.totals().promptTokens).toBe(promptTokens + 1);
});

test('what another process resolves late is its own, and both agree with the tables', async () => {
  const [first, second] = [await startRun(rig), await startRun(rig)];
  await rig.openRouter.addFault({ mode: 'bill_then_hang' });
  await rig.read({ deps: { ...first.generations, llm: impatient() } });
  await second.lookUp();
  expect(first.metrics.ai.totals()).toMatchObject({ generations: 1, promptTokens: 0, costUsd: '0.000000000000' });
  expect(second.metrics.ai.totals().promptTokens).toBeGreaterThan(0);
  for (const run of [first, second]) expect(partedOf(await run.check.compare())).toEqual({});
});
