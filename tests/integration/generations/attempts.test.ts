import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BREAKER_FAILURES_MAX } from '#server/ai/breakers.ts';
import { FALLBACK, MODEL, startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterEach(() => rig.openRouter.clearFaults());
afterAll(() => rig.close());

/** A client of its own for each test: no breaker remembers the test before. */
const fresh = (options = {}) => ({ deps: { llm: rig.openRouter.client({ timeoutMs: 3_000, ...options }) } });

test('a failure that was not billed is tried again, and each attempt is its own row of one reading', async () => {
  await rig.openRouter.addFault({ mode: '503' });
  const { result, rows } = await rig.read(fresh());
  expect(result).toMatchObject({ status: 'answered', source: 'model' });
  expect(rows.map(({ attempt, status, errorType, model }) => [attempt, status, errorType, model])).toEqual([
    [1, 'void', 'provider_error', MODEL],
    [2, 'settled', null, MODEL],
  ]);
  expect(new Set(rows.map(({ askId }) => askId)).size).toBe(1);
});

test('when a model keeps failing, the next of the chain answers', async () => {
  await rig.openRouter.addFault({ mode: '502', times: 2 });
  const { result, rows } = await rig.read(fresh());
  expect(result.status).toBe('answered');
  expect(rows.map(({ model, status }) => [model, status])).toEqual([[MODEL, 'void'], [MODEL, 'void'], [FALLBACK, 'settled']]);
});

test('when all fail, the reading ends with the last failure and as many rows as attempts', async () => {
  await rig.openRouter.addFault({ mode: '500', times: 50 });
  const { result, rows } = await rig.read(fresh());
  expect(result).toEqual({ status: 'failed', errorType: 'provider_error' });
  expect(rows).toHaveLength(4);
  expect(rows.every(({ status, costUsd }) => status === 'void' && costUsd === null)).toBe(true);
});

test('a short Retry-After is waited for', async () => {
  await rig.openRouter.addFault({ mode: '429', retryAfterSeconds: 1 });
  const startedAt = performance.now();
  const { rows } = await rig.read(fresh());
  expect(performance.now() - startedAt).toBeGreaterThan(990);
  expect(rows.map(({ model }) => model)).toEqual([MODEL, MODEL]);
});

test('a long Retry-After sends the reading to the next model at once', async () => {
  await rig.openRouter.addFault({ mode: '429', retryAfterSeconds: 60 });
  const startedAt = performance.now();
  const { result, rows } = await rig.read(fresh());
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(result.status).toBe('answered');
  expect(rows.map(({ model, errorType }) => [model, errorType])).toEqual([[MODEL, 'rate_limited'], [FALLBACK, null]]);
});

test.each(['401', '402'] as const)('%s is the account\'s fault and is not tried again', async (mode) => {
  await rig.openRouter.addFault({ mode, times: 9 });
  expect((await rig.read(fresh())).rows).toHaveLength(1);
});

test.each(['403', '404', '400'] as const)('%s is the model\'s fault: the next one is asked, the same one not again', async (mode) => {
  await rig.openRouter.addFault({ mode });
  expect((await rig.read(fresh())).rows.map(({ model }) => model)).toEqual([MODEL, FALLBACK]);
});

test.each(['bill_then_hang', 'destroy_after_headers', 'cut_stream', 'truncated_json', 'html502'] as const)(
  'an answer lost after it may have been billed (%s) is not sent again blindly',
  async (mode) => {
    await rig.openRouter.addFault({ mode, times: 9 });
    const { result, rows } = await rig.read(fresh({ timeoutMs: 800 }));
    expect(result.status).toBe('failed');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: 'unknown', costUsd: null });
  },
);

test.each([
  ['short_content', 'too_short'],
  ['foreign_content', 'wrong_language'],
  ['content_filter', 'refused'],
] as const)('a text that must not be delivered (%s) is a rejected row with its cost, and another attempt follows', async (mode, errorType) => {
  await rig.openRouter.addFault({ mode });
  const { result, rows } = await rig.read(fresh());
  expect(result.status).toBe('answered');
  expect(rows[0]).toMatchObject({ status: 'settled', costSource: 'billed', disposition: 'rejected', errorType });
  expect(Number(rows[0]?.costUsd)).toBeGreaterThan(0);
  expect(rows[1]).toMatchObject({ status: 'settled', disposition: 'undelivered', errorType: null });
});

test('a Russian text passes when Russian was asked for', async () => {
  const { result, rows } = await rig.read({ ...fresh(), language: 'ru' });
  expect(result.status).toBe('answered');
  expect(rows).toHaveLength(1);
});

test('an empty answer that was paid for is superseded by the one that follows', async () => {
  await rig.openRouter.addFault({ mode: 'empty_content' });
  const { result, rows } = await rig.read(fresh());
  expect(result.status).toBe('answered');
  expect(rows.map(({ disposition, status }) => [disposition, status])).toEqual([['superseded', 'settled'], ['undelivered', 'settled']]);
});

test('a model that fails several times in a row is left alone, and its attempts are void rows', async () => {
  const { deps } = fresh({ attemptsMax: 1 });
  await rig.openRouter.addFault({ mode: '500', times: BREAKER_FAILURES_MAX });
  for (let failure = 0; failure < BREAKER_FAILURES_MAX; failure += 1) await rig.read({ deps });
  const before = (await rig.openRouter.journal()).entries.length;
  const { result, rows } = await rig.read({ deps: { ...deps, fallbackModels: [] } });
  expect(result).toEqual({ status: 'failed', errorType: 'circuit_open' });
  expect(rows[0]).toMatchObject({ status: 'void', errorType: 'circuit_open' });
  expect((await rig.openRouter.journal()).entries).toHaveLength(before);
});

test('while one model is left alone, the next answers', async () => {
  const { deps } = fresh({ attemptsMax: 2 });
  await rig.openRouter.addFault({ mode: '500', times: BREAKER_FAILURES_MAX });
  for (let reading = 0; reading < 3; reading += 1) await rig.read({ deps: { ...deps, fallbackModels: [] } });
  const { result, rows } = await rig.read({ deps });
  expect(result.status).toBe('answered');
  expect(rows.map(({ model, errorType }) => [model, errorType])).toEqual([[MODEL, 'circuit_open'], [FALLBACK, null]]);
});

test('the id of a generation is in the ledger while its answer is still on the way', async () => {
  await rig.openRouter.addFault({ mode: 'bill_then_hang' });
  let idAtHeaders: string | null = null;
  const { rows } = await rig.read({
    deps: {
      ...fresh({ timeoutMs: 800 }).deps,
      onCheckpoint: async (checkpoint) => {
        if (checkpoint !== 'after_headers') return;
        const [row] = await rig.database.handle.sql`select generation_id from ai_usage where status = 'reserved'`;
        idAtHeaders = String(row?.['generation_id']);
      },
    },
  });
  expect(idAtHeaders).toMatch(/^gen-/);
  expect(rows[0]?.generationId).toBe(idAtHeaders);
});

test('a streamed answer tells when its first words came', async () => {
  const { rows } = await rig.read(fresh());
  const [row] = rows;
  expect(row?.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
  expect(row?.timeToFirstTokenMs).toBeLessThanOrEqual(row?.durationMs ?? 0);
});

test('what a call may cost at most is reserved, and is never less than what it then costs', async () => {
  for (let reading = 0; reading < 5; reading += 1) {
    const [row] = (await rig.read(fresh())).rows;
    expect(Number(row?.reservedUsd)).toBeGreaterThanOrEqual(Number(row?.costUsd));
  }
});
