import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GenerationPage, ListGenerationsInput } from '#server/contracts/generations.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { encodeCursor } from '#server/services/reports/generation-cursor.ts';
import { listGenerations } from '#server/services/reports/list-generations.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
const OPEN = { costUsd: null, costSource: 'none' } as const;

let database: TestDatabase;
let anna: number;
let boris: number;
const ids: Record<string, string> = {};

const list = (input: ListGenerationsInput = {}) =>
  listGenerations({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, ListGenerationsInput.parse(input));
const names = async (input: ListGenerationsInput) => {
  const { rows } = await list(input);
  return rows.map(({ requestId }) => Object.keys(ids).find((name) => ids[name] === requestId));
};

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  [anna, boris] = [await seedUser(db), await seedUser(db)];
  const seed = async (name: string, row: Parameters<typeof seedGeneration>[1]) => {
    ids[name] = await seedGeneration(db, row);
  };
  await seed('card', { startedAt: hoursAgo(1), userId: anna, disposition: 'delivered', costUsd: '0.000000000001' });
  await seed('chart', { startedAt: hoursAgo(2), userId: boris, disposition: 'delivered', operation: 'natal_chart', model: 'other/model', costUsd: '0.3', costSource: 'estimated' });
  await seed('short', { startedAt: hoursAgo(3), userId: anna, disposition: 'rejected', errorType: 'too_short', costUsd: '0.02', costSource: 'lookup', attempt: 2 });
  await seed('failed', { startedAt: hoursAgo(4), userId: anna, status: 'void', errorType: 'timeout', ...OPEN });
  await seed('lost', { startedAt: hoursAgo(5), userId: null, status: 'unknown', errorType: 'interrupted', ...OPEN });
  await seed('running', { startedAt: hoursAgo(0.5), userId: boris, status: 'reserved', promptTokens: null, completionTokens: null, durationMs: null, ...OPEN });
  await seed('old', { startedAt: hoursAgo(24 * 20), userId: anna, disposition: 'delivered', costUsd: '0.1' });
});
afterAll(() => database.drop());

test('the newest attempt comes first, and each fits the contract', async () => {
  expect(await names({})).toEqual(['running', 'card', 'chart', 'short', 'failed', 'lost']);
  expect(GenerationPage.parse(await list())).toMatchObject({ nextCursor: null, range: { preset: '7d', timeZone: 'UTC' } });
});

test('what is not known of an attempt is null and never zero', async () => {
  const [running] = (await list()).rows;
  expect(running).toMatchObject({ costUsd: null, promptTokens: null, completionTokens: null, durationMs: null, disposition: null, errorType: null });
});

test('the range bounds the list: its start is in it, its end is not', async () => {
  expect(await names({ range: '30d' })).toContain('old');
  expect(await names({ from: hoursAgo(3).toISOString(), to: hoursAgo(1).toISOString() })).toEqual(['chart', 'short']);
});

test.each<[string, () => ListGenerationsInput, string[]]>([
  ['operation', () => ({ operation: 'natal_chart' }), ['chart']],
  ['model', () => ({ model: 'other/model' }), ['chart']],
  ['user', () => ({ user: anna }), ['card', 'short', 'failed']],
  ['status', () => ({ status: 'unknown' }), ['lost']],
  ['disposition', () => ({ disposition: 'rejected' }), ['short']],
  ['absence of a disposition', () => ({ disposition: 'none' }), ['running', 'failed', 'lost']],
  ['error type', () => ({ errorType: 'timeout' }), ['failed']],
  ['absence of an error', () => ({ errorType: 'none' }), ['running', 'card', 'chart']],
  ['cost source', () => ({ costSource: 'estimated' }), ['chart']],
  ['least cost', () => ({ minUsd: '0.02' }), ['chart', 'short']],
  ['greatest cost', () => ({ maxUsd: '0.02' }), ['card', 'short']],
  ['range of cost, to the last digit', () => ({ minUsd: '0.000000000001', maxUsd: '0.000000000001' }), ['card']],
  ['several at once', () => ({ user: anna, errorType: 'too_short', minUsd: '0.01' }), ['short']],
  ['something that nothing fits', () => ({ user: boris, status: 'void' }), []],
])('the list is narrowed by %s', async (_name, input, expected) => {
  expect(await names(input())).toEqual(expected);
});

test('a page holds as many rows as were asked for and leads to the next by its cursor', async () => {
  const first = await list({ limit: 4 });
  expect(first.rows).toHaveLength(4);
  const second = await list({ limit: 4, cursor: first.nextCursor ?? '' });
  expect(second).toMatchObject({ nextCursor: null });
  expect([...first.rows, ...second.rows]).toEqual((await list()).rows);
});

test('the last full page leads nowhere', async () => {
  expect((await list({ limit: 6 })).nextCursor).toBeNull();
});

test('a cursor keeps the filters company', async () => {
  const first = await list({ user: anna, limit: 2 });
  expect(await names({ user: anna, limit: 2, cursor: first.nextCursor ?? '' })).toEqual(['failed']);
});

test.each([
  ['of another alphabet', Buffer.from('somewhere else').toString('base64url')],
  ['without a request', Buffer.from('2026-11-20T12:00:00.000000Z').toString('base64url')],
  ['of a day that does not exist', encodeCursor({ startedAt: '2026-02-30T12:00:00.000000Z', requestId: randomUUID() })],
  ['of the year 0', encodeCursor({ startedAt: '0000-02-20T12:00:00.000000Z', requestId: randomUUID() })],
  ['with more behind it', encodeCursor({ startedAt: '2026-02-20T12:00:00.000000Z', requestId: `${randomUUID()} or true` })],
])('a cursor %s is refused in words', async (_name, cursor) => {
  await expect(list({ cursor })).rejects.toMatchObject({ code: 'bad_input', message: 'cursor is not one that this list gave out' });
});
