import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import type { Parity, ParityPort } from '#server/contracts/parity.ts';
import { PARITY_QUANTITIES } from '#server/contracts/vocabulary.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createCaller } from '#server/trpc/router.ts';

/** Nobody listens there: memory alone is read. */
const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
const compared: Parity = {
  comparedAt: '2026-11-20T12:00:00.000Z',
  differences: PARITY_QUANTITIES.map((quantity) => ({ quantity, counter: '0.000000000001', table: '3', difference: '-2' })),
};

function apiOf(session: SessionInfo | null, parity: ParityPort | null) {
  const clock = { now: () => new Date('2026-11-20T12:00:00Z') };
  const health = createHealthSampler({ checks: [], logger: createLogger('silent') });
  return createCaller({ session, reports: { db, clock, reportingTimeZone: 'UTC' }, models: loadConfig({}).models, health, drift: null, parity, sandboxChat: null });
}
const viewer: SessionInfo = { adminId: 1, email: 'viewer@example.org', role: 'viewer' };

test('who may look sees the last comparison as it was made', async () => {
  expect(await apiOf(viewer, { latest: () => compared }).parity.get()).toEqual(compared);
});

test('before the first comparison, and where none is made, there is none to see', async () => {
  expect(await apiOf(viewer, { latest: () => null }).parity.get()).toBeNull();
  expect(await apiOf(viewer, null).parity.get()).toBeNull();
});

test('nobody without a session sees it', async () => {
  await expect(apiOf(null, { latest: () => compared }).parity.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});
