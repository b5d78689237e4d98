import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aiCostCorrections, aiUsage } from '#db/schema/index.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { createLogger } from '#server/lib/logger.ts';
import { assessOutcome, type Assessment } from '#server/services/generations/assess-outcome.ts';
import { correctCost } from '#server/services/generations/correct-cost.ts';
import { finishGeneration } from '#server/services/generations/finish-generation.ts';
import { isGenerationIdTaken } from '#server/services/generations/is-generation-id-taken.ts';
import { lookUpCosts } from '#server/services/generations/look-up-costs.ts';
import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import { noteGenerationId } from '#server/services/generations/note-generation-id.ts';
import { reconcileGenerations, releaseReservations } from '#server/services/generations/reconcile-generations.ts';
import { reserveGenerations } from '#server/services/generations/reserve-generations.ts';
import { settleUnknown } from '#server/services/generations/settle-unknown.ts';
import { userTag } from '#server/services/generations/user-tag.ts';
import { MODEL, startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const LEASE_MS = 60_000;

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.database.handle.sql`truncate ai_usage, ai_cost_corrections, budgets, budget_periods, budget_deltas, budget_events cascade`;
});

const options = () => ({ db: rig.deps.db, reportingTimeZone: 'UTC', cheaperModel: null, leaseMs: LEASE_MS });
const askFor = (attempt: number, startedAt = new Date()) => ({
  operation: 'tarot_card' as const, model: MODEL, userId: 7, plan: 'free' as const, updateId: 3, askId: uuidv7(), attempt, promptTokensMax: 100, completionTokensMax: 100, startedAt,
});
async function reserve(startedAt = new Date()): Promise<string> {
  const [reservation] = await reserveGenerations(options(), [askFor(1, startedAt)]);
  if (reservation?.kind !== 'granted') throw new Error('refused');
  return reservation.requestId;
}
const trace = { durationMs: 900, responseModel: MODEL, provider: 'p', finishReason: 'stop', usage: null };
const answered = (generationId: string | null, costUsd: string): LlmOutcome => ({ kind: 'answered', text: 'The Star', ...trace, generationId, bill: { costUsd, isByok: false } });
const finish = (requestId: string, outcome = answered(null, '0.25'), assessment: Assessment = assessOutcome(outcome, null)) =>
  finishGeneration(rig.deps.db, { requestId, startedAt: new Date(), outcome, assessment, finishedAt: new Date(), reportingTimeZone: 'UTC' });
const found = { kind: 'found', costUsd: '0.25', isByok: false, model: MODEL, provider: 'p', finishReason: 'stop', usage: null } as const;
const countedUsd = async () => {
  const [row] = await rig.database.handle.sql`
    select (select coalesce(sum(committed_usd), 0) from budget_periods) + (select coalesce(sum(amount_usd), 0) from budget_deltas) as usd`;
  return Number(row?.['usd']);
};

test('of ten that book the same attempt at once one does, the others are told of the conflict, and the budget counts it once', async () => {
  await rig.addBudget({ limitUsd: '100', steps: [{ percent: 100, action: 'stop' }] });
  const requestId = await reserve();
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => finish(requestId)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
  expect(await rig.row(requestId)).toMatchObject({ status: 'settled', costUsd: '0.250000000000' });
  expect(await countedUsd()).toBe(0.25);
});

test('an attempt that was never reserved cannot be booked', async () => {
  await expect(finish(uuidv7())).rejects.toMatchObject({ code: 'conflict' });
  expect(await rig.deps.db.$count(aiUsage)).toBe(0);
});

test('what came late is booked over "interrupted", and never over what is known', async () => {
  const requestId = await reserve(new Date(Date.now() - 2 * LEASE_MS));
  expect(await reconcileGenerations(rig.deps.db, new Date())).toBe(1);
  await finish(requestId, answered('gen-late', '0.5'));
  expect(await rig.row(requestId)).toMatchObject({ status: 'settled', costUsd: '0.500000000000', errorType: null, generationId: 'gen-late' });
  await expect(finish(requestId, answered('gen-other', '9'))).rejects.toMatchObject({ code: 'conflict' });
  expect(await rig.row(requestId)).toMatchObject({ costUsd: '0.500000000000', generationId: 'gen-late' });
});

