import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { FAULT_STATUSES } from '#server/sandbox/openrouter/fault-queue.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { chatBody, getApi, postChat } from '#tests/support/openrouter-wire.ts';

const NOW = new Date('2026-11-25T12:00:00.000Z');
let openRouter: TestOpenRouter;
beforeAll(async () => {
  openRouter = await startTestOpenRouter({ clock: fixedClock(NOW) });
});
afterEach(() => openRouter.clearFaults());
afterAll(() => openRouter.close());

const chat = (stream = false) => postChat(openRouter, chatBody({ stream, user: 'tag' }));
const lastEntry = async () => (await openRouter.journal()).entries.at(-1);
const control = (path: string, init?: RequestInit) => fetch(`${openRouter.controlUrl}${path}`, { ...init, headers: { 'content-type': 'application/json' } });

describe('a scripted status', () => {
  test.each(FAULT_STATUSES)('%s comes as JSON with its code, streamed or not, and is journalled as unbilled', async (mode) => {
    for (const stream of [false, true]) {
      await openRouter.addFault({ mode });
      const response = await chat(stream);
      expect([response.status, response.headers.get('content-type')]).toEqual([Number(mode), 'application/json; charset=utf-8']);
      expect(await response.json()).toMatchObject({ error: { code: Number(mode), message: expect.stringMatching(/./) } });
      expect(await lastEntry()).toMatchObject({ httpStatus: Number(mode), outcome: 'not_billed', costUsd: '0', generationId: null, externalUser: 'tag' });
    }
  });

  test('says when to come back only where it was told to, and shows limits only with 429', async () => {
    await openRouter.addFault({ mode: '429' });
    await openRouter.addFault({ mode: '503', retryAfterSeconds: 2.5 });
    const limited = (await chat()).headers;
    expect([limited.get('retry-after'), limited.get('x-ratelimit-remaining')]).toEqual([null, '0']);
    expect(Number(limited.get('x-ratelimit-reset'))).toBe(NOW.getTime() + 60_000);
    const overloaded = (await chat()).headers;
    expect([overloaded.get('retry-after'), overloaded.get('x-ratelimit-reset')]).toEqual(['2.5', null]);
  });

  test.each([
    ['html200', 200],
    ['html502', 502],
  ] as const)('of the network edge, %s, is a page and no JSON', async (mode, status) => {
    await openRouter.addFault({ mode });
    const response = await chat();
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
    expect(await lastEntry()).toMatchObject({ httpStatus: status, outcome: 'not_billed' });
  });

  test('is none where the connection breaks or hangs before it, and the journal says 0', async () => {
    await openRouter.addFault({ mode: 'destroy_before_headers' });
    await expect(chat()).rejects.toThrow('fetch failed');
    expect(await lastEntry()).toMatchObject({ httpStatus: 0, outcome: 'not_billed' });
    await openRouter.addFault({ mode: 'hang_before_headers' });
    await expect(postChat(openRouter, chatBody(), AbortSignal.timeout(200))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await lastEntry()).toMatchObject({ httpStatus: 0, outcome: 'not_billed' });
  });
});

describe('the target of a fault', () => {
  const ways = {
    completion: ['chat'],
    key: ['/key', '/auth/key'],
    models: ['/models', '/models/count'],
    generation: ['/generation?id=gen-unknown'],
  } as const;
  const call = (way: string) => (way === 'chat' ? chat() : getApi(openRouter, way));

  test.each(['completion', 'key', 'models', 'generation'] as const)('%s meets it at each of its paths, and nobody else does', async (target) => {
    await openRouter.addFault({ mode: '529', target, times: 2 * ways[target].length });
    for (const [other, paths] of Object.entries(ways)) {
      for (const path of paths) expect((await call(path)).status === 529, `${path} under a fault of ${target}`).toBe(other === target);
    }
    for (const path of ways[target]) expect((await call(path)).status).toBe(529);
    for (const path of ways[target]) expect((await call(path)).status).not.toBe(529);
  });

  test('meets its own in their order, whatever was scripted for others in between', async () => {
    await openRouter.addFault({ mode: '500', target: 'key' });
    await openRouter.addFault({ mode: '404', target: 'models' });
    await openRouter.addFault({ mode: '403', target: 'key' });
    expect((await getApi(openRouter, '/models/count')).status).toBe(404);
    expect([(await getApi(openRouter, '/key')).status, (await getApi(openRouter, '/key')).status]).toEqual([500, 403]);
  });

  test('meets it exactly as often as it says when many call at the same time', async () => {
    await openRouter.addFault({ mode: '503', times: 7 });
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await chat()).status));
    expect(statuses.filter((status) => status === 503)).toHaveLength(7);
  });

  test.each(['completion', 'models'] as const)('%s waits as long as the fault says before anything is sent', async (target) => {
    await openRouter.addFault({ mode: '500', target, delayMs: 120 });
    const startedAt = performance.now();
    expect((target === 'models' ? await getApi(openRouter, '/models') : await chat()).status).toBe(500);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });
});

describe('the control API', () => {
  test.each(['after=-1', 'after=1.5', 'after=x', 'after=1&after=2'])('refuses to list the journal with %s', async (query) => {
    expect((await control(`/journal?${query}`)).status).toBe(400);
  });

  test('lists nothing after the end of the journal', async () => {
    await (await chat()).text();
    const { totalUsd, entries } = await openRouter.journal();
    expect(await (await control(`/journal?after=${entries.length + 10}`)).json()).toEqual({ entries: [], totalUsd });
  });

  test.each([
    ['/journal', '{"entries":['],
    ['/journal', '{}'],
    ['/journal', '{"entries":[],"extra":1}'],
    ['/journal', '{"entries":[{"sequence":1,"at":"2026-01-02T03:04:05.000Z","generationId":null,"model":"a/b","costUsd":"1"}]}'],
    ['/journal', '{"entries":[{"at":"yesterday","generationId":null,"model":"a/b","costUsd":"1"}]}'],
    ['/journal', '{"entries":[{"at":"2026-01-02T03:04:05.000Z","generationId":"chatcmpl-1","model":"a/b","costUsd":"1"}]}'],
    ['/faults', '{"mode":"500"'],
    ['/faults', '{"mode":"500","times":1000001}'],
    ['/faults', '{"mode":"500","delayMs":3600001}'],
    ['/faults', '{"mode":"500","retryAfterSeconds":-1}'],
    ['/faults', '{"mode":"slow","target":"models"}'],
  ])('refuses at %s the body %s and changes nothing', async (path, body) => {
    const before = await openRouter.journal();
    const response = await control(path, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([400, { error: expect.anything() }]);
    expect(await openRouter.journal()).toEqual(before);
    expect(await (await control('/faults')).json()).toEqual({ faults: [] });
  });

  test('says how many entries of a past it took, and takes an empty one', async () => {
    const { totalUsd } = await openRouter.journal();
    const taken = await control('/journal', { method: 'POST', body: '{"entries":[]}' });
    expect([taken.status, await taken.json()]).toEqual([201, { count: 0, totalUsd }]);
  });
});
