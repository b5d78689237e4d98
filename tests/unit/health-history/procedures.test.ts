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
const WINDOW = { startsAt: '2026-11-21T00:00:00Z', endsAt: '2026-11-21T02:00:00+01:00', checks: ['database' as const], reason: 'a new host' };
const MUTATIONS = [
  ['incidents.acknowledge', (api: Api) => api.incidents.acknowledge({ incidentId: 1, note: 'seen' })],
  ['maintenance.create', (api: Api) => api.maintenance.create(WINDOW)],
  ['maintenance.end', (api: Api) => api.maintenance.end({ windowId: 1 })],
  ['maintenance.delete', (api: Api) => api.maintenance.delete({ windowId: 1 })],
] as const;
const QUERIES = [
  ['healthHistory.get', (api: Api) => api.healthHistory.get({})],
  ['incidents.list', (api: Api) => api.incidents.list({})],
  ['maintenance.list', (api: Api) => api.maintenance.list({})],
] as const;

test.each(MUTATIONS)('a viewer may not call %s, and the database is never asked', async (_name, call) => {
  await expect(call(as('viewer'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test.each([...MUTATIONS, ...QUERIES])('nobody without a session may call %s', async (_name, call) => {
  await expect(call(apiOf(null))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test.each(MUTATIONS)('an operator and an owner may call %s: they get as far as the database', async (_name, call) => {
  for (const role of ['operator', 'owner'] as const) await expect(call(as(role))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test.each(QUERIES)('everybody with a session may call %s: they get as far as the database', async (_name, call) => {
  for (const role of ['viewer', 'operator', 'owner'] as const) await expect(call(as(role))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test.each([
  ['a range that ends before it starts', (api: Api) => api.healthHistory.get({ from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' }), 'from', /must be earlier than to/],
  ['a range without an end', (api: Api) => api.healthHistory.get({ from: '2026-02-02T00:00:00Z' }), 'to', /is missing/],
  ['incidents of a range that is too long', (api: Api) => api.incidents.list({ from: '2025-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z' }), 'to', /at most 400 days/],
  ['too many incidents', (api: Api) => api.incidents.list({ limit: 101 }), 'limit', /<=100/],
  ['a cursor that is none', (api: Api) => api.incidents.list({ cursor: 'a b' }), 'cursor', /is not one that this list gave out/],
  ['an incident that is none', (api: Api) => api.incidents.acknowledge({ incidentId: 1.5, note: 'seen' }), 'incidentId', /must be the id of an incident/],
  ['no note', (api: Api) => api.incidents.acknowledge({ incidentId: 1, note: '  ' }), 'note', /is missing/],
  ['a note with a NUL byte', (api: Api) => api.incidents.acknowledge({ incidentId: 1, note: 'a\u0000' }), 'note', /must be plain text/],
  ['a note that is too long', (api: Api) => api.incidents.acknowledge({ incidentId: 1, note: 'x'.repeat(501) }), 'note', /at most 500 characters/],
  ['a window that ends before it starts', (api: Api) => api.maintenance.create({ ...WINDOW, endsAt: '2026-11-21T01:00:00+01:00' }), 'endsAt', /must be later than startsAt/],
  ['a window of more than 30 days', (api: Api) => api.maintenance.create({ ...WINDOW, endsAt: '2026-12-21T00:00:01Z' }), 'endsAt', /must be at most 30 days after startsAt/],
  ['a window in no century of ours', (api: Api) => api.maintenance.create({ ...WINDOW, startsAt: '0026-11-21T00:00:00Z', endsAt: '0026-11-22T00:00:00Z' }), 'startsAt', /between the years/],
  ['a window that begins some day', (api: Api) => api.maintenance.create({ ...WINDOW, startsAt: 'tomorrow' }), 'startsAt', /must be an instant/],
  ['a window of a check twice', (api: Api) => api.maintenance.create({ ...WINDOW, checks: ['database', 'database'] }), 'checks', /must not hold the same check twice/],
  ['a window without a reason', (api: Api) => api.maintenance.create({ ...WINDOW, reason: '' }), 'reason', /is missing/],
  ['a window that is none', (api: Api) => api.maintenance.end({ windowId: 0 }), 'windowId', /must be the id of a maintenance window/],
])('bad input is refused in words before the database is asked: %s', async (_name, call, path, words) => {
  const issue = expect.objectContaining({ path: [path], message: expect.stringMatching(words) });
  await expect(call(as('owner'))).rejects.toMatchObject({ code: 'BAD_REQUEST', cause: { issues: expect.arrayContaining([issue]) } });
});

test('a check that is none is refused with those that are, and a window that would be over with why', async () => {
  const unknown: unknown = 'fax';
  await expect(Reflect.apply(as('owner').maintenance.create, null, [{ ...WINDOW, checks: [unknown] }])).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringMatching(/database.*telegram/s) });
  const past = { ...WINDOW, startsAt: '2026-11-19T00:00:00Z', endsAt: '2026-11-20T12:00:00Z' };
  await expect(as('owner').maintenance.create(past)).rejects.toMatchObject({ code: 'BAD_REQUEST', message: 'endsAt must lie in the future' });
});
