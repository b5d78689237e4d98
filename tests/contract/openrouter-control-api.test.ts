import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestOpenRouter, TEST_API_KEY, buildLlmRequest, type TestOpenRouter } from '#tests/support/openrouter.ts';

let openRouter: TestOpenRouter;
beforeAll(async () => {
  openRouter = await startTestOpenRouter();
});
afterAll(() => openRouter.close());

const post = (path: string, body: unknown) =>
  fetch(`${openRouter.controlUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('the control API', () => {
  it('lays down a past that the key and the lookup then know of', async () => {
    const past = {
      at: '2026-01-02T03:04:05.000Z',
      generationId: 'gen-past',
      model: 'openai/gpt-4o',
      promptTokens: 10,
      completionTokens: 20,
      costUsd: '1.25',
    };
    await openRouter.importEntries([past, { ...past, generationId: 'gen-past-2', costUsd: '0.000000000001' }]);
    expect(await openRouter.journal()).toMatchObject({
      totalUsd: '1.250000000001',
      entries: [{ sequence: 1, ...past, outcome: 'billed' }, { sequence: 2 }],
    });
    const headers = { authorization: `Bearer ${TEST_API_KEY}` };
    expect(await (await fetch(`${openRouter.url}/key`, { headers })).json()).toMatchObject({
      data: { usage: 1.250000000001, usage_daily: 0 },
    });
    expect(await (await fetch(`${openRouter.url}/generation?id=gen-past`, { headers })).json()).toMatchObject({
      data: { total_cost: 1.25, created_at: past.at },
    });
  });

  it('takes all entries or none', async () => {
    const before = (await openRouter.journal()).entries.length;
    const good = { at: '2026-01-02T03:04:05.000Z', generationId: 'gen-x', model: 'a/b', costUsd: '1' };
    expect((await post('/journal', { entries: [good, { ...good, costUsd: '-1' }] })).status).toBe(400);
    expect((await openRouter.journal()).entries).toHaveLength(before);
  });

  it('lets faults strike in their order, as often as they say, and forgets them when told', async () => {
    await openRouter.addFault({ mode: '500', times: 2 });
    await openRouter.addFault({ mode: '429' });
    await openRouter.addFault({ mode: '402', times: 9 });
    const client = openRouter.client();
    const ends: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const outcome = await client.generate(buildLlmRequest());
      ends.push(outcome.kind === 'failed' ? outcome.errorType : outcome.kind);
    }
    expect(ends).toEqual(['provider_error', 'provider_error', 'rate_limited', 'payment_required']);
    expect(await (await fetch(`${openRouter.controlUrl}/faults`)).json()).toMatchObject({ faults: [{ mode: '402', times: 9, left: 8 }] });
    await openRouter.clearFaults();
    expect((await client.generate(buildLlmRequest())).kind).toBe('answered');
  });

  it.each([{ mode: 'nonsense' }, {}, { mode: '500', times: 0 }, { mode: 'byok', target: 'key' }, { mode: '500', extra: 1 }])(
    'refuses the fault %j',
    async (fault) => {
      expect((await post('/faults', fault)).status).toBe(400);
    },
  );

  it('refuses everything once the limit of the key is used up', async () => {
    const poor = await startTestOpenRouter({ keyLimitUsd: '0.0000001' });
    expect((await poor.client().generate(buildLlmRequest())).kind).toBe('answered');
    expect(await poor.client().generate(buildLlmRequest())).toMatchObject({
      kind: 'failed',
      errorType: 'payment_required',
      wasBilled: 'no',
    });
    expect((await poor.client().getKey()).limitRemainingUsd).toBeLessThanOrEqual(0);
    await poor.close();
    await poor.close();
  });
});
