import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { aiUsage } from '#db/schema/index.ts';
import { createRunAttempts } from '#server/ai/run-attempts.ts';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { systemClock } from '#server/lib/clock.ts';
import { sleep } from '#server/lib/sleep.ts';
import { createLogger } from '#server/lib/logger.ts';
import { startOpenRouterStandIn } from '#server/sandbox/openrouter/create-stand-in.ts';
import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import { reserveGenerations } from '#server/services/generations/reserve-generations.ts';
import { runGeneration } from '#server/services/generations/run-generation.ts';
import type { FinishedGeneration, GenerationDeps } from '#server/services/generations/types.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const MODEL = 'google/gemini-2.5-flash';
const prompt = { system: 'You are a tarot reader. Answer in English.', user: 'The card is The Star (upright).', completionTokensMax: 400 };

let database: TestDatabase;
let standIn: Awaited<ReturnType<typeof startOpenRouterStandIn>>;
let deps: GenerationDeps;
const heard: FinishedGeneration[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  standIn = await startOpenRouterStandIn({ port: 0, seed: 1, latencyScale: 0 });
  const llm = createLlmClient({ baseUrl: standIn.url, apiKey: 'sk-or-v1-sandbox', timeoutMs: 1_500, attemptsMax: 1 });
  deps = {
    db: database.handle.db,
    llm,
    clock: systemClock,
    logger: createLogger('silent'),
    models: { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL },
    pseudonymSecret: 'a secret of this test',
    onGenerationFinished: (generation) => heard.push(generation),
  };
  await refreshPrices({ db: database.handle.db, llm, clock: systemClock });
});
afterEach(async () => {
  await fetch(`${standIn.controlUrl}/faults`, { method: 'DELETE' });
});
afterAll(async () => {
  await standIn.close();
  await database.drop();
});

