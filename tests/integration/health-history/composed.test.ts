import { afterEach, beforeEach, expect, test } from 'vitest';
import { healthSamples } from '#db/schema/index.ts';
import { createHealth } from '#server/compose/create-health.ts';
import type { Parts } from '#server/compose/compose-input.ts';
import { startHealthHistory } from '#server/compose/record-health.ts';
import { Lifecycle } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';
import { systemClock } from '#server/lib/clock.ts';
import type { IncidentChange } from '#server/services/health/types.ts';
import { startHistoryRig, type HistoryProcess, type HistoryRig } from '#tests/support/health-history.ts';
import { sampleMetrics } from '../../unit/metrics/sample-metrics.ts';

const logger = createLogger('silent');

let rig: HistoryRig;
let process: HistoryProcess;
beforeEach(async () => {
  rig = await startHistoryRig();
  process = await rig.startProcess();
});
afterEach(() => rig.close());

/** The sampler and the history as the program joins them, over the link of a process. */
function start() {
  const lifecycle = new Lifecycle(logger);
  const told: IncidentChange[] = [];
  const store = { ...rig.database.handle, db: process.db, url: process.link.url, isOurs: false };
  const parts: Pick<Parts, 'store' | 'processId' | 'logger' | 'lifecycle'> = { store, processId: process.id, logger, lifecycle };
  const history = startHealthHistory(parts, systemClock, (change) => void told.push(change));
  const health = createHealth({ store, llm: null, telegram: null, schedules: [], metrics: sampleMetrics(), onSample: history.onSample, clock: systemClock, logger });
  health.start();
  lifecycle.add('health sampler', () => health.stop());
  return { lifecycle, health, told };
}

const counts = async () => Object.fromEntries((await rig.db.select().from(healthSamples)).filter(({ resolution }) => resolution === 'day').map((row) => [row.check, row.sampleCount]));

test('what the sampler finds is on record at the latest when the program stops; what is disabled measured nothing', async () => {
  const { lifecycle, health } = start();
  await expect.poll(() => health.report().checks.every(({ state }) => state !== null)).toBe(true);
  await lifecycle.stop();
  const found = await counts();
  expect(found['database']).toBeGreaterThanOrEqual(1);
  expect(found['scheduler']).toBe(1);
  expect(found['telegram'] ?? 0).toBe(0);
});

test('a Postgres that says nothing holds up the end of the program for a moment only', async () => {
  const { lifecycle, health } = start();
  await expect.poll(() => health.report().checks.every(({ state }) => state !== null)).toBe(true);
  process.link.set('frozen');
  const startedMs = performance.now();
  await lifecycle.stop();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
