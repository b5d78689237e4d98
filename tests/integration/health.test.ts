import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createHealthSampler, type HealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;
let sampler: HealthSampler;
let probes = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const probe = async () => {
    probes += 1;
    await database.handle.sql`select 1`;
  };
  sampler = createHealthSampler({ checks: [createDatabaseCheck({ probe, intervalMs: 100 })], logger: createLogger('silent') });
  sampler.markSchemaCurrent();
  sampler.start();
});
afterAll(async () => {
  sampler.stop();
  await database.drop();
});

describe('the health of a real Postgres', () => {
  it('is sampled in the background, however often it is asked for', async () => {
    await expect.poll(() => sampler.isReady(), { timeout: 5_000 }).toBe(true);
    const before = probes;
    for (let index = 0; index < 10_000; index += 1) {
      sampler.report();
      sampler.isReady();
    }
    expect(probes).toBe(before);
    expect(sampler.report()).toMatchObject({ isHealthy: true, checks: [{ check: 'database', state: 'healthy', message: 'Postgres answers.' }] });
  });

  it('turns bad when Postgres is gone, and names no host and no SQL', async () => {
    await database.drop();
    await expect.poll(() => sampler.report().isHealthy, { timeout: 10_000 }).toBe(false);
    expect(sampler.report().checks[0]).toMatchObject({ state: 'unhealthy', message: 'Postgres does not answer.' });
    await expect.poll(() => sampler.isReady(), { timeout: 10_000 }).toBe(false);
  });
});