async function run(fault?: object) {
  if (fault) {
    const armed = await fetch(`${standIn.controlUrl}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) });
    expect(armed.ok).toBe(true);
  }
  const stored: string[] = [];
  const before = new Set((await deps.db.select({ id: aiUsage.requestId }).from(aiUsage)).map((row) => row.id));
  const result = await runGeneration(deps, {
    operation: 'tarot_card', userId: 7, plan: 'free', updateId: 1, language: 'en', prompt,
    store: async (_tx, { text }) => void stored.push(text),
  });
  const rows = (await deps.db.select().from(aiUsage)).filter((row) => !before.has(row.requestId));
  expect(rows).toHaveLength(1);
  const [row] = rows;
  if (!row) throw new Error('no row');
  return { result, row, stored };
}

const requireLlm = ({ llm }: GenerationDeps) => {
  if (!llm) throw new Error('no client');
  return llm;
};

const journal = async () => {
  const response = await fetch(`${standIn.controlUrl}/journal`);
  return (await response.json()) as { entries: { generationId: string; costUsd: string; outcome: string }[] };
};

test('an answer is one settled row whose cost is what the provider billed, and its text is stored', async () => {
  const { result, row, stored } = await run();
  const billed = (await journal()).entries.find((entry) => entry.generationId === row.generationId);
  expect(result).toMatchObject({ status: 'answered', requestId: row.requestId });
  expect(stored).toHaveLength(1);
  expect(row).toMatchObject({ status: 'settled', costSource: 'billed', errorType: null, disposition: 'undelivered', userId: 7, model: MODEL, isByok: false });
  expect(Number(row.costUsd)).toBe(Number(billed?.costUsd));
  expect(heard.at(-1)).toMatchObject({ status: 'settled', costUsd: billed?.costUsd });
});

test('with a key of one\'s own, the cost is the fee and the provider\'s charge together', async () => {
  const { row } = await run({ mode: 'byok' });
  const billed = (await journal()).entries.find((entry) => entry.generationId === row.generationId);
  expect(row).toMatchObject({ status: 'settled', costSource: 'billed', isByok: true });
  expect(Number(row.costUsd)).toBe(Number(billed?.costUsd));
  expect(Number(row.costUsd)).toBeGreaterThan(0);
});

test('a bill without a cost is estimated from the price list and marked as an estimate', async () => {
  const { row } = await run({ mode: 'missing_cost' });
  expect(row).toMatchObject({ status: 'settled', costSource: 'estimated' });
  const exact = (0.0000003 * (row.promptTokens ?? 0) + 0.0000025 * (row.completionTokens ?? 0)).toFixed(12);
  expect(row.costUsd).toBe(exact);
});

test('an answer without usage is unknown, not free, and the user has the text all the same', async () => {
  const { result, row, stored } = await run({ mode: 'missing_usage' });
  expect(result.status).toBe('answered');
  expect(stored).toHaveLength(1);
  expect(row).toMatchObject({ status: 'unknown', costUsd: null, costSource: 'none' });
});

test.each([
  ['429', 'rate_limited'],
  ['402', 'payment_required'],
  ['401', 'unauthorized'],
  ['500', 'provider_error'],
  ['error_in_200', 'error_in_body'],
])('%s is a void row with its reason and no cost', async (mode, errorType) => {
  const { result, row, stored } = await run({ mode });
  expect(result).toEqual({ status: 'failed', errorType });
  expect(stored).toEqual([]);
  expect(row).toMatchObject({ status: 'void', costUsd: null, errorType });
});

test('a call that hangs after it was billed is unknown, never zero and never guessed', async () => {
  const { result, row } = await run({ mode: 'bill_then_hang' });
  expect(result).toEqual({ status: 'failed', errorType: 'timeout' });
  expect(row).toMatchObject({ status: 'unknown', costUsd: null, errorType: 'timeout' });
});

test('when the text cannot be stored, its cost is booked all the same', async () => {
  const failing = runGeneration(deps, {
    operation: 'tarot_card', userId: 7, plan: 'free', updateId: 99, language: 'en', prompt,
    store: () => Promise.reject(new Error('disk full')),
  });
  await expect(failing).rejects.toThrow('disk full');
  const [row] = await deps.db.select().from(aiUsage).where(eq(aiUsage.updateId, 99));
  expect(row).toMatchObject({ status: 'settled', costSource: 'billed', disposition: 'undelivered' });
});

test('a generation id that is already in the ledger is booked once, and the second attempt is booked without it', async () => {
  const { row: first } = await run();
  const billed = async () => ({ kind: 'answered' as const, text: 'The Star shines again: hope, calm water and a clear night sky.', durationMs: 1, generationId: first.generationId, responseModel: MODEL, provider: null, finishReason: 'stop', usage: null, bill: { costUsd: '0.5', isByok: false } });
  const llm = { ...requireLlm(deps), generate: billed, run: createRunAttempts({ generate: billed, sleep }) };
  const result = await runGeneration({ ...deps, llm }, { operation: 'tarot_card', userId: 7, plan: 'free', updateId: 100, language: 'en', prompt, store: async () => undefined });
  expect(result.status).toBe('answered');
  const [row] = await deps.db.select().from(aiUsage).where(eq(aiUsage.updateId, 100));
  expect(row).toMatchObject({ status: 'settled', costUsd: '0.500000000000', generationId: null });
});

test('the reconciler books reservations that a crash left as unknown, and only those', async () => {
  const now = new Date();
  const ask = { operation: 'tarot_card', model: MODEL, userId: 7, plan: 'free', updateId: 3, attempt: 1, promptTokensMax: 100, completionTokensMax: 100 } as const;
  const reserve = async (startedAt: Date) => {
    const options = { db: deps.db, reportingTimeZone: 'UTC', cheaperModel: null, leaseMs: 60_000 };
    const [reservation] = await reserveGenerations(options, [{ ...ask, askId: uuidv7(), startedAt }]);
    if (reservation?.kind !== 'granted') throw new Error('refused');
    return reservation;
  };
  const left = await reserve(new Date(now.getTime() - 61_000));
  const running = await reserve(now);
  expect(await reconcileGenerations(deps.db, now)).toBe(1);
  const statusOf = async (requestId: string) => (await deps.db.select().from(aiUsage).where(eq(aiUsage.requestId, requestId)))[0];
  expect(await statusOf(left.requestId)).toMatchObject({ status: 'unknown', errorType: 'interrupted', costUsd: null });
  expect(await statusOf(running.requestId)).toMatchObject({ status: 'reserved' });
});

test('delivery is noted on a booked attempt and on no other', async () => {
  const { row } = await run();
  await markGenerationDelivered(deps.db, row.requestId);
  await markGenerationDelivered(deps.db, row.requestId);
  const { row: failed } = await run({ mode: '503' });
  await markGenerationDelivered(deps.db, failed.requestId);
  const dispositionOf = async (requestId: string) => (await deps.db.select().from(aiUsage).where(eq(aiUsage.requestId, requestId)))[0]?.disposition;
  expect(await dispositionOf(row.requestId)).toBe('delivered');
  expect(await dispositionOf(failed.requestId)).toBeNull();
});
