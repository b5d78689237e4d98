import Big from 'big.js';
import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aiUsage } from '#db/schema/ai-usage.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createGaugeRefresher, type GaugeReadings } from '#server/metrics/gauge-refresher.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { MODEL, renderSamples, sampleMetrics } from '../unit/metrics/sample-metrics.ts';

const NO_DEPTH = { pending: 0, active: 0, failed: 0, completed: 0 };

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('the cost counter', () => {
  it('agrees with the sum that Postgres makes of the ledger, to the last of 12 decimal places', async () => {
    const { db } = database.handle;
    const metrics = sampleMetrics();
    const costs = Array.from({ length: 500 }, (_, index) => new Big(index + 1).pow(4).times('0.000000000007').toFixed(12));
    const startedAt = new Date();
    await db.insert(aiUsage).values(
      costs.map((costUsd) => ({ requestId: uuidv7(), operation: 'tarot_card', plan: 'free' as const, model: MODEL, status: 'settled' as const, costUsd, costSource: 'billed' as const, startedAt })),
    );
    for (const costUsd of costs) {
      metrics.ai.recordGeneration({ operation: 'tarot_card', model: MODEL, status: 'settled', durationMs: 1, usage: null, costUsd, costSource: 'billed' });
    }
    const [ledger] = await db.select({ costUsd: sql<string>`sum(${aiUsage.costUsd})` }).from(aiUsage);
    const shown = (await renderSamples(metrics)).get(`adtrobot_ai_cost_dollars_total{operation="tarot_card",model="${MODEL}"}`);
    expect(metrics.ai.costUsd('tarot_card', MODEL)).toBe(ledger?.costUsd);
    expect(new Big(shown ?? 'absent').toFixed(12)).toBe(ledger?.costUsd);
  });
});

describe('a scrape', () => {
  it('asks the database nothing: it works the same when Postgres is gone', async () => {
    const own = await createTestDatabase();
    const metrics = sampleMetrics();
    const read = async (): Promise<GaugeReadings> => {
      const [row] = await own.handle.sql<{ count: number }[]>`select count(*)::int as count from inbox`;
      return {
        activeUsers: { '24h': 0, '7d': 0, '30d': 0 },
        pendingUpdateCount: row?.count ?? -1,
        unsettled: { reservedCount: 0, unknownCount: 0, oldestStartedAt: null },
        ledgerDriftUsd: null,
        budgetRatios: [],
        queueDepths: { inbox: NO_DEPTH, deliver_alerts: NO_DEPTH },
      };
    };
    const clock = { now: () => new Date() };
    const refresher = createGaugeRefresher({ metrics, read, intervalMs: 60_000, clock, logger: createLogger('silent') });
    refresher.start();
    await refresher.stop();
    await own.drop();
    const samples = await renderSamples(metrics);
    expect(samples.get('adtrobot_telegram_pending_updates')).toBe('0');
    expect(Number(samples.get('adtrobot_refresh_timestamp_seconds{gauge="telegram_pending_updates"}'))).toBeGreaterThan(1_700_000_000);
  });
});
