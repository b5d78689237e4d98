import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { auditLog, driftChecks } from '#db/schema/index.ts';
import { loadConfig } from '#server/config.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import { measureOnDemand } from '#server/services/drift/measure-on-demand.ts';
import { readGauges } from '#server/services/reports/read-gauges.ts';
import { createCaller } from '#server/trpc/router.ts';
import { spent, startDriftRig, type DriftRig } from '#tests/support/drift.ts';

const NOW = '2026-11-25T12:00:00.000Z';
const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000);
let rig: DriftRig;
beforeEach(async () => {
  rig = await startDriftRig(NOW);
});
afterEach(() => rig.close());

const apiOf = (deps: DriftRig['deps'] = rig.deps) =>
  createCaller({
    session: { adminId: 7, email: 'operator@example.org', role: 'operator' },
    reports: { ...deps, reportingTimeZone: 'Europe/Moscow' },
    models: loadConfig({}).models,
    health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
    drift: deps.source,
    parity: null,
    sandboxChat: null,
  });

test('an operator’s measurement is kept, told, shown and audited', async () => {
  await rig.openRouter.importEntries([spent('2026-11-25T01:00:00.000Z', '0.5')]);
  const api = apiOf();
  await api.drift.measure();
  expect(await api.drift.get()).toMatchObject({ isConfigured: true, timeZone: 'Europe/Moscow', latest: { checkedAt: NOW, comparisons: [{ period: 'day', differenceUsd: '0.500000000000' }, {}, {}] } });
  expect(rig.told).toEqual(['0.5']);
  expect(await rig.database.handle.db.select().from(auditLog)).toMatchObject([{ adminId: 7, action: 'drift.measure', subject: 'drift', at: new Date(NOW) }]);
});

test('a second one within ten seconds is refused in words, and from then on allowed', async () => {
  const api = apiOf();
  await api.drift.measure();
  for (const seconds of [0, 9.999]) {
    rig.setTime(later(seconds));
    await expect(api.drift.measure()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', message: 'Measured a moment ago. Try again in ten seconds.' });
  }
  rig.setTime(later(10));
  await api.drift.measure();
  expect(await rig.database.handle.db.$count(auditLog)).toBe(2);
});

test('of many that ask at once, through two pools, one measures', async () => {
  const other = openDatabase({ url: rig.database.url });
  try {
    const replicas = [rig.deps, { ...rig.deps, db: other.db }];
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => measureOnDemand(replicas[index % 2] ?? rig.deps, index)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'too_many_requests' });
    expect(await rig.database.handle.db.$count(driftChecks)).toBe(3);
  } finally {
    await other.close();
  }
});

test('a refused key is our trouble: the visitor stays logged in and reads why', async () => {
  const api = apiOf(rig.withClient({ apiKey: 'sk-or-v1-revoked-1' }));
  await expect(api.drift.measure()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'OpenRouter refuses the key.' });
  expect(await api.drift.get()).toMatchObject({ latest: null, history: [] });
});

test('asking an OpenRouter that is away counts as asking, so that nobody hammers it', async () => {
  await rig.openRouter.addFault({ mode: '503', target: 'key' });
  const api = apiOf();
  await expect(api.drift.measure()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await expect(api.drift.measure()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
});

test('every process reads the last difference of the day for its gauge, and none before there is one', async () => {
  const gauge = async () => (await readGauges({ ...rig.deps, reportingTimeZone: 'UTC' })).ledgerDriftUsd;
  expect(await gauge()).toBeNull();
  await rig.openRouter.importEntries([spent('2026-11-25T01:00:00.000Z', '0.5'), spent('2026-11-24T01:00:00.000Z', '2')]);
  await apiOf().drift.measure();
  expect(await gauge()).toBe('0.500000000000');
  await rig.openRouter.importEntries([spent('2026-11-25T02:00:00.000Z', '0.000000000001')]);
  rig.setTime(later(60));
  await apiOf().drift.measure();
  expect(await gauge()).toBe('0.500000000001');
});
