import { createServer } from 'node:http';
import Big from 'big.js';
import { desc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { aiUsage } from '#db/schema/index.ts';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { OPERATIONS } from '#server/contracts/vocabulary.ts';
import { fixedClock, systemClock } from '#server/lib/clock.ts';
import { createMetrics } from '#server/metrics/create-metrics.ts';
import { runGeneration } from '#server/services/generations/run-generation.ts';
import { recordPrices } from '#server/services/prices/record-prices.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { FALLBACK, MODEL, startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

/*
 * What a predecessor of this product got wrong about cost, tokens and its ledger: one test for each mistake, so that none comes back.
 */
let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterEach(() => rig.openRouter.clearFaults());
afterAll(() => rig.close());

const fresh = (options = {}) => ({ deps: { llm: rig.openRouter.client({ timeoutMs: 3_000, ...options }) } });
const overview = (now = new Date()) => getOverview({ db: rig.deps.db, clock: fixedClock(now), reportingTimeZone: 'Europe/Moscow' }, { range: '24h' });

test('a range with a time zone finds the ledger\'s rows, whose instants have one too', async () => {
  const before = (await overview(new Date(Date.now() + 1_000))).generations.totalCount;
  await rig.read(fresh());
  expect((await overview(new Date(Date.now() + 1_000))).generations.totalCount).toBe(before + 1);
});

test('a ledger that cannot be read is an error, never a page of zeros', async () => {
  const { sql } = rig.database.handle;
  await sql`alter table ai_usage rename to ai_usage_away`;
  await expect(overview()).rejects.toThrow('ai_usage');
  await sql`alter table ai_usage_away rename to ai_usage`;
});

test('a Telegram id beyond 32 bits is no key of the ledger: its user\'s cost is attributed to the user', async () => {
  const userId = await seedUser(rig.deps.db);
  const { rows } = await rig.read({ ...fresh(), userId });
  expect(rows[0]?.userId).toBe(userId);
  const [user] = await rig.database.handle.sql`select telegram_user_id from users where id = ${userId}`;
  expect(Number(user?.['telegram_user_id'])).toBeGreaterThan(2 ** 32);
});

test('every operation\'s cost has its user', async () => {
  for (const operation of OPERATIONS) {
    const prompt = { system: 'You are an astrologer. Answer in English.', user: `Tell me about ${operation}.`, completionTokensMax: 200 };
    await runGeneration({ ...rig.deps, ...fresh().deps }, { operation, userId: 11, plan: 'free', language: 'en', updateId: null, prompt, store: async () => undefined });
    const [row] = await rig.deps.db.select().from(aiUsage).where(eq(aiUsage.operation, operation)).orderBy(desc(aiUsage.startedAt)).limit(1);
    expect(row).toMatchObject({ userId: 11, status: 'settled' });
  }
});

test('a generation is in the ledger and in the metrics, or in neither', async () => {
  const [rowsBefore, heardBefore] = [await rig.deps.db.$count(aiUsage, eq(aiUsage.status, 'settled')), rig.finished.length];
  await rig.read(fresh());
  await rig.openRouter.addFault({ mode: '500', times: 9 });
  await rig.read(fresh({ attemptsMax: 2 }));
  const heard = rig.finished.slice(heardBefore);
  expect(heard.map(({ status }) => status)).toEqual(['settled', 'void', 'void']);
  expect(await rig.deps.db.$count(aiUsage, eq(aiUsage.status, 'settled'))).toBe(rowsBefore + 1);
});

test('the cost is read from usage.cost, not from fields that OpenRouter does not send', async () => {
  const server = createServer((_req, res) => {
    const body = {
      id: 'gen-1795624320-x', model: MODEL, x_openrouter: { cost: 9 }, cost: 8,
      choices: [{ finish_reason: 'stop', message: { content: 'The Star promises calm after a storm, and asks for patience.' } }],
      usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20, cost: 0.0000123, cost_details: { upstream_inference_cost: 0.0000123 } },
    };
    res.setHeader('x-cost', '7').setHeader('content-type', 'application/json').end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { rows } = await rig.read({ deps: { llm: createLlmClient({ baseUrl: `http://127.0.0.1:${port}/api/v1`, apiKey: 'sk-or-v1-test-0123456789' }) } });
  server.close();
  // Once, and not twice with the upstream cost, which is the same money.
  expect(rows[0]).toMatchObject({ costUsd: '0.000012300000', costSource: 'billed' });
});

test('an estimate takes the price of the model that served, at the time of the call', async () => {
  await recordPrices(rig.deps.db, [{ model: FALLBACK, promptUsd: '0.5', completionUsd: '0', requestUsd: '0', cachedPromptUsd: null }], new Date(Date.now() + 3_600_000));
  await rig.openRouter.addFault({ mode: 'missing_cost' });
  const models = { horoscope: FALLBACK, tarot_card: FALLBACK, tarot_three_cards: FALLBACK, natal_chart: FALLBACK };
  const { rows } = await rig.read({ deps: { ...fresh().deps, models } });
  const [row] = rows;
  const exact = new Big('0.0000004').times(row?.promptTokens ?? 0).plus(new Big('0.0000016').times(row?.completionTokens ?? 0));
  expect(row).toMatchObject({ costSource: 'estimated', costUsd: exact.toFixed(12) });
});

test('tokens with their parts, provider, finish reason, attempt and time to the first token are kept', async () => {
  const { rows } = await rig.read(fresh());
  expect(rows[0]).toMatchObject({
    attempt: 1, finishReason: expect.any(String) as string, provider: expect.any(String) as string, cachedPromptTokens: 0, reasoningTokens: 0,
    timeToFirstTokenMs: expect.any(Number) as number, promptTokens: expect.any(Number) as number, completionTokens: expect.any(Number) as number,
  });
});

test('money is a decimal in the ledger, and a cent is never lost to a float', async () => {
  const [column] = await rig.database.handle.sql`
    select data_type, numeric_precision, numeric_scale from information_schema.columns where table_name = 'ai_usage' and column_name = 'cost_usd'`;
  expect(column).toEqual({ data_type: 'numeric', numeric_precision: 20, numeric_scale: 12 });
  const userId = await seedUser(rig.deps.db);
  const startedAt = new Date('2026-01-05T00:00:00Z');
  for (const costUsd of ['0.1', '0.2', '19.99', '0.000000000001']) await seedGeneration(rig.deps.db, { userId, startedAt, costUsd });
  const { cost } = await getOverview({ db: rig.deps.db, clock: systemClock, reportingTimeZone: 'UTC' }, { from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' });
  expect(cost.totalUsd).toBe('20.290000000001');
});

test('a generation id is in the ledger once', async () => {
  const { rows } = await rig.read(fresh());
  const copy = seedGeneration(rig.deps.db, { startedAt: new Date(), generationId: rows[0]?.generationId ?? '' });
  await expect(copy).rejects.toMatchObject({ cause: { constraint_name: 'ai_usage_generation_id_unique' } });
});

test('an error keeps its own type, and its duration is measured too', async () => {
  await rig.openRouter.addFault({ mode: '429', times: 9, delayMs: 60 });
  const { rows } = await rig.read(fresh({ attemptsMax: 1 }));
  expect(rows[0]).toMatchObject({ errorType: 'rate_limited', status: 'void' });
  expect(rows[0]?.durationMs).toBeGreaterThanOrEqual(60);
  expect(rig.finished.at(-1)).toMatchObject({ errorType: 'rate_limited', durationMs: rows[0]?.durationMs });
});

test('answers that the validator rejects are waste with their cost, not success', async () => {
  await rig.openRouter.addFault({ mode: 'short_content' });
  const before = rig.finished.length;
  const { rows } = await rig.read(fresh());
  expect(rows.map(({ disposition, errorType }) => [disposition, errorType])).toEqual([['rejected', 'too_short'], ['undelivered', null]]);
  expect(rig.finished.slice(before).map(({ errorType }) => errorType)).toEqual(['too_short', null]);
});

test('after a fallback the first model\'s failure is counted, and the second\'s duration is its own', async () => {
  await rig.openRouter.addFault({ mode: '404', delayMs: 300 });
  const { rows } = await rig.read(fresh());
  expect(rows.map(({ model, errorType }) => [model, errorType])).toEqual([[MODEL, 'not_found'], [FALLBACK, null]]);
  const [first, second] = rows.map(({ durationMs, startedAt, finishedAt }) => ({ durationMs, startedMs: startedAt.getTime(), finishedMs: finishedAt?.getTime() ?? NaN }));
  expect(first?.durationMs).toBeGreaterThanOrEqual(300);
  expect(second?.startedMs).toBeGreaterThanOrEqual(first?.finishedMs ?? NaN);
  // Its instants are whole milliseconds, cut off.
  expect(second?.durationMs).toBeLessThanOrEqual((second?.finishedMs ?? NaN) - (second?.startedMs ?? NaN) + 1);
});

test('equal names of different vendors are different models in the metrics', async () => {
  const models = ['acme/star', 'other/star'];
  const metrics = createMetrics({ version: '1', commit: 'unknown', nodeVersion: 'v24', models, schedules: [] });
  for (const [index, model] of models.entries()) {
    metrics.ai.recordGeneration({ operation: 'horoscope', model, status: 'settled', durationMs: 1, usage: null, costUsd: `0.${index + 1}`, costSource: 'billed' });
  }
  expect(models.map((model) => metrics.ai.costUsd('horoscope', model))).toEqual(['0.100000000000', '0.200000000000']);
});

test('cost per paying user is the cost of those who pay, by those who pay, and without anybody it is undefined, not the whole cost', async () => {
  const at = new Date('2026-02-10T12:00:00Z');
  const range = { from: '2026-02-10T00:00:00Z', to: '2026-02-11T00:00:00Z' };
  await rig.database.handle.sql`select ensure_interactions_partitions('2026-01-01', '2026-04-01')`;
  const ask = () => getOverview({ db: rig.deps.db, clock: systemClock, reportingTimeZone: 'UTC' }, range);
  const [payer, guest] = [await seedUser(rig.deps.db), await seedUser(rig.deps.db)];
  await seedGeneration(rig.deps.db, { startedAt: at, userId: guest, costUsd: '5' });
  expect((await ask()).cost).toMatchObject({ perPayingUserUsd: null, perActiveUserUsd: null });
  await seedGeneration(rig.deps.db, { startedAt: at, userId: payer, costUsd: '3' });
  for (const userId of [payer, guest]) await seedInteraction(rig.deps.db, { at, userId });
  await seedPayment(rig.deps.db, { userId: payer, paidAt: new Date('2026-02-01T00:00:00Z') });
  expect((await ask()).cost).toMatchObject({ perPayingUserUsd: '3.000000000000', perActiveUserUsd: '4.000000000000' });
});
