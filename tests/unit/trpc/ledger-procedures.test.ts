import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createCaller } from '#server/trpc/router.ts';

/** Nobody listens there: an input that is not refused before the database is asked fails in another way. */
const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });

const api = createCaller({
  session: { adminId: 1, email: 'viewer@example.org', role: 'viewer' },
  reports: { db, clock: { now: () => new Date('2026-11-20T12:00:00Z') }, reportingTimeZone: 'UTC' },
  models: loadConfig({}).models,
  health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
  drift: null,
  parity: null,
  sandboxChat: null,
});

const crossed = { from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const cursor = Buffer.from('2026-11-20 nobody').toString('base64url');

test.each([
  ['generations.list, a range that ends before it starts', () => api.generations.list(crossed)],
  ['overview.get, more buckets than a chart can hold', () => api.overview.get({ range: '30d', bucket: '5min' })],
  ['waste.get, a comparison that there is not', () => Reflect.apply(api.waste.get, undefined, [{ compare: 'best' }])],
  ['generations.list, too many rows', () => api.generations.list({ limit: 101 })],
  ['generations.list, bounds that cross', () => api.generations.list({ minUsd: '2', maxUsd: '1' })],
  ['generations.list, a user below one', () => api.generations.list({ user: -1 })],
  ['generations.list, a cursor that it never gave', () => api.generations.list({ cursor })],
  ['generations.get, an id that is none', () => api.generations.get({ requestId: `'; drop table ai_usage; --` })],
  ['waste.get, a range that ends before it starts', () => api.waste.get(crossed)],
  ['prices.list, a range that ends before it starts', () => api.prices.list(crossed)],
  ['errors.get, a handler that there is not', () => Reflect.apply(api.errors.get, undefined, [{ handler: 'nap' }])],
  ['errors.get, a range that ends before it starts', () => api.errors.get(crossed)],
  ['jobs.get, a name that there is not', () => Reflect.apply(api.jobs.get, undefined, [{ name: 'other' }])],
  ['jobs.get, more buckets than a chart can hold', () => api.jobs.get({ range: '30d', bucket: '5min' })],
  ['prices.history, a model without a vendor', () => api.prices.history({ model: 'gemini' })],
  ['prices.history, a model with a NUL byte', () => api.prices.history({ model: 'google/gemini\u0000' })],
])('bad input is refused before the database is asked: %s', async (_name, call) => {
  await expect(call()).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
