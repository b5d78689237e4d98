import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createCaller } from '#server/trpc/router.ts';

/** Nobody listens there: a call that is not refused before the database is asked fails in another way. */
const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });

function apiOf(session: SessionInfo | null) {
  return createCaller({
    session,
    reports: { db, clock: { now: () => new Date('2026-11-20T12:00:00Z') }, reportingTimeZone: 'UTC' },
    models: loadConfig({}).models,
    health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
    drift: null,
    parity: null,
    sandboxChat: null,
  });
}

type Api = ReturnType<typeof apiOf>;
const as = (role: SessionInfo['role']) => apiOf({ adminId: 1, email: `${role}@example.org`, role });
const STEPS = [{ percent: 100, action: 'stop' as const }];
const CREATE = { name: 'x', period: 'day', scope: 'all', limitUsd: '1', steps: STEPS } as const;
const MUTATIONS = [
  ['create', (api: Api) => api.budgets.create(CREATE)],
  ['update', (api: Api) => api.budgets.update({ budgetId: 1, name: 'x', limitUsd: '1', steps: STEPS })],
  ['archive', (api: Api) => api.budgets.archive({ budgetId: 1 })],
  ['lift', (api: Api) => api.budgets.lift({ eventId: 1 })],
] as const;
const QUERIES = [
  ['list', (api: Api) => api.budgets.list()],
  ['get', (api: Api) => api.budgets.get({ budgetId: 1 })],
  ['events', (api: Api) => api.budgets.events({})],
  ['banners', (api: Api) => api.budgets.banners()],
] as const;

test.each(MUTATIONS)('a viewer may not %s, and the database is never asked', async (_name, call) => {
  await expect(call(as('viewer'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test.each([...MUTATIONS, ...QUERIES])('nobody without a session may %s', async (_name, call) => {
  await expect(call(apiOf(null))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test.each(MUTATIONS)('an operator and an owner may %s: they get as far as the database', async (_name, call) => {
  for (const role of ['operator', 'owner'] as const) await expect(call(as(role))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test.each([
  ['create, an operation that is none', (api: Api) => api.budgets.create({ ...CREATE, scope: 'operation', scopeValue: 'nap' }), 'scopeValue', /must be one of horoscope/],
  ['create, a limit of nothing', (api: Api) => api.budgets.create({ ...CREATE, limitUsd: '0' }), 'limitUsd', /must be more than 0/],
  ['update, no steps', (api: Api) => api.budgets.update({ budgetId: 1, name: 'x', limitUsd: '1', steps: [] }), 'steps', /must be at least one/],
  ['archive, an id that is none', (api: Api) => api.budgets.archive({ budgetId: 1.5 }), 'budgetId', /must be the id of a budget/],
  ['lift, an id that is none', (api: Api) => api.budgets.lift({ eventId: Number.NaN }), 'eventId', /must be the id of an event/],
  ['events, too many', (api: Api) => api.budgets.events({ limit: 101 }), 'limit', /<=100/],
])('bad input is refused in words before the database is asked: %s', async (_name, call, path, words) => {
  const issue = expect.objectContaining({ path: [path], message: expect.stringMatching(words) });
  await expect(call(as('owner'))).rejects.toMatchObject({ code: 'BAD_REQUEST', cause: { issues: [issue] } });
});
