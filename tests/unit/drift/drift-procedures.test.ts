import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { loadConfig } from '#server/config.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import type { DriftSource } from '#server/services/drift/deps.ts';
import { createCaller } from '#server/trpc/router.ts';

/** Nobody listens there: a call that is not refused before the database is asked fails in another way. */
const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
const configured: DriftSource = { llm: createLlmClient({ baseUrl: 'http://127.0.0.1:1', apiKey: 'sk-or-v1-test-0123456789' }), onMeasured: () => undefined };

function apiOf(session: SessionInfo | null, drift: DriftSource | null = configured) {
  return createCaller({
    session,
    reports: { db, clock: { now: () => new Date('2026-11-20T12:00:00Z') }, reportingTimeZone: 'UTC' },
    models: loadConfig({}).models,
    health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
    drift,
    parity: null,
    sandboxChat: null,
  });
}
const as = (role: SessionInfo['role'], drift?: DriftSource | null) => apiOf({ adminId: 1, email: `${role}@example.org`, role }, drift);

test('a viewer may not have the drift measured, and the database is never asked', async () => {
  await expect(as('viewer').drift.measure()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('nobody without a session may see the drift or have it measured', async () => {
  await expect(apiOf(null).drift.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(apiOf(null).drift.measure()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('a viewer may see the drift, an operator and an owner may have it measured: they get as far as the database', async () => {
  await expect(as('viewer').drift.get()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  for (const role of ['operator', 'owner'] as const) await expect(as(role).drift.measure()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('without OpenRouter a measurement is refused in words before the database is asked', async () => {
  const refusal = { code: 'CONFLICT', message: 'OpenRouter is not configured, so there is nothing to compare with.' };
  await expect(as('owner', null).drift.measure()).rejects.toMatchObject(refusal);
});
