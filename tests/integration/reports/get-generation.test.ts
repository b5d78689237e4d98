import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { aiCostCorrections, aiUsage } from '#db/schema/index.ts';
import { loadConfig } from '#server/config.ts';
import { GenerationStory } from '#server/contracts/generations.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { getGeneration } from '#server/services/reports/get-generation.ts';
import { createCaller } from '#server/trpc/router.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const SECOND_MS = 1_000;
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * SECOND_MS);
const OPEN = { costUsd: null, costSource: 'none' } as const;
const UPDATE_ID = 5_001;

let database: TestDatabase;
let db: Database;
let anna: number;

const story = (requestId: string) => getGeneration({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, { requestId });

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database.handle);
  await db.execute(`select ensure_interactions_partitions('2026-10-01', '2026-12-31')`);
  anna = await seedUser(db);
});
afterAll(() => database.drop());

/** A timeout, a text that was too short, and one that was delivered by another model. */
async function seedAsk(): Promise<{ first: string; second: string; third: string }> {
  const shared = { askId: randomUUID(), userId: anna, updateId: UPDATE_ID };
  const third = await seedGeneration(db, { ...shared, attempt: 3, startedAt: secondsAgo(80), disposition: 'delivered', costUsd: '0.2', responseModel: 'b/served', cachedPromptTokens: 40, reasoningTokens: 10, isByok: false, timeToFirstTokenMs: 321, generationId: `gen-${randomUUID()}` });
  const first = await seedGeneration(db, { ...shared, attempt: 1, startedAt: secondsAgo(100), status: 'void', errorType: 'timeout', ...OPEN });
  const second = await seedGeneration(db, { ...shared, attempt: 2, startedAt: secondsAgo(90), disposition: 'rejected', errorType: 'too_short', costUsd: '0.000000000001' });
  return { first, second, third };
}

/** Corrects a cost as the ledger's trigger demands: first the row that says so. */
async function correct(requestId: string, oldCostUsd: string, newCostUsd: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(aiCostCorrections).values({ requestId, oldCostUsd, newCostUsd, oldSource: 'billed', newSource: 'billed', at: NOW });
    await tx.update(aiUsage).set({ costUsd: newCostUsd }).where(eq(aiUsage.requestId, requestId));
  });
}

test('an id that is not in the ledger is not found', async () => {
  await seedGeneration(db, { startedAt: secondsAgo(5) });
  await expect(story(randomUUID())).rejects.toMatchObject({ code: 'not_found' });
});

test('the API says of an unknown id that it is not found, and of a known one its story', async () => {
  const requestId = await seedGeneration(db, { startedAt: secondsAgo(6) });
  const api = createCaller({
    session: { adminId: 1, email: 'viewer@example.org', role: 'viewer' },
    reports: { db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' },
    models: loadConfig({}).models,
    health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
    drift: null,
    parity: null,
    sandboxChat: null,
  });
  await expect(api.generations.get({ requestId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await api.generations.get({ requestId })).toMatchObject({ requestId, outcome: 'wasted' });
});

test('the story of any attempt of an ask holds all of its attempts in their order, and no other', async () => {
  const { first, second, third } = await seedAsk();
  await seedAsk();
  for (const requestId of [first, second, third]) {
    const told = GenerationStory.parse(await story(requestId));
    expect(told.requestId).toBe(requestId);
    expect(told.attempts.map((attempt) => attempt.requestId)).toEqual([first, second, third]);
  }
});

test('the cost of an ask is the exact sum of its attempts, and the outcome is that a text was delivered', async () => {
  const { second } = await seedAsk();
  expect(await story(second)).toMatchObject({ totalUsd: '0.200000000001', openCount: 0, outcome: 'delivered', updateId: UPDATE_ID });
});

test('an attempt is told with every field of its row', async () => {
  const { third } = await seedAsk();
  const [row] = await db.select().from(aiUsage).where(eq(aiUsage.requestId, third));
  const told = (await story(third)).attempts.at(-1);
  const { askId: _askId, ...fields } = row ?? {};
  expect({ ...told, corrections: undefined }).toEqual({ ...JSON.parse(JSON.stringify(fields)), corrections: undefined });
});

test('corrections stand at their attempt in the order in which they were made, and the sum follows them', async () => {
  const { second, third } = await seedAsk();
  await correct(third, '0.2', '0.25');
  await correct(third, '0.25', '0.21');
  const told = await story(second);
  expect(told.attempts.map((attempt) => attempt.corrections.map(({ oldUsd, newUsd }) => [oldUsd, newUsd]))).toEqual([
    [],
    [],
    [['0.200000000000', '0.250000000000'], ['0.250000000000', '0.210000000000']],
  ]);
  expect(told.totalUsd).toBe('0.210000000001');
});

test.each([
  ['what was paid for and not delivered is wasted', { disposition: 'rejected', errorType: 'cut_off' }, { outcome: 'wasted', openCount: 0 }],
  ['what cost nothing is void', { status: 'void', errorType: 'rate_limited', ...OPEN }, { outcome: 'void', openCount: 0, totalUsd: '0.000000000000' }],
  ['what a crash left is open', { status: 'unknown', errorType: 'interrupted', ...OPEN }, { outcome: 'open', openCount: 1 }],
  ['what still runs is open', { status: 'reserved', ...OPEN }, { outcome: 'open', openCount: 1 }],
] as const)('%s', async (_name, row, expected) => {
  expect(await story(await seedGeneration(db, { startedAt: secondsAgo(3), ...row }))).toMatchObject(expected);
});

test('the update that asked is told with how it ended', async () => {
  const requestId = await seedGeneration(db, { startedAt: secondsAgo(50), userId: anna, updateId: 6_001 });
  await seedInteraction(db, { at: secondsAgo(48), userId: anna, updateId: 6_002, outcome: 'failed', errorType: 'internal' });
  expect((await story(requestId)).interaction).toBeNull();
  await seedInteraction(db, { at: secondsAgo(47), userId: anna, updateId: 6_001, readingSource: 'model', durationMs: 2_500, updateAgeMs: 3_000 });
  expect((await story(requestId)).interaction).toEqual({
    at: secondsAgo(47).toISOString(), handler: 'tarot', outcome: 'ok', errorType: null, readingSource: 'model', durationMs: 2_500, updateAgeMs: 3_000,
  });
});

test('an attempt that nobody’s update asked for has neither update nor interaction', async () => {
  const requestId = await seedGeneration(db, { startedAt: secondsAgo(40), userId: null });
  expect(await story(requestId)).toMatchObject({ updateId: null, interaction: null });
});