test('an answer that comes late and a look-up that finds it at once book it once, and the budget counts it once', async () => {
  await rig.addBudget({ limitUsd: '100', steps: [{ percent: 100, action: 'stop' }] });
  for (let round = 0; round < 8; round += 1) {
    await rig.database.handle.sql`delete from ai_usage`;
    await rig.database.handle.sql`delete from budget_deltas`;
    await rig.database.handle.sql`delete from budget_periods`;
    const requestId = await reserve(new Date(Date.now() - 2 * LEASE_MS));
    await reconcileGenerations(rig.deps.db, new Date());
    const [late, lookup] = await Promise.allSettled([finish(requestId), settleUnknown(rig.deps.db, { requestId, found, at: new Date(), reportingTimeZone: 'UTC' })]);
    const hasBooked = [late.status === 'fulfilled', lookup.status === 'fulfilled' && lookup.value !== null];
    expect(hasBooked.filter(Boolean)).toHaveLength(1);
    expect(await rig.row(requestId)).toMatchObject({ status: 'settled', costUsd: '0.250000000000' });
    expect(await countedUsd()).toBe(0.25);
  }
});

test('an unknown cost that several find at once is settled once', async () => {
  const requestId = await seedGeneration(rig.deps.db, { startedAt: new Date(), status: 'unknown', costUsd: null, costSource: 'none', generationId: 'gen-1' });
  const results = await Promise.all(Array.from({ length: 6 }, () => settleUnknown(rig.deps.db, { requestId, found, at: new Date(), reportingTimeZone: 'UTC' })));
  expect(results.filter((result) => result !== null)).toEqual([{ operation: 'tarot_card', model: 'google/gemini-2.5-flash', deltaUsd: '0.25', deltaPromptTokens: 0, deltaCompletionTokens: 0 }]);
});

test('a look-up that knows no tokens keeps those that are on record', async () => {
  const requestId = await seedGeneration(rig.deps.db, { startedAt: new Date(), status: 'unknown', costUsd: null, costSource: 'none', promptTokens: 11, completionTokens: 22, provider: 'first' });
  await settleUnknown(rig.deps.db, { requestId, found, at: new Date(), reportingTimeZone: 'UTC' });
  expect(await rig.row(requestId)).toMatchObject({ promptTokens: 11, completionTokens: 22, provider: 'first', costSource: 'lookup' });
});

test('a correction that several make at once is made once, and none is made of a row that is not settled', async () => {
  const requestId = await seedGeneration(rig.deps.db, { startedAt: new Date(), costUsd: '0.1', costSource: 'estimated' });
  const correct = (id: string) => correctCost(rig.deps.db, { requestId: id, costUsd: '0.3', source: 'lookup', at: new Date(), reportingTimeZone: 'UTC' });
  const results = await Promise.all(Array.from({ length: 6 }, () => correct(requestId)));
  expect(results.filter((result) => result !== null)).toMatchObject([{ deltaUsd: '0.2' }]);
  for (const status of ['reserved', 'unknown', 'void'] as const) {
    expect(await correct(await seedGeneration(rig.deps.db, { startedAt: new Date(), status, costUsd: null, costSource: 'none' }))).toBeNull();
  }
  expect(await correct(uuidv7())).toBeNull();
  expect(await rig.deps.db.$count(aiCostCorrections)).toBe(1);
});

test('an attempt is lost when its lease has ended and not a millisecond earlier, once however many look', async () => {
  const startedAt = new Date('2026-11-25T10:00:00.000Z');
  await Promise.all([reserve(startedAt), reserve(startedAt), reserve(new Date(startedAt.getTime() + 1))]);
  await seedGeneration(rig.deps.db, { startedAt });
  const at = (ms: number) => new Date(startedAt.getTime() + LEASE_MS + ms);
  expect(await reconcileGenerations(rig.deps.db, at(0))).toBe(0);
  const counts = await Promise.all(Array.from({ length: 4 }, () => reconcileGenerations(rig.deps.db, at(1))));
  expect(counts.toSorted()).toEqual([0, 0, 0, 2]);
  await releaseReservations(rig.deps.db);
  expect(await reconcileGenerations(rig.deps.db, startedAt)).toBe(1);
  const rows = await rig.deps.db.select({ status: aiUsage.status, costUsd: aiUsage.costUsd }).from(aiUsage);
  expect(rows.filter(({ status, costUsd }) => status === 'unknown' && costUsd === null)).toHaveLength(3);
});

