import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHealth } from '#server/compose/create-health.ts';
import { createLedger } from '#server/compose/create-ledger.ts';
import type { HealthReport } from '#server/contracts/health.ts';
import type { HealthSampler } from '#server/health/sampler.ts';
import type { Schedule } from '#server/jobs/scheduler.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { createParts } from '#tests/support/parts.ts';
import { renderSamples, sampleMetrics } from '../../unit/metrics/sample-metrics.ts';

const logger = createLogger('silent');
const schedules: readonly Schedule[] = [{ name: 'refresh_prices', cron: '25 * * * *', intervalSeconds: 3_600, run: () => Promise.resolve() }];
const started: HealthSampler[] = [];

let database: TestDatabase;
let openRouter: TestOpenRouter;
beforeAll(async () => {
  [database, openRouter] = await Promise.all([createTestDatabase(), startTestOpenRouter()]);
});
afterAll(async () => {
  started.forEach((health) => health.stop());
  await openRouter.close();
  await database.drop();
});

type Deps = Parameters<typeof createHealth>[0];

/** Starts the checks of the program and waits until each has looked once. */
async function sample(overrides: Partial<Deps> = {}): Promise<{ report: HealthReport; health: HealthSampler; metrics: Deps['metrics'] }> {
  const metrics = sampleMetrics();
  const health = createHealth({ store: database.handle, llm: null, telegram: null, schedules, metrics, clock: systemClock, logger, ...overrides });
  health.start();
  started.push(health);
  await expect.poll(() => health.report().checks.every(({ state }) => state !== null), { timeout: 10_000 }).toBe(true);
  return { report: health.report(), health, metrics };
}

const statesOf = ({ checks }: HealthReport) => Object.fromEntries(checks.map(({ check, state }) => [check, state]));

describe('the checks of the program', () => {
  it('are shown in one order; what is not configured is disabled, and the whole is healthy all the same', async () => {
    const { report, metrics } = await sample();
    expect(report.checks.map(({ check }) => check)).toEqual(['database', 'scheduler', 'openrouter', 'telegram']);
    expect(statesOf(report)).toEqual({ database: 'healthy', scheduler: 'healthy', openrouter: 'disabled', telegram: 'disabled' });
    expect(report.isHealthy).toBe(true);
    const samples = await renderSamples(metrics);
    expect([samples.get('adtrobot_health_check_status{check="database"}'), samples.get('adtrobot_health_check_status{check="telegram"}')]).toEqual(['1', '-1']);
  });

  it('ask OpenRouter with the key of the program, and say when that is refused, without its words', async () => {
    expect(statesOf((await sample({ llm: openRouter.client() })).report)['openrouter']).toBe('healthy');
    const { report } = await sample({ llm: openRouter.client({ apiKey: 'a-wrong-key' }) });
    expect(report.checks.find(({ check }) => check === 'openrouter')).toMatchObject({ state: 'unhealthy', message: 'OpenRouter refuses the key.' });
    expect(report.isHealthy).toBe(false);
  });

  it('never make it ready by themselves: the schema has to be current, and outages elsewhere do not count', async () => {
    const getMe = () => Promise.reject(new Error('bot123:SECRET is away'));
    const { report, health } = await sample({ telegram: { getMe, pollAgeMs: () => null } });
    expect([report.isHealthy, health.isReady()]).toEqual([false, false]);
    health.markSchemaCurrent();
    expect(health.isReady()).toBe(true);
    expect(JSON.stringify(report)).not.toContain('SECRET');
  });

  it('call a schedule late by the last success that any process has booked', async () => {
    const { db } = database.handle;
    let nowMs = Date.UTC(2026, 10, 20, 12);
    const clock = { now: () => new Date(nowMs) };
    const health = createHealth({ store: database.handle, llm: null, telegram: null, schedules, metrics: sampleMetrics(), clock, logger });
    started.push(health);
    nowMs += (2 * 3_600 + 61) * 1_000;
    health.start();
    await expect.poll(() => health.report().checks[1], { timeout: 10_000 }).toMatchObject({ state: 'unhealthy', message: 'Late: refresh_prices.' });
    const key = { schedule: 'refresh_prices', dueAt: clock.now() };
    await claimRun(db, key, clock.now());
    await finishRun(db, key, 'ok', clock.now());
    const { report } = await sample({ clock });
    expect(statesOf(report)['scheduler']).toBe('healthy');
  });

  it('say that Postgres does not answer when it is gone, for the scheduler too, and name no host', async () => {
    const gone = await createTestDatabase();
    await gone.drop();
    const { report } = await sample({ store: gone.handle });
    expect(statesOf(report)).toMatchObject({ database: 'unhealthy', scheduler: 'unhealthy' });
    expect(JSON.stringify(report)).not.toMatch(/127\.0\.0\.1|localhost|select|test_/);
  });
});

describe('the ledger of the program', () => {
  it('asks the models of the configuration, and counts in the metrics what becomes known later', async () => {
    const env = { AI_MODEL: 'a/b', AI_MODEL_NATAL_CHART: 'c/d', AI_FALLBACK_MODELS: 'e/f, g/h', AI_CHEAPER_MODEL: 'i/j' };
    const parts = createParts({ database, env, clients: { llm: openRouter.client() } });
    const { generations, lookups } = createLedger(parts, systemClock);
    expect(generations.models).toEqual({ horoscope: 'a/b', tarot_card: 'a/b', tarot_three_cards: 'a/b', natal_chart: 'c/d' });
    expect([generations.fallbackModels, generations.cheaperModel]).toEqual([['e/f', 'g/h'], 'i/j']);
    lookups.onCostResolved({ operation: 'natal_chart', model: 'c/d', deltaUsd: '0.25', deltaPromptTokens: 70, deltaCompletionTokens: 30 });
    expect((await renderSamples(parts.metrics)).get('adtrobot_ai_cost_dollars_total{operation="natal_chart",model="c/d"}')).toBe('0.25');
    expect(parts.metrics.ai.totals()).toEqual({ generations: 0, promptTokens: 70, completionTokens: 30, costUsd: '0.250000000000' });
    expect([generations.processId, lookups.processId]).toEqual([1, 1]);
  });
});
