import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { createInboxWorker } from '#server/bot/worker.ts';
import { createScheduler } from '#server/jobs/scheduler.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createGaugeRefresher } from '#server/metrics/gauge-refresher.ts';
import { sampleMetrics } from '../metrics/sample-metrics.ts';

/*
 * Liveness follows the rounds of these loops: none of them may stop coming round because something outside is away.
 */
const logger = createLogger('silent');
const away = () => Promise.reject(new Error('away'));

test('the inbox worker comes round while the database is away, and says nothing before it knows who the bot is', async () => {
  const { db, close } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
  let rounds = 0;
  let isTelegramAway = true;
  const worker = createInboxWorker({
    db,
    clock: systemClock,
    logger,
    handler: { prepare: () => (isTelegramAway ? away() : Promise.resolve()), handle: away, giveUp: away },
    onUpdateHandled: () => undefined,
    onRound: () => void (rounds += 1),
    options: { pollIntervalMs: 20, prepareRetryMs: 20 },
  });
  worker.start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(rounds).toBe(0);
  isTelegramAway = false;
  await expect.poll(() => rounds, { timeout: 5_000 }).toBeGreaterThan(5);
  await worker.stop();
  await close();
});

test('the scheduler wakes its schedules while the database is away', async () => {
  let wakes = 0;
  const schedules = [{ name: 'refresh_prices', cron: '* * * * *', intervalSeconds: 60, run: away }];
  const scheduler = createScheduler({ schedules, clock: systemClock, logger, claim: away, finish: away, onWake: () => void (wakes += 1), onRun: () => undefined });
  scheduler.start();
  expect(wakes).toBe(1);
  await scheduler.stop();
});

test('the gauges are read again after a reading that failed', async () => {
  let rounds = 0;
  const gauges = createGaugeRefresher({ metrics: sampleMetrics(), read: away, intervalMs: 5, onRound: () => void (rounds += 1), clock: systemClock, logger });
  gauges.start();
  await expect.poll(() => rounds).toBeGreaterThan(3);
  await gauges.stop();
});