test('of what is lost only that which has an id is looked up', async () => {
  const [known, nameless] = await Promise.all([reserve(new Date(0)), reserve(new Date(0))]);
  await noteGenerationId(rig.deps, known, 'gen-known');
  const now = new Date();
  await reconcileGenerations(rig.deps.db, now);
  expect((await rig.row(known)).nextLookupAt).toEqual(now);
  expect((await rig.row(nameless)).nextLookupAt).toBeNull();
});

test('the first id of a generation stays, one that is taken is left out, and neither is an error to the caller', async () => {
  const [first, second] = await Promise.all([reserve(), reserve()]);
  await noteGenerationId(rig.deps, first, 'gen-a');
  await noteGenerationId(rig.deps, first, 'gen-b');
  await noteGenerationId({ ...rig.deps, logger: createLogger('silent') }, second, 'gen-a');
  expect([(await rig.row(first)).generationId, (await rig.row(second)).generationId]).toEqual(['gen-a', null]);
});

test('only the id of a generation that is in the ledger counts as taken', async () => {
  const id = await seedGeneration(rig.deps.db, { startedAt: new Date(), generationId: 'gen-x' });
  const fault = (row: object) => seedGeneration(rig.deps.db, { startedAt: new Date(), ...row }).catch((error: unknown) => error);
  expect(isGenerationIdTaken(await fault({ generationId: 'gen-x' }))).toBe(true);
  expect(isGenerationIdTaken(await fault({ requestId: id }))).toBe(false);
  expect(isGenerationIdTaken(await fault({ costUsd: '-1' }))).toBe(false);
  expect(isGenerationIdTaken(new Error('ai_usage_generation_id_unique'))).toBe(false);
});

test('what was rejected, superseded or void never becomes delivered', async () => {
  for (const disposition of ['rejected', 'superseded', null] as const) {
    const requestId = await seedGeneration(rig.deps.db, { startedAt: new Date(), disposition });
    await markGenerationDelivered(rig.deps.db, requestId);
    expect((await rig.row(requestId)).disposition).toBe(disposition);
  }
});

test('attempts that are reserved together, by two at once, are one row each, and each is answered in its place', async () => {
  const asks = Array.from({ length: 150 }, (_, index) => ({ ...askFor(index + 1), userId: index }));
  const results = (await Promise.all([reserveGenerations(options(), asks.slice(0, 90)), reserveGenerations(options(), asks.slice(90))])).flat();
  const rows = new Map((await rig.deps.db.select().from(aiUsage)).map((row) => [row.requestId, row]));
  expect(rows.size).toBe(150);
  results.forEach((result, index) => {
    const row = result.kind === 'granted' ? rows.get(result.requestId) : undefined;
    expect(row).toMatchObject({ userId: index, attempt: index + 1, status: 'reserved', costUsd: null, costSource: 'none', leaseUntil: new Date((asks[index]?.startedAt.getTime() ?? 0) + LEASE_MS) });
  });
});

test('twenty that are due longest are asked for first, each once, and without a key nobody is', async () => {
  const due = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const rows = Array.from({ length: 25 }, (_, index) => ({ status: 'unknown' as const, costUsd: null, costSource: 'none' as const, generationId: `gen-none-${index}`, startedAt: new Date(), nextLookupAt: due(25 - index) }));
  for (const row of rows) await seedGeneration(rig.deps.db, row);
  expect(await lookUpCosts({ ...rig.deps, llm: null, onCostResolved: () => undefined })).toBe(0);
  expect(await rig.lookUp()).toBe(20);
  const left = await rig.deps.db.select({ generationId: aiUsage.generationId }).from(aiUsage).where(eq(aiUsage.lookupCount, 0));
  expect(left.map(({ generationId }) => generationId).toSorted()).toEqual(['gen-none-0', 'gen-none-1', 'gen-none-2', 'gen-none-3', 'gen-none-4']);
  expect(await rig.lookUp()).toBe(5);
});

test('a user has one pseudonym, which neither another user nor another installation shares, and which does not show the id', () => {
  const tags = [userTag('a', 7), userTag('a', 8), userTag('b', 7), userTag('a', 77)];
  expect(new Set(tags).size).toBe(4);
  expect(userTag('a', 7)).toBe(tags[0]);
  for (const tag of tags) expect(tag).toMatch(/^[\da-f]{32}$/);
});
