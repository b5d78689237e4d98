import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LlmClientOptions, LlmRequestEvent } from '#server/ai/create-llm-client.ts';
import { describeError } from '#server/errors.ts';
import { spent } from '#tests/support/drift.ts';
import { startTestOpenRouter, TEST_API_KEY, TEST_MANAGEMENT_KEY, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { getApi } from '#tests/support/openrouter-wire.ts';

const NOW = new Date('2026-11-25T12:00:00.000Z');
let openRouter: TestOpenRouter;
beforeEach(async () => {
  openRouter = await startTestOpenRouter({ clock: { now: () => NOW } });
});
afterEach(() => openRouter.close());

/** Our client with a management key, and what it told of its calls. */
function connect(options: Partial<LlmClientOptions> = {}) {
  const events: LlmRequestEvent[] = [];
  const { listActivity } = openRouter.client({ managementKey: TEST_MANAGEMENT_KEY, onRequest: (event) => events.push(event), ...options });
  return { events, list: async (date?: string) => (await listActivity?.(date)) ?? null };
}

describe('GET /activity', () => {
  test.each(['/activity', '/credits'])('%s is refused to strangers, to revoked keys and to inference keys, in the words of OpenRouter', async (path) => {
    expect((await getApi(openRouter, path, null)).status).toBe(401);
    expect((await getApi(openRouter, path, 'sk-or-v1-revoked')).status).toBe(401);
    const refused = await getApi(openRouter, path, TEST_API_KEY);
    expect([refused.status, await refused.json()]).toEqual([403, { error: { code: 403, message: 'Only management keys can perform this operation' } }]);
  });

  test('sums the last thirty completed UTC days by day, model and endpoint, the newest first, and never the running one', async () => {
    await openRouter.importEntries([
      spent('2026-11-25T00:00:00.000Z', '9'),
      spent('2026-11-24T23:59:59.999Z', '0.1', { provider: 'Google', promptTokens: 7, completionTokens: 3 }),
      spent('2026-11-24T00:00:00.000Z', '0.2', { provider: 'Google', promptTokens: 1, completionTokens: 2 }),
      spent('2026-11-24T05:00:00.000Z', '0.4', { provider: 'Vertex', isByok: true }),
      spent('2026-11-24T05:00:00.000Z', '0', { outcome: 'not_billed', httpStatus: 503 }),
      spent('2026-10-26T00:00:00.000Z', '0.5', { model: 'openai/gpt-4o' }),
      spent('2026-10-25T23:59:59.999Z', '9'),
    ]);
    const rows = (await connect().list()) ?? [];
    const model = 'google/gemini-2.5-flash';
    expect(rows).toEqual([
      { date: '2026-11-24', model, permanentModel: model, usageUsd: '0.3', byokUsd: '0', requestCount: 2, promptTokens: 8, completionTokens: 5 },
      { date: '2026-11-24', model, permanentModel: model, usageUsd: '0', byokUsd: '0.4', requestCount: 1, promptTokens: 0, completionTokens: 0 },
      expect.objectContaining({ date: '2026-10-26', model: 'openai/gpt-4o', usageUsd: '0.5' }),
    ]);
    expect(await connect().list('2026-10-26')).toEqual(rows.slice(2));
    expect(await connect().list('2026-11-01')).toEqual([]);
  });

  test.each(['2026-11-25', '2026-10-25', 'yesterday', '2026-11-24&date=2026-11-23'])('refuses the day %s', async (date) => {
    expect((await getApi(openRouter, `/activity?date=${date}`, TEST_MANAGEMENT_KEY)).status).toBe(400);
  });

  test('adds floats exactly: a thousand small amounts are their sum', async () => {
    await openRouter.importEntries(Array.from({ length: 1_000 }, () => spent('2026-11-24T05:00:00.000Z', '0.000000123457')));
    expect(await connect().list()).toMatchObject([{ usageUsd: '0.000123457', requestCount: 1_000 }]);
  });
});

describe('listActivity', () => {
  test('is not there without a management key', async () => expect(openRouter.client().listActivity).toBeNull());

  test('tells of every call, failed ones included, and rejects in words', async () => {
    const { list, events } = connect();
    for (const [mode, code] of [['401', 'unauthenticated'], ['403', 'unauthenticated'], ['429', 'unavailable'], ['503', 'unavailable'], ['html200', 'unavailable']] as const) {
      await openRouter.addFault({ mode, target: 'activity' });
      await expect(list()).rejects.toMatchObject({ code });
    }
    await list();
    expect(events.map(({ endpoint, outcome }) => `${endpoint} ${outcome}`)).toEqual(
      ['unauthorized', 'forbidden', 'rate_limited', 'provider_error', 'invalid_response', 'ok'].map((outcome) => `activity ${outcome}`),
    );
  });

  test('gives up on an answer that does not come', async () => {
    await openRouter.addFault({ mode: 'hang_before_headers', target: 'activity' });
    const { list, events } = connect({ timeoutMs: 150 });
    await expect(list()).rejects.toMatchObject({ code: 'unavailable', message: 'OpenRouter does not tell its activity now.' });
    expect(events).toMatchObject([{ endpoint: 'activity', outcome: 'timeout' }]);
  });

  test('is refused with a key that is none of management, which its error does not show', async () => {
    const error: unknown = await connect({ managementKey: TEST_API_KEY }).list().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unauthenticated', message: 'OpenRouter refuses the management key.' });
    expect(describeError(error)).not.toContain(TEST_API_KEY);
  });
});
